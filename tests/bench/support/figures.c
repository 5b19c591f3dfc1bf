/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/figures.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;

    return (left > right) - (left < right);
}

/* median_of() - of the doubles that lie @offset bytes behind the starts of @n things of @size bytes
 */
double median_of(const void *first, unsigned n, size_t size, size_t offset)
{
    double values[REPETITIONS_MAX];

    for (unsigned i = 0; i < n; i++) {
        memcpy(&values[i], (const char *)first + i * size + offset, sizeof(values[i]));
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
        .median_us = MEDIAN_OF(repetitions, n, median_us),
        .p99_us = MEDIAN_OF(repetitions, n, p99_us),
        .calls_per_second = MEDIAN_OF(repetitions, n, calls_per_second),
        .slowest = MEDIAN_OF(repetitions, n, slowest),
    };
}
