/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sleeping on a word that processes share.
 */
#pragma once

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* futex_word_wait() - until woken, if @word is @value; @timeout may be NULL */
static inline void futex_word_wait(_Atomic uint32_t *word, uint32_t value,
                                   const struct timespec *timeout)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT, value, timeout, NULL, 0);
}

static inline void futex_word_wake(_Atomic uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
