/* SPDX-License-Identifier: Apache-2.0 */
#include "core/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* How often the second word is looked at where the kernel cannot wait for two. */
#define POLL_NS INT64_C(10000000)

#define NS_PER_S INT64_C(1000000000)

/* futex_wake() - wake all threads of all processes that wait for @word; memory that is mapped
 * read-only will do for the waiter and not for us */
void futex_wake(const _Atomic uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* wait_for_first() - wait for one word, and soon return for a look at the other one */
static void wait_for_first(const struct futex_expectation *expected, int64_t timeout_ns)
{
    int64_t ns = timeout_ns < POLL_NS ? timeout_ns : POLL_NS;
    struct timespec timeout = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};

    (void)syscall(SYS_futex, expected->word, FUTEX_WAIT, expected->value, &timeout, NULL, 0);
}

/*
 * futex_wait_either() - sleep until one of two words has another value than expected
 * @timeout_ns: at most this long, from now
 *
 * May return at any time; look at the words again.
 */
void futex_wait_either(const struct futex_expectation expected[2], int64_t timeout_ns)
{
    struct futex_waitv words[2] = {
        {.val = expected[0].value, .uaddr = (uintptr_t)expected[0].word, .flags = FUTEX_32},
        {.val = expected[1].value, .uaddr = (uintptr_t)expected[1].word, .flags = FUTEX_32},
    };
    struct timespec deadline;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    int64_t ns = deadline.tv_nsec + timeout_ns;
    deadline.tv_sec += ns / NS_PER_S;
    deadline.tv_nsec = ns % NS_PER_S;
    if (syscall(SYS_futex_waitv, words, 2, 0, &deadline, CLOCK_MONOTONIC) < 0 && errno == ENOSYS) {
        wait_for_first(&expected[0], timeout_ns);
    }
}
