/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/countof.h - the number of elements of an array */
#ifndef RTL_COUNTOF_H_
#define RTL_COUNTOF_H_

#define rtl_countof(array) (sizeof(array) / sizeof((array)[0]))

#endif
