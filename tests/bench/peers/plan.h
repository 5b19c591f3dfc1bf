/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured of every peer, what came out of it, and what was promised.
 */
#pragma once

#include <stdint.h>

#include "tests/bench/peers/peers.h"
#include "tests/bench/support/figures.h"
#include "tests/bench/support/placement.h"

#define WORKS 5

/*
 * @name:     as in the JSON of the benchmark that compares with shared memory
 * @title:    for people
 * @think_ns: between two calls
 * @meets:    no calls: connect and disconnect
 */
struct work {
    const char *name;
    const char *title;
    uint32_t payload;
    uint64_t think_ns;
    bool meets;
};

extern const struct work works[WORKS];

/* Of one peer, with one work, in one placement; @figures are the medians of the repetitions. */
struct outcome {
    unsigned n_repetitions;
    struct figures repetitions[REPETITIONS_MAX];
    struct figures figures;
};

struct plan {
    struct outcome outcomes[WORKS][PLACEMENTS][PEERS];
};

void plan_settle(struct plan *plan);
double plan_factor(const struct plan *plan, unsigned work, enum placement placement,
                   enum peer peer);
double plan_bar(unsigned work, enum placement placement, enum peer peer);
