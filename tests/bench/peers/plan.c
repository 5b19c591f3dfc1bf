/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/plan.h"

#include <stddef.h>

enum {
    HOT_NUMBER,
    HOT_PAGE,
    HOT_MEGABYTE,
    SPARSE_NUMBER,
    CONNECT
};

const struct work works[WORKS] = {
    [HOT_NUMBER] = {"echo", "4 B", PEER_NUMBER_BYTES, 0, false},
    [HOT_PAGE] = {"echo", "4 KiB", 4096, 0, false},
    [HOT_MEGABYTE] = {"echo", "1 MiB", 1048576, 0, false},
    [SPARSE_NUMBER] = {"echo-sparse", "4 B, 1 ms apart", PEER_NUMBER_BYTES, 1000000, false},
    [CONNECT] = {"connect", "connect", PEER_NUMBER_BYTES, 0, true},
};

/* How many times as fast as each peer our calls are to be; 0: nothing was promised. */
static const double bars[WORKS][PLACEMENTS][PEERS] =
    {
        [HOT_NUMBER] =
            {
                [PLACEMENT_FREE] = {0, 60, 60, 30, 60, 60, 60, 60},
                [PLACEMENT_ONE_CPU] = {0, 3, 7, 7, 10, 7, 12, 8},
                [PLACEMENT_TWO_CPUS] = {0, 60, 60, 30, 60, 60, 60, 60},
            },
        [HOT_MEGABYTE] =
            {
                [PLACEMENT_ONE_CPU] = {0, 1.1, 2, 2, 2, 2, 2, 2},
                [PLACEMENT_TWO_CPUS] = {0, 1.2, 2, 2, 2, 2, 2, 2},
            },
        [SPARSE_NUMBER] =
            {
                [PLACEMENT_ONE_CPU] = {0, 2.5, 5, 5, 5, 5, 5, 5},
                [PLACEMENT_TWO_CPUS] = {0, 2, 2, 2, 2, 2, 2, 2},
            },
        [CONNECT] = {[PLACEMENT_FREE] = {[PEER_DBUS_BROKER] = 1.5}},
};

/* plan_settle() - all repetitions were made */
void plan_settle(struct plan *plan)
{
    struct outcome *outcomes = &plan->outcomes[0][0][0];

    for (size_t i = 0; i < sizeof(plan->outcomes) / sizeof(*outcomes); i++) {
        outcomes[i].figures = figures_median(outcomes[i].repetitions, outcomes[i].n_repetitions);
    }
}

/* plan_factor() - how many times as fast as @peer we are; 0 if it was not measured */
double plan_factor(const struct plan *plan, unsigned work, enum placement placement, enum peer peer)
{
    const struct outcome *outcomes = plan->outcomes[work][placement];
    const double ours_us = outcomes[PEER_CAPCHAN].figures.median_us;

    return ours_us > 0 ? outcomes[peer].figures.median_us / ours_us : 0;
}

/* plan_bar() - how many times it should be; 0 if nothing was promised */
double plan_bar(unsigned work, enum placement placement, enum peer peer)
{
    return bars[work][placement][peer];
}
