/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/thread/thread_api.h - time as threads see it
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4. Threads themselves are those of <pthread.h>.
 */
#ifndef CORESRV_THREAD_THREAD_API_H_
#define CORESRV_THREAD_THREAD_API_H_

#include <coresrv/time/timeout.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Number of a thread. */
typedef rtl_uint32_t Tid;

/**
 * KnSleep() - let the calling thread rest
 * @milliseconds: at least so long; 0 returns at once, INFINITE_TIMEOUT never does
 *
 * Signals do not shorten it. Needs no broker.
 *
 * Context: any thread; blocks.
 * Return:  rcOk.
 */
Retcode KnSleep(rtl_uint32_t milliseconds);

/**
 * KnGetMSecSinceStart() - a clock that only goes forward
 *
 * Context: any thread; needs no broker.
 * Return:  milliseconds since the system started, the same in all processes; time in which the
 * system was suspended does not count.
 */
rtl_uint64_t KnGetMSecSinceStart(void);

#ifdef __cplusplus
}
#endif

#endif
