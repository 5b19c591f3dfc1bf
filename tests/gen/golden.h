/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases below tests/gen/golden: CASE/in is what idlc reads.
 */
#pragma once

#include <dirent.h>
#include <stdlib.h>

#define GOLDEN "tests/gen/golden"

struct golden {
    struct dirent **cases; /* sorted by name */
    int n_cases;
};

static inline int golden_is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static inline struct golden golden_list(void)
{
    struct golden golden = {NULL, 0};

    golden.n_cases = scandir(GOLDEN, &golden.cases, golden_is_case, alphasort);
    return golden;
}

static inline void golden_free(struct golden *golden)
{
    for (int i = 0; i < golden->n_cases; i++) {
        free(golden->cases[i]);
    }
    free(golden->cases);
}
