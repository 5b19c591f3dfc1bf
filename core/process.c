/* SPDX-License-Identifier: Apache-2.0 */
#include "core/process.h"

#include <pthread.h>
#include <stdatomic.h>

#include "core/every_call.h"

EVERY_CALL_DATA static atomic_bool forked;

static void process_after_fork(void)
{
    atomic_store_explicit(&forked, true, memory_order_relaxed);
}

/* process_watch_forks() - from here on, children made by fork() know that they are; called once */
void process_watch_forks(void)
{
    (void)pthread_atfork(NULL, NULL, process_after_fork);
}

/* process_is_forked() - whether this process is a child of the one that holds the capabilities */
bool process_is_forked(void)
{
    return atomic_load_explicit(&forked, memory_order_relaxed);
}
