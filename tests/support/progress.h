/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether something goes on, in looks and not in time: those who are stopped meanwhile, as the one
 * that looks may be too, are given as much of it as they need.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Zeroed at first. */
struct progress {
    uint64_t n_before;
    unsigned n_vain;
};

/* progress_is_stuck() - whether @n has been the same for more than @n_looks_max looks */
static inline bool progress_is_stuck(struct progress *progress, uint64_t n, unsigned n_looks_max)
{
    progress->n_vain = n != progress->n_before ? 0 : progress->n_vain + 1;
    progress->n_before = n;
    return progress->n_vain > n_looks_max;
}
