/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/semaphore.h - a counter that can be waited for
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_SEMAPHORE_H_
#define KOS_SEMAPHORE_H_

#include <coresrv/time/timeout.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>
#include <semaphore.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct KosSemaphore - set up by KosSemaphoreInit(); must stay where it is */
typedef struct KosSemaphore {
    sem_t semaphore_;
} KosSemaphore;

/**
 * KosSemaphoreInit() - make @semaphore one that is signalled @count times
 * @count: 0 to 2,147,483,647
 *
 * Return: rcOk; rcInvalidArgument: @count is out of range.
 */
Retcode KosSemaphoreInit(KosSemaphore *semaphore, unsigned count);

/** KosSemaphoreDeinit() - the end of @semaphore, for which nobody may wait. Return: rcOk. */
Retcode KosSemaphoreDeinit(KosSemaphore *semaphore);

/**
 * KosSemaphoreSignal() - count up, and let one of those that wait go on
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcQuotaExceeded: the count is 2,147,483,647.
 */
Retcode KosSemaphoreSignal(KosSemaphore *semaphore);

/**
 * KosSemaphoreWait() - wait until the count is not 0, and count down
 *
 * Context: any thread; blocks.
 * Return:  rcOk.
 */
Retcode KosSemaphoreWait(KosSemaphore *semaphore);

/**
 * KosSemaphoreWaitTimeout() - the same within a time
 * @timeout: milliseconds; 0 tries once, INFINITE_TIMEOUT is KosSemaphoreWait()
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcTimeout.
 */
Retcode KosSemaphoreWaitTimeout(KosSemaphore *semaphore, rtl_uint32_t timeout);

/**
 * KosSemaphoreTryWait() - count down if the count is not 0
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcBusy: the count is 0.
 */
Retcode KosSemaphoreTryWait(KosSemaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
