/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entities fork and leave behind: a subreaper inherits it, and sees to its end.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

int orphans_adopt(void);
void orphans_reap(bool (*is_ours)(void *data, pid_t pid), void *data);
void orphans_kill(void);
void orphans_end(void);
