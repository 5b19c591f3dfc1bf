/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rtl/retcode_hr.h - printing results for people
 *
 *     printf("connect: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));   connect: rcTimeout (-19)
 */
#ifndef RTL_RETCODE_HR_H_
#define RTL_RETCODE_HR_H_

#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RETCODE_HR_FMT "%s (%d)"
#define RETCODE_HR_PARAMS(rc) rtl_retcode_name(rc), (int)(rc)

/**
 * rtl_retcode_name() - the name of a result, "rcTimeout"
 *
 * Context: any thread; does not block.
 * Return:  a constant; "unknown" for a number that is none of <rtl/retcode.h>.
 */
const char *rtl_retcode_name(Retcode rc);

#ifdef __cplusplus
}
#endif

#endif
