/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/condvar.h - waiting for what a mutex protects
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_CONDVAR_H_
#define KOS_CONDVAR_H_

#include <kos/mutex.h>
#include <pthread.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct KosCondvar - a condition variable; one that is all zeros is good
 *
 * Holds no resources. Must stay where it is as long as it is in use.
 */
typedef struct KosCondvar {
    pthread_cond_t condition_;
} KosCondvar;

/** KosCondvarInit() - make @condvar one that nobody waits for. Return: rcOk. */
Retcode KosCondvarInit(KosCondvar *condvar);

/** KosCondvarDeinit() - the end of @condvar, for which nobody may wait. Return: rcOk. */
Retcode KosCondvarDeinit(KosCondvar *condvar);

/**
 * KosCondvarWait() - let go of @mutex, wait for a signal, and hold @mutex again
 * @mutex: held once by the calling thread
 *
 * May return without a signal: look again at what you wait for.
 *
 * Context: any thread; blocks.
 * Return:  rcOk.
 */
Retcode KosCondvarWait(KosCondvar *condvar, KosMutex *mutex);

/**
 * KosCondvarWaitTimeout() - the same within a time
 * @timeout: milliseconds, or INFINITE_TIMEOUT
 *
 * Context: any thread; blocks. @mutex is held afterwards in any case.
 * Return:  rcOk; rcTimeout.
 */
Retcode KosCondvarWaitTimeout(KosCondvar *condvar, KosMutex *mutex, rtl_uint32_t timeout);

/** KosCondvarSignal() - let one of those that wait go on. Return: rcOk. */
Retcode KosCondvarSignal(KosCondvar *condvar);

/** KosCondvarBroadcast() - let all that wait go on. Return: rcOk. */
Retcode KosCondvarBroadcast(KosCondvar *condvar);

#ifdef __cplusplus
}
#endif

#endif
