/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that must not grow faster than its input. Nothing here depends on how fast the machine is:
 * the same work is done for a size and for eight times that size.
 */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* What is linear takes 8 times as long, what is quadratic 64 times. */
#define GROWTH_FACTOR 8
#define GROWTH_MAX 24

/* growth_time() - CPU time of @work for @n, the shortest of three */
static inline double growth_time(void (*work)(const void *userdata, size_t n), const void *userdata,
                                 size_t n)
{
    double shortest = 0;

    for (int i = 0; i < 3; i++) {
        clock_t start = clock();
        work(userdata, n);
        double ticks = (double)(clock() - start);
        shortest = i == 0 || ticks < shortest ? ticks : shortest;
    }
    return shortest;
}

/* growth_is_linear() - does @work for 8 times @n take less than 24 times as long as for @n? What
 * else the machine does can disturb a comparison, so there are some. */
static inline bool growth_is_linear(void (*work)(const void *userdata, size_t n),
                                    const void *userdata, size_t n)
{
    for (int attempt = 0; attempt < 5; attempt++) {
        double small = growth_time(work, userdata, n);
        if (growth_time(work, userdata, n * GROWTH_FACTOR) < small * GROWTH_MAX) {
            return true;
        }
    }
    return false;
}
