/* SPDX-License-Identifier: Apache-2.0 */
#include "core/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

struct futex_patience futex_patience = {.one = 1, .any = 1};

/* futex_wake() - wake all threads of all processes that wait for @word; memory that is mapped
 * read-only will do for the waiter and not for us */
void futex_wake(const _Atomic uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* futex_wait() - futex_wait_any() for a single word: cheaper, and known to all kernels */
int futex_wait(const struct futex_expectation *expected, int64_t timeout_ns)
{
    int64_t ns = timeout_ns * futex_patience.one;
    struct timespec timeout = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    long r = syscall(SYS_futex, expected->word, FUTEX_WAIT, expected->value, &timeout, NULL, 0);

    return r < 0 && errno == ETIMEDOUT ? -ETIMEDOUT : 0;
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
 * @n_words:    1 to FUTEX_WORDS_MAX
 * @timeout_ns: at most this long, from now
 *
 * Return: 0: look at the words, though they may be as before; -ETIMEDOUT.
 */
int futex_wait_any(const struct futex_expectation *expected, size_t n_words, int64_t timeout_ns)
{
    struct futex_waitv words[FUTEX_WORDS_MAX];
    struct timespec deadline;

    for (size_t i = 0; i < n_words; i++) {
        words[i] = (struct futex_waitv){
            .val = expected[i].value, .uaddr = (uintptr_t)expected[i].word, .flags = FUTEX_32};
    }
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    int64_t ns = deadline.tv_nsec + timeout_ns * futex_patience.any;
    deadline.tv_sec += ns / NS_PER_S;
    deadline.tv_nsec = ns % NS_PER_S;
    long r = syscall(SYS_futex_waitv, words, (unsigned)n_words, 0, &deadline, CLOCK_MONOTONIC);
    return r < 0 && errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}
