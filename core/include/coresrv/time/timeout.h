/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/time/timeout.h - how long to wait
 *
 * Timeouts are in milliseconds, from when the broker takes the request, on a clock that nobody
 * sets; 0 does not wait at all. The name is that of KasperskyOS CE; its number is ours.
 */
#ifndef CORESRV_TIME_TIMEOUT_H_
#define CORESRV_TIME_TIMEOUT_H_

#include <rtl/stdint.h>

/** Wait without end. */
#define INFINITE_TIMEOUT ((rtl_uint32_t)UINT32_MAX)

#endif
