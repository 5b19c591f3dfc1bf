/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/stdio.h - printing, under its rtl names */
#ifndef RTL_STDIO_H_
#define RTL_STDIO_H_

#include <rtl/stddef.h>
#include <stdio.h>

#define rtl_printf printf
#define rtl_snprintf snprintf
#define rtl_vsnprintf vsnprintf

#endif
