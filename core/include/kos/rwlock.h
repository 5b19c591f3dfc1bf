/* SPDX-License-Identifier: Apache-2.0 */
/**
 * kos/rwlock.h - many readers or one writer
 *
 * Threads of one process only. Source of the names and semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef KOS_RWLOCK_H_
#define KOS_RWLOCK_H_

#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct KosRWLock - a lock; one that is all zeros is unlocked
 *
 * Holds no resources, and so needs no end. Must stay where it is as long as it is in use.
 */
typedef struct KosRWLock {
    union {
        long align_;
        char bytes_[64]; /* of a pthread_rwlock_t, which strict C does not know */
    } lock_;
} KosRWLock;

/** KosRWLockInit() - make @lock an unlocked one, before any other use. Return: rcOk. */
Retcode KosRWLockInit(KosRWLock *lock);

/**
 * KosRWLockRead() - wait until nobody writes, and keep writers out
 *
 * Context: any thread that does not hold @lock for writing; blocks.
 * Return:  rcOk; rcInvalidOperation: this thread writes; rcQuotaExceeded: too many readers.
 */
Retcode KosRWLockRead(KosRWLock *lock);

/**
 * KosRWLockWrite() - wait until nobody else reads or writes, and keep all others out
 *
 * Context: any thread that does not hold @lock; blocks.
 * Return:  rcOk; rcInvalidOperation: this thread writes already.
 */
Retcode KosRWLockWrite(KosRWLock *lock);

/**
 * KosRWLockTryRead() - the same as KosRWLockRead() if that can be had at once
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcBusy: somebody writes; rcQuotaExceeded: too many readers.
 */
Retcode KosRWLockTryRead(KosRWLock *lock);

/**
 * KosRWLockTryWrite() - the same as KosRWLockWrite() if that can be had at once
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcBusy: somebody reads or writes.
 */
Retcode KosRWLockTryWrite(KosRWLock *lock);

/** KosRWLockUnlock() - let go of @lock, which the calling thread must hold. Return: rcOk. */
Retcode KosRWLockUnlock(KosRWLock *lock);

#ifdef __cplusplus
}
#endif

#endif
