/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/mutex.h>

#include "core/deadline.h"
#include "core/sync_result.h"

Retcode KosMutexInit(KosMutex *mutex)
{
    return KosMutexInitEx(mutex, 0);
}

Retcode KosMutexInitEx(KosMutex *mutex, int recursive)
{
    static const pthread_mutex_t plain_mutex = PTHREAD_MUTEX_INITIALIZER;
    static const pthread_mutex_t recursive_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

    mutex->mutex_ = recursive ? recursive_mutex : plain_mutex;
    return rcOk;
}

Retcode KosMutexLock(KosMutex *mutex)
{
    return sync_result(pthread_mutex_lock(&mutex->mutex_));
}

Retcode KosMutexLockTimeout(KosMutex *mutex, rtl_uint32_t timeout)
{
    if (timeout == INFINITE_TIMEOUT) {
        return KosMutexLock(mutex);
    }
    struct timespec deadline = deadline_after(timeout);
    return sync_result(pthread_mutex_clocklock(&mutex->mutex_, CLOCK_MONOTONIC, &deadline));
}

Retcode KosMutexTryLock(KosMutex *mutex)
{
    return sync_result(pthread_mutex_trylock(&mutex->mutex_));
}

Retcode KosMutexUnlock(KosMutex *mutex)
{
    return sync_result(pthread_mutex_unlock(&mutex->mutex_));
}
