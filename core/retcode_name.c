/* SPDX-License-Identifier: Apache-2.0 */
#include <rtl/retcode_hr.h>

#define RETCODE_CASE(name, value)                                                                  \
    case name:                                                                                     \
        return #name;

const char *rtl_retcode_name(Retcode rc)
{
    switch (rc) {
        RTL_RETCODES_(RETCODE_CASE)
    default:
        return "unknown";
    }
}
