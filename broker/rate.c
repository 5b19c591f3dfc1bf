/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/rate.h"

#define NS_PER_S INT64_C(1000000000)

/* rate_take() - whether there may be one event more at @now_ns, on a clock that does not go back */
bool rate_take(struct rate *rate, const struct rate_limit *limit, int64_t now_ns)
{
    int64_t step_ns = NS_PER_S / limit->per_second;
    int64_t n_freed = rate->n_used > 0 ? (now_ns - rate->at_ns) / step_ns : 0;

    if (n_freed >= (int64_t)rate->n_used) {
        rate->n_used = 0;
        rate->at_ns = now_ns;
    } else {
        rate->n_used -= (unsigned)n_freed;
        rate->at_ns += n_freed * step_ns;
    }
    if (rate->n_used == limit->at_once) {
        rate->n_refused++;
        return false;
    }
    rate->n_used++;
    return true;
}

/* rate_is_used_up() - whether the next event has to wait, until rate_next_ns() */
bool rate_is_used_up(const struct rate *rate, const struct rate_limit *limit)
{
    return rate->n_used == limit->at_once;
}

/* rate_next_ns() - when there may be one again, after there were all that there may be */
int64_t rate_next_ns(const struct rate *rate, const struct rate_limit *limit)
{
    return rate->at_ns + NS_PER_S / limit->per_second;
}

/* rate_take_refused() - how many events were too much since this was asked last */
uint64_t rate_take_refused(struct rate *rate)
{
    uint64_t n_refused = rate->n_refused;

    rate->n_refused = 0;
    return n_refused;
}
