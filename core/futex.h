/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sleeping until a word changes, in memory that may be shared with other processes.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As many words as the kernel lets one thread wait for. */
#define FUTEX_WORDS_MAX 128

struct futex_expectation {
    const _Atomic uint32_t *word;
    uint32_t value;
};

/* How many times as long the time-outs are of those who wait for one word, and for any of several.
 * 1, but for tests that want to see that a wake-up was lost, and no time-out make up for it. */
extern struct futex_patience {
    int64_t one;
    int64_t any;
} futex_patience;

void futex_wake(const _Atomic uint32_t *word);
int futex_wait(const struct futex_expectation *expected, int64_t timeout_ns);
bool futex_can_wait_any(void);
int futex_wait_any(const struct futex_expectation *expected, size_t n_words, int64_t timeout_ns);
