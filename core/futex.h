/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for a word of shared memory to change.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/* A word to wait for: as long as it has this value. */
struct futex_expectation {
    const _Atomic uint32_t *word;
    uint32_t value;
};

void futex_wake(const _Atomic uint32_t *word);
void futex_wait_either(const struct futex_expectation expected[2], int64_t timeout_ns);
