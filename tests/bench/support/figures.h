/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run finds out, and what several of them do.
 */
#pragma once

#include <stddef.h>

#define REPETITIONS_MAX 32

/*
 * @calls_per_second: of all clients
 * @slowest:          what the slowest client got, as a share of the mean
 */
struct figures {
    double median_us;
    double p99_us;
    double calls_per_second;
    double slowest;
};

double median_of(const void *first, unsigned n, size_t size, size_t offset);

/* MEDIAN_OF() - of @member, a double, of @n structures, up to REPETITIONS_MAX */
#define MEDIAN_OF(first, n, member)                                                                \
    median_of(first, n, sizeof(*(first)), offsetof(__typeof__(*(first)), member))

struct figures figures_median(const struct figures *repetitions, unsigned n);
