/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/once.h - what only the first thread does
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_ONCE_H_
#define KOS_ONCE_H_

#include <pthread.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/** State of what is to be done once: static, and KOS_THREAD_ONCE_INIT before. */
typedef pthread_once_t KosThreadOnceType;

#define KOS_THREAD_ONCE_INIT PTHREAD_ONCE_INIT

/**
 * KosThreadOnce() - call @routine if nobody has done so with this @once
 *
 * Context: any thread; blocks while another thread is in @routine.
 * Return:  rcOk: @routine has returned.
 */
Retcode KosThreadOnce(KosThreadOnceType *once, void (*routine)(void));

#ifdef __cplusplus
}
#endif

#endif
