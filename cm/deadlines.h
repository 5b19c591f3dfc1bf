/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time that are waited for, the earliest first: a binary heap.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define DEADLINE_NEVER INT64_MAX

/*
 * Embedded in what has the deadline.
 * @at_ns: on the caller's clock; DEADLINE_NEVER is never reached
 * @place: in the heap
 */
struct deadline {
    int64_t at_ns;
    size_t place;
};

/* Zeroed, it is empty. */
struct deadlines {
    struct deadline **heap;
    size_t n;
    size_t n_max;
};

void deadlines_deinit(struct deadlines *deadlines);
int deadlines_add(struct deadlines *deadlines, struct deadline *deadline);
void deadlines_remove(struct deadlines *deadlines, struct deadline *deadline);
struct deadline *deadlines_first(const struct deadlines *deadlines);
