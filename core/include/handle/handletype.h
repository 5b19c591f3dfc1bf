/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handle/handletype.h - what names a capability inside one process
 *
 * A handle is an index into the capability space that the broker keeps for the process, with a
 * generation: the same number means nothing in another process, and a closed one never names
 * something else.
 */
#ifndef HANDLE_HANDLETYPE_H_
#define HANDLE_HANDLETYPE_H_

#include <stdint.h>

typedef uint32_t Handle;

/** Never names anything. 0 does not either. */
#define INVALID_HANDLE ((Handle)UINT32_MAX)

/** Types that a process may give to resources of its own; which one makes no difference. */
#define HANDLE_TYPE_USER_FIRST UINT32_C(0x00010000)
#define HANDLE_TYPE_USER_LAST UINT32_C(0x0001ffff)

#endif
