/* SPDX-License-Identifier: Apache-2.0 */
/** nk/assert.h - assertions of the nk layer; the same as assert(). */
#ifndef NK_ASSERT_H_
#define NK_ASSERT_H_

#include <assert.h>

#define nk_assert(expression) assert(expression)

#endif
