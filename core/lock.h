/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock for the threads of a process that every call takes: a word, and nothing to pass where
 * nobody else has it. pthread's does the same behind checks of its kind, in pages of libc that a
 * call comes to for nothing else.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

enum lock_state {
    LOCK_FREE,
    LOCK_TAKEN,
    LOCK_WANTED, /* taken, and somebody may sleep until it is free */
};

/* All zero: free. */
struct lock {
    _Atomic uint32_t state; /* enum lock_state */
};

void lock_wait(struct lock *lock);
void lock_wake(struct lock *lock);

/* lock_take() - wait until nobody else has it. What they did with it is seen from then on. */
static inline void lock_take(struct lock *lock)
{
    uint32_t seen = LOCK_FREE;

    if (!atomic_compare_exchange_strong_explicit(&lock->state, &seen, LOCK_TAKEN,
                                                 memory_order_acquire, memory_order_relaxed)) {
        lock_wait(lock);
    }
}

/* lock_leave() - let the next one have it */
static inline void lock_leave(struct lock *lock)
{
    if (atomic_exchange_explicit(&lock->state, LOCK_FREE, memory_order_release) == LOCK_WANTED) {
        lock_wake(lock);
    }
}
