/* SPDX-License-Identifier: Apache-2.0 */
/* The client of the journal that programs share. */
#ifndef COMMON_JOURNAL_H
#define COMMON_JOURNAL_H

#include <coresrv/nk/transport-kos.h>

#ifdef __cplusplus
extern "C" {
#endif

int JournalOpen(const char *channel, const char *endpoint);
int JournalWrite(unsigned int id, const char *text);
const char *ValveName(nk_uint8_t valve);

#ifdef __cplusplus
}
#endif

#endif
