/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/rwlock.h>

#include <pthread.h>
#include <string.h>

#include "core/sync_result.h"

_Static_assert(sizeof(pthread_rwlock_t) <= sizeof(KosRWLock), "the lock has room for the host's");
_Static_assert(_Alignof(pthread_rwlock_t) <= _Alignof(KosRWLock), "and is aligned like it");

static pthread_rwlock_t *lock_of(KosRWLock *lock)
{
    return (pthread_rwlock_t *)&lock->lock_;
}

Retcode KosRWLockInit(KosRWLock *lock)
{
    memset(lock, 0, sizeof(*lock)); /* PTHREAD_RWLOCK_INITIALIZER */
    return rcOk;
}

Retcode KosRWLockRead(KosRWLock *lock)
{
    return sync_result(pthread_rwlock_rdlock(lock_of(lock)));
}

Retcode KosRWLockWrite(KosRWLock *lock)
{
    return sync_result(pthread_rwlock_wrlock(lock_of(lock)));
}

Retcode KosRWLockTryRead(KosRWLock *lock)
{
    return sync_result(pthread_rwlock_tryrdlock(lock_of(lock)));
}

Retcode KosRWLockTryWrite(KosRWLock *lock)
{
    return sync_result(pthread_rwlock_trywrlock(lock_of(lock)));
}

Retcode KosRWLockUnlock(KosRWLock *lock)
{
    return sync_result(pthread_rwlock_unlock(lock_of(lock)));
}
