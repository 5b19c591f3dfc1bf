/* SPDX-License-Identifier: Apache-2.0 */
#include "common/journal.h"

const char *ValveName(nk_uint8_t valve)
{
    return valve == 0 ? "left" : "right";
}
