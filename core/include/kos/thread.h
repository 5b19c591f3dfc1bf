/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/thread.h - threads
 *
 * Each is a thread of the C library too, so pthread_* functions work in it; those that were made
 * with pthread_create(), and the first one, have numbers here as well. Threads of one process only.
 * Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_THREAD_H_
#define KOS_THREAD_H_

#include <coresrv/thread/thread_api.h>
#include <coresrv/time/timeout.h>
#include <kos/once.h>
#include <rtl/assert.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Priorities, from 0 to 31. The host schedules all threads alike. */
typedef enum ThreadPriority {
    ThreadPriorityLowest = 0,
    ThreadPriorityNormal = 15,
    ThreadPriorityHighest = 31
} ThreadPriority;

/** A stack as large as the C library makes it. */
#define ThreadStackSizeDefault 0U

/** Flags of KosThreadCreate(). */
#define KOS_THREAD_RUN 0U
#define KOS_THREAD_SUSPENDED 1U

/** What a thread does; what it returns is of no use to others. */
typedef int (*ThreadProc)(void *context);

/**
 * KosThreadCreate() - make a thread
 * @tid:        set to its number, which no later thread of the process gets again; may be NULL
 * @priority:   ThreadPriorityLowest to ThreadPriorityHighest; has no effect
 * @stack_size: bytes, or ThreadStackSizeDefault; a small one is made as large as the host's C
 * library needs
 * @routine:    what it does
 * @context:    for @routine; borrowed
 * @flags:      KOS_THREAD_RUN, or KOS_THREAD_SUSPENDED to have it wait for KosThreadResume()
 *
 * Its resources are given back when it ends, whether or not anybody waits for it.
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidArgument: no @routine, or @priority or @flags out of range;
 * rcOutOfMemory: no memory, or the host allows no more threads.
 */
Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stack_size,
                        ThreadProc routine, void *context, rtl_uint32_t flags);

/**
 * KosThreadResume() - let a suspended thread go on
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidThreadState: it is not suspended; rcInvalidArgument: there is no such
 * thread, or it has ended.
 */
Retcode KosThreadResume(Tid tid);

/**
 * KosThreadSuspend() - stop until KosThreadResume()
 * @tid: the calling thread
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcUnimplemented: another thread, which the host cannot stop anywhere without harm;
 * rcInvalidArgument: there is no such thread, or it has ended.
 */
Retcode KosThreadSuspend(Tid tid);

/**
 * KosThreadWait() - wait until a thread has ended
 * @timeout: milliseconds; 0 looks once; or INFINITE_TIMEOUT
 *
 * Any number of threads may do so, also when it has ended long ago.
 *
 * Context: any thread; blocks.
 * Return:  rcOk; rcTimeout; rcInvalidOperation: it is the calling thread; rcInvalidArgument: there
 * never was such a thread; rcOutOfMemory: this is the calling thread's first use of these
 * functions, and there is no memory.
 */
Retcode KosThreadWait(Tid tid, rtl_uint32_t timeout);

/**
 * KosThreadExit() - end the calling thread
 * @code: of no use to others
 *
 * Context: a thread of KosThreadCreate() or pthread_create(). In the first one it leaves the other
 * threads running.
 */
void KosThreadExit(rtl_int32_t code) __attribute__((noreturn));

/**
 * KosThreadTerminate() - end a thread
 * @tid: the calling thread
 *
 * Return: only on failure: rcUnimplemented: another thread, which the host cannot end anywhere
 * without harm; rcInvalidArgument: there is no such thread, or it has ended.
 */
Retcode KosThreadTerminate(Tid tid, rtl_int32_t code);

/** KosThreadCurrentId() - the number of the calling thread, from 1; 0 if there is no memory */
Tid KosThreadCurrentId(void);

/** KosThreadSleep() - the same as KnSleep() */
Retcode KosThreadSleep(rtl_uint32_t milliseconds);

/** KosThreadYield() - let other threads run first */
void KosThreadYield(void);

#ifdef __cplusplus
}
#endif

#endif
