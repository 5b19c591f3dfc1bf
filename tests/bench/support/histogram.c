/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/histogram.h"

/* bin_ns() - the middle of a bin */
static double bin_ns(size_t bin)
{
    const size_t n_exact = 1u << HISTOGRAM_EXACT_BITS;

    if (bin < n_exact) {
        return (double)bin;
    }
    size_t octave = (bin - n_exact) >> HISTOGRAM_PART_BITS;
    size_t part = (bin - n_exact) & ((1u << HISTOGRAM_PART_BITS) - 1);
    double width = (double)(UINT64_C(1) << (octave + HISTOGRAM_EXACT_BITS - HISTOGRAM_PART_BITS));
    return ((double)((1u << HISTOGRAM_PART_BITS) + part) + 0.5) * width;
}

/* histogram_total() - how many calls there were */
uint64_t histogram_total(const struct histogram *histogram)
{
    uint64_t total = 0;

    for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
        total += histogram->counts[i];
    }
    return total;
}

/* histogram_quantile_ns() - what the share @quantile of all calls did not exceed; 0 without calls
 */
double histogram_quantile_ns(const struct histogram *histogram, double quantile)
{
    const double rank = quantile * (double)histogram_total(histogram);
    uint64_t seen = 0;

    for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
        seen += histogram->counts[i];
        if (seen > 0 && (double)seen >= rank) {
            return bin_ns(i);
        }
    }
    return 0;
}
