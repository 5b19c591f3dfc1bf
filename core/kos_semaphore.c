/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/semaphore.h>

#include <errno.h>

#include "core/deadline.h"

Retcode KosSemaphoreInit(KosSemaphore *semaphore, unsigned count)
{
    return sem_init(&semaphore->semaphore_, 0, count) == 0 ? rcOk : rcInvalidArgument;
}

Retcode KosSemaphoreDeinit(KosSemaphore *semaphore)
{
    (void)sem_destroy(&semaphore->semaphore_);
    return rcOk;
}

Retcode KosSemaphoreSignal(KosSemaphore *semaphore)
{
    return sem_post(&semaphore->semaphore_) == 0 ? rcOk : rcQuotaExceeded;
}

Retcode KosSemaphoreWait(KosSemaphore *semaphore)
{
    while (sem_wait(&semaphore->semaphore_) != 0 && errno == EINTR) {
    }
    return rcOk;
}

Retcode KosSemaphoreWaitTimeout(KosSemaphore *semaphore, rtl_uint32_t timeout)
{
    int r;

    if (timeout == INFINITE_TIMEOUT) {
        return KosSemaphoreWait(semaphore);
    }
    struct timespec deadline = deadline_after(timeout);
    do {
        r = sem_clockwait(&semaphore->semaphore_, CLOCK_MONOTONIC, &deadline);
    } while (r != 0 && errno == EINTR);
    return r == 0 ? rcOk : rcTimeout;
}

Retcode KosSemaphoreTryWait(KosSemaphore *semaphore)
{
    int r;

    do {
        r = sem_trywait(&semaphore->semaphore_);
    } while (r != 0 && errno == EINTR);
    return r == 0 ? rcOk : rcBusy;
}
