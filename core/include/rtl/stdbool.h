/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/stdbool.h - the boolean type under its rtl name */
#ifndef RTL_STDBOOL_H_
#define RTL_STDBOOL_H_

#include <stdbool.h>

typedef bool rtl_bool;

#define rtl_true true
#define rtl_false false

#endif
