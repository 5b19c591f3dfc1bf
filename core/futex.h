/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sleeping until a word changes, in memory that may be shared with other processes. A sleep may end
 * early: whoever sleeps looks at the words again.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* As many words as the kernel lets one thread wait for. */
#define FUTEX_WORDS_MAX 128

struct futex_expectation {
    const _Atomic uint32_t *word;
    uint32_t value;
};

void futex_wake(const _Atomic uint32_t *word);
void futex_wait(const struct futex_expectation *expected);
bool futex_can_wait_any(void);
void futex_wait_until(const struct futex_expectation *expected, size_t n_words,
                      const struct timespec *deadline);
