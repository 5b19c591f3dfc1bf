/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rtl_cpp/retcode_hr.h - printing results for people, in C++
 *
 * RETCODE_HR_FMT and RETCODE_HR_PARAMS() are those of <rtl/retcode_hr.h>, and take a
 * kos::rtl::Result as well as a Retcode. Of CE 1.4 no more than the header's name is published.
 */
#ifndef RTL_CPP_RETCODE_HR_H_
#define RTL_CPP_RETCODE_HR_H_

#include <rtl/retcode_hr.h>
#include <rtl_cpp/retcode.h>

#endif
