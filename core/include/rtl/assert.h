/* SPDX-License-Identifier: Apache-2.0 */
/** rtl/assert.h - assertions; the same as assert() */
#ifndef RTL_ASSERT_H_
#define RTL_ASSERT_H_

#include <assert.h>

#define rtl_assert(expression) assert(expression)

#endif
