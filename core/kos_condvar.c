/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/condvar.h>

#include <errno.h>

#include "core/deadline.h"

Retcode KosCondvarInit(KosCondvar *condvar)
{
    static const pthread_cond_t unused = PTHREAD_COND_INITIALIZER;

    condvar->condition_ = unused;
    return rcOk;
}

Retcode KosCondvarDeinit(KosCondvar *condvar)
{
    (void)pthread_cond_destroy(&condvar->condition_);
    return rcOk;
}

Retcode KosCondvarWait(KosCondvar *condvar, KosMutex *mutex)
{
    (void)pthread_cond_wait(&condvar->condition_, &mutex->mutex_);
    return rcOk;
}

Retcode KosCondvarWaitTimeout(KosCondvar *condvar, KosMutex *mutex, rtl_uint32_t timeout)
{
    if (timeout == INFINITE_TIMEOUT) {
        return KosCondvarWait(condvar, mutex);
    }
    struct timespec deadline = deadline_after(timeout);
    int r =
        pthread_cond_clockwait(&condvar->condition_, &mutex->mutex_, CLOCK_MONOTONIC, &deadline);
    return r == ETIMEDOUT ? rcTimeout : rcOk;
}

Retcode KosCondvarSignal(KosCondvar *condvar)
{
    (void)pthread_cond_signal(&condvar->condition_);
    return rcOk;
}

Retcode KosCondvarBroadcast(KosCondvar *condvar)
{
    (void)pthread_cond_broadcast(&condvar->condition_);
    return rcOk;
}
