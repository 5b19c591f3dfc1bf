/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/figures.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;

    return (left > right) - (left < right);
}

/* median_of_member() - of the member that lies @offset bytes behind the start of the figures */
static double median_of_member(const struct figures *repetitions, unsigned n, size_t offset)
{
    double values[REPETITIONS_MAX];

    for (unsigned i = 0; i < n; i++) {
        memcpy(&values[i], (const char *)&repetitions[i] + offset, sizeof(values[i]));
    }
    qsort(values, n, sizeof(values[0]), compare);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* figures_median() - of each member; all 0 if there are no repetitions */
struct figures figures_median(const struct figures *repetitions, unsigned n)
{
    if (n == 0) {
        return (struct figures){0};
    }
    return (struct figures){
        .median_us = median_of_member(repetitions, n, offsetof(struct figures, median_us)),
        .p99_us = median_of_member(repetitions, n, offsetof(struct figures, p99_us)),
        .calls_per_second =
            median_of_member(repetitions, n, offsetof(struct figures, calls_per_second)),
        .slowest = median_of_member(repetitions, n, offsetof(struct figures, slowest)),
    };
}
