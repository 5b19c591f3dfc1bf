/* SPDX-License-Identifier: Apache-2.0 */
#include "core/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* futex_wake() - wake all threads of all processes that wait for @word; memory that is mapped
 * read-only will do for the waiter and not for us */
void futex_wake(const _Atomic uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* futex_wait() - futex_wait_any() for a single word: cheaper, and known to all kernels */
void futex_wait(const struct futex_expectation *expected)
{
    (void)syscall(SYS_futex, expected->word, FUTEX_WAIT, expected->value, NULL, NULL, 0);
}

static pthread_once_t probe_once = PTHREAD_ONCE_INIT;
static bool has_waitv;

/* A kernel that knows the call finds fault with the arguments. */
static void probe(void)
{
    has_waitv = syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0) < 0 && errno == EINVAL;
}

/* futex_can_wait_any() - whether this kernel has futex_wait_any(): Linux 5.16 */
bool futex_can_wait_any(void)
{
    (void)pthread_once(&probe_once, probe);
    return has_waitv;
}

/*
 * futex_wait_any() - sleep until one of several words has another value than expected
 * @n_words: 1 to FUTEX_WORDS_MAX
 */
void futex_wait_any(const struct futex_expectation *expected, size_t n_words)
{
    struct futex_waitv words[FUTEX_WORDS_MAX];

    for (size_t i = 0; i < n_words; i++) {
        words[i] = (struct futex_waitv){
            .val = expected[i].value, .uaddr = (uintptr_t)expected[i].word, .flags = FUTEX_32};
    }
    (void)syscall(SYS_futex_waitv, words, (unsigned)n_words, 0, NULL, CLOCK_MONOTONIC);
}
