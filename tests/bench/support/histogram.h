/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often a call took how long: exact below 512 ns, to 1/256 above, and so small that it stays in
 * the cache beside what is measured.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_EXACT_BITS 9
#define HISTOGRAM_PART_BITS 8
#define HISTOGRAM_BITS 36 /* what took longer counts as 69 s */
#define HISTOGRAM_BINS                                                                             \
    ((1u << HISTOGRAM_EXACT_BITS) +                                                                \
     ((unsigned)(HISTOGRAM_BITS - HISTOGRAM_EXACT_BITS) << HISTOGRAM_PART_BITS))

struct histogram {
    uint32_t counts[HISTOGRAM_BINS];
};

/* histogram_bin() - where @ns is counted */
static inline size_t histogram_bin(uint64_t ns)
{
    if (ns >> HISTOGRAM_EXACT_BITS == 0) {
        return ns;
    }
    if (ns >> HISTOGRAM_BITS != 0) {
        return HISTOGRAM_BINS - 1;
    }
    unsigned top = 63u - (unsigned)__builtin_clzll(ns);
    size_t part = (ns >> (top - HISTOGRAM_PART_BITS)) - (1u << HISTOGRAM_PART_BITS);
    return (1u << HISTOGRAM_EXACT_BITS) +
           ((size_t)(top - HISTOGRAM_EXACT_BITS) << HISTOGRAM_PART_BITS) + part;
}

uint64_t histogram_total(const struct histogram *histogram);
double histogram_quantile_ns(const struct histogram *histogram, double quantile);
