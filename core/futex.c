/* SPDX-License-Identifier: Apache-2.0 */
#include "core/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* futex_call() - without a time-out. What libc has for that lies in a page that a call comes to for
 * nothing else. */
static inline void futex_call(const _Atomic uint32_t *word, long operation, uint32_t value)
{
#ifdef __x86_64__
    register const void *timeout __asm__("r10") = NULL;
    long result = SYS_futex;

    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(word), "S"(operation), "d"((unsigned long)value), "r"(timeout)
                     : "rcx", "r11", "memory");
#else
    (void)syscall(SYS_futex, word, operation, value, NULL);
#endif
}

/* futex_wake() - wake all threads of all processes that wait for @word; memory that is mapped
 * read-only will do for the waiter and not for us */
void futex_wake(const _Atomic uint32_t *word)
{
    futex_call(word, FUTEX_WAKE, INT_MAX);
}

/* futex_wait() - for a single word */
void futex_wait(const struct futex_expectation *expected)
{
    futex_call(expected->word, FUTEX_WAIT, expected->value);
}

static pthread_once_t probe_once = PTHREAD_ONCE_INIT;
static bool has_waitv;

/* How long a kernel without it waits at a time. */
#define BRIEF_NS 1000000L

/* A kernel that knows the call finds fault with the arguments. */
static void probe(void)
{
    has_waitv = syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0) < 0 && errno == EINVAL;
}

/* futex_can_wait_any() - whether this kernel can wait for several words: Linux 5.16 */
bool futex_can_wait_any(void)
{
    (void)pthread_once(&probe_once, probe);
    return has_waitv;
}

/* wait_any() - for several words. */
static void wait_any(const struct futex_expectation *expected, size_t n_words,
                     const struct timespec *deadline)
{
    struct futex_waitv words[FUTEX_WORDS_MAX];

    for (size_t i = 0; i < n_words; i++) {
        words[i] = (struct futex_waitv){
            .val = expected[i].value, .uaddr = (uintptr_t)expected[i].word, .flags = FUTEX_32};
    }
    (void)syscall(SYS_futex_waitv, words, (unsigned)n_words, 0, deadline, CLOCK_MONOTONIC);
}

/* wait_briefly() - for the first word, where the kernel cannot wait for more, and not for long: the
 * others want to be looked at */
static void wait_briefly(const struct futex_expectation *expected)
{
    const struct timespec brief = {.tv_nsec = BRIEF_NS};

    (void)syscall(SYS_futex, expected->word, FUTEX_WAIT, expected->value, &brief, NULL, 0);
}

/*
 * futex_wait_until() - sleep until one of several words has another value than expected
 * @n_words:  1 to FUTEX_WORDS_MAX
 * @deadline: on CLOCK_MONOTONIC; NULL: none
 */
void futex_wait_until(const struct futex_expectation *expected, size_t n_words,
                      const struct timespec *deadline)
{
    if (n_words == 1) {
        (void)syscall(SYS_futex, expected->word, FUTEX_WAIT_BITSET, expected->value, deadline, NULL,
                      FUTEX_BITSET_MATCH_ANY);
    } else if (futex_can_wait_any()) {
        wait_any(expected, n_words, deadline);
    } else {
        wait_briefly(expected);
    }
}
