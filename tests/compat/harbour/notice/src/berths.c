/* SPDX-License-Identifier: Apache-2.0 */
#include <harbour/Notice.idl.h>

/* berth_text() - of a library of the project's own */
const char *berth_text(nk_uint16_t berth)
{
    return berth == 1 ? "free until noon" : NK_NULL;
}
