/* SPDX-License-Identifier: Apache-2.0 */
/*
 * So many events at once, and so many per second in the long run; what is too much is counted. All
 * zero has its full measure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct rate_limit {
    unsigned at_once;
    unsigned per_second;
};

/*
 * @n_used:    of what there may be at once
 * @at_ns:     since when the next one of those has been on its way to be free again
 * @n_refused: events that were too much, and were not asked for yet
 */
struct rate {
    unsigned n_used;
    int64_t at_ns;
    uint64_t n_refused;
};

bool rate_take(struct rate *rate, const struct rate_limit *limit, int64_t now_ns);
bool rate_is_used_up(const struct rate *rate, const struct rate_limit *limit);
int64_t rate_next_ns(const struct rate *rate, const struct rate_limit *limit);
uint64_t rate_take_refused(struct rate *rate);
