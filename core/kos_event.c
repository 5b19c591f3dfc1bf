/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/event.h>

#include <errno.h>
#include <string.h>

#include "core/deadline.h"

Retcode KosEventInit(KosEvent *event)
{
    memset(event, 0, sizeof(*event)); /* which initialises a mutex and a condition variable, too */
    return rcOk;
}

Retcode KosEventSet(KosEvent *event)
{
    pthread_mutex_lock(&event->mutex_);
    event->is_set_ = 1;
    pthread_cond_broadcast(&event->condition_);
    pthread_mutex_unlock(&event->mutex_);
    return rcOk;
}

Retcode KosEventReset(KosEvent *event)
{
    pthread_mutex_lock(&event->mutex_);
    event->is_set_ = 0;
    pthread_mutex_unlock(&event->mutex_);
    return rcOk;
}

Retcode KosEventWait(KosEvent *event)
{
    return KosEventWaitTimeout(event, INFINITE_TIMEOUT);
}

Retcode KosEventWaitTimeout(KosEvent *event, rtl_uint32_t timeout)
{
    struct timespec deadline = {0};
    int r = 0;

    if (timeout != INFINITE_TIMEOUT) {
        deadline = deadline_after(timeout);
    }
    pthread_mutex_lock(&event->mutex_);
    while (!event->is_set_ && r != ETIMEDOUT) {
        r = timeout == INFINITE_TIMEOUT ? pthread_cond_wait(&event->condition_, &event->mutex_)
                                        : pthread_cond_clockwait(&event->condition_, &event->mutex_,
                                                                 CLOCK_MONOTONIC, &deadline);
    }
    Retcode rc = event->is_set_ ? rcOk : rcTimeout;
    pthread_mutex_unlock(&event->mutex_);
    return rc;
}
