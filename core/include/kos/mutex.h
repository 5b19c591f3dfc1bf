/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/mutex.h - one thread at a time
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_MUTEX_H_
#define KOS_MUTEX_H_

#include <coresrv/time/timeout.h>
#include <pthread.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct KosMutex - a mutex; one that is all zeros is unlocked, and not recursive
 *
 * Holds no resources, and so needs no end. Must stay where it is as long as it is in use.
 */
typedef struct KosMutex {
    pthread_mutex_t mutex_;
} KosMutex;

/**
 * KosMutexInit() - make @mutex an unlocked one that is not recursive
 *
 * Context: before any other use.
 * Return:  rcOk.
 */
Retcode KosMutexInit(KosMutex *mutex);

/**
 * KosMutexInitEx() - make @mutex an unlocked one
 * @recursive: not 0: the thread that holds it may lock it again, and unlocks it as often
 *
 * Context: before any other use.
 * Return:  rcOk.
 */
Retcode KosMutexInitEx(KosMutex *mutex, int recursive);

/**
 * KosMutexLock() - get hold of @mutex
 *
 * A thread that holds it already, and locks it again although it is not recursive, waits for ever.
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcQuotaExceeded: a recursive one is locked too often.
 */
Retcode KosMutexLock(KosMutex *mutex);

/**
 * KosMutexLockTimeout() - get hold of @mutex within a time
 * @timeout: milliseconds; 0 tries once, INFINITE_TIMEOUT is KosMutexLock()
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcTimeout; rcQuotaExceeded: a recursive one is locked too often.
 */
Retcode KosMutexLockTimeout(KosMutex *mutex, rtl_uint32_t timeout);

/**
 * KosMutexTryLock() - get hold of @mutex if that can be had at once
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcBusy: it is held; rcQuotaExceeded: a recursive one is locked too often.
 */
Retcode KosMutexTryLock(KosMutex *mutex);

/**
 * KosMutexUnlock() - let go of @mutex, which the calling thread must hold
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidOperation: a recursive one that this thread does not hold.
 */
Retcode KosMutexUnlock(KosMutex *mutex);

#ifdef __cplusplus
}
#endif

#endif
