/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lock.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* lock_wait() - lock_take(), where somebody else has it. Who comes from here leaves it as wanted:
 * others may have slept beside it. */
void lock_wait(struct lock *lock)
{
    while (atomic_exchange_explicit(&lock->state, LOCK_WANTED, memory_order_acquire) != LOCK_FREE) {
        (void)syscall(SYS_futex, &lock->state, FUTEX_WAIT_PRIVATE, LOCK_WANTED, NULL, NULL, 0);
    }
}

/* lock_wake() - one of those that sleep, if any do */
void lock_wake(struct lock *lock)
{
    (void)syscall(SYS_futex, &lock->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
