/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cheapest clock there is: all CPUs agree on it, and its unit is found out once.
 */
#pragma once

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static inline uint64_t ticks(void)
{
#if defined __x86_64__
    return __builtin_ia32_rdtsc();
#else
    return clock_ns();
#endif
}

/* ticks_per_ns() - takes 20 ms */
static inline double ticks_per_ns(void)
{
    const uint64_t first_ns = clock_ns();
    const uint64_t first = ticks();

    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_nsec = 20000000}, NULL);
    const uint64_t last = ticks();
    return (double)(last - first) / (double)(clock_ns() - first_ns);
}
