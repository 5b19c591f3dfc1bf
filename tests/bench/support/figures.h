/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run finds out, and what several of them do.
 */
#pragma once

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

struct figures figures_median(const struct figures *repetitions, unsigned n);
