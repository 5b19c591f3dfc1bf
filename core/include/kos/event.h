/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/event.h - something that has happened or not
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_EVENT_H_
#define KOS_EVENT_H_

#include <coresrv/time/timeout.h>
#include <pthread.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct KosEvent - an event; one that is all zeros has not happened
 *
 * It stays set, for all that wait, until it is reset. Holds no resources. Must stay where it is as
 * long as it is in use.
 */
typedef struct KosEvent {
    pthread_mutex_t mutex_;
    pthread_cond_t condition_;
    int is_set_;
} KosEvent;

/** KosEventInit() - make @event one that has not happened. Return: rcOk. */
Retcode KosEventInit(KosEvent *event);

/** KosEventSet() - it has happened: all that wait go on. Does not block. Return: rcOk. */
Retcode KosEventSet(KosEvent *event);

/** KosEventReset() - it has not happened. Does not block. Return: rcOk. */
Retcode KosEventReset(KosEvent *event);

/** KosEventWait() - wait until it has happened. Context: any thread; blocks. Return: rcOk. */
Retcode KosEventWait(KosEvent *event);

/**
 * KosEventWaitTimeout() - the same within a time
 * @timeout: milliseconds; 0 looks once, INFINITE_TIMEOUT is KosEventWait()
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcTimeout.
 */
Retcode KosEventWaitTimeout(KosEvent *event, rtl_uint32_t timeout);

#ifdef __cplusplus
}
#endif

#endif
