/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Full barriers where an atomic operation follows that is one itself on some processors.
 */
#pragma once

#include <stdatomic.h>

/* barrier_before_exchange() - what was stored before is seen by whoever sees the exchange, and what
 * it stored before that by us; x86 exchanges nothing without that */
static inline void barrier_before_exchange(void)
{
#if defined __x86_64__ || defined __i386__
    atomic_signal_fence(memory_order_seq_cst);
#else
    atomic_thread_fence(memory_order_seq_cst);
#endif
}
