/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured, and what came out of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/bench/calls/contender.h"
#include "tests/bench/support/figures.h"
#include "tests/bench/support/placement.h"

#define CASES_MAX 64

enum work {
    WORK_HOT,      /* calls back to back */
    WORK_SPARSE,   /* 1 ms between two calls */
    WORK_IDLE,     /* so long that both sides sleep deeply */
    WORK_STRANGER, /* hot, with something else busy on every CPU */
    WORK_MANY,     /* hot, many clients of one server */
    WORK_CONNECT,  /* no calls: connect and disconnect */
    WORK_TRANSFER, /* hot, with a handle in each request */
};

#define WORKS 7

extern const char *const work_names[WORKS];

/*
 * @n_repetitions: that each contender had
 * @repetitions:   of each contender
 * @figures:       their medians, one by one; all 0 for who took no part
 */
struct plan_case {
    enum work work;
    enum placement placement;
    size_t payload;
    unsigned n_clients;
    unsigned n_active;
    unsigned n_repetitions[CONTENDERS];
    struct figures repetitions[CONTENDERS][REPETITIONS_MAX];
    struct figures figures[CONTENDERS];
};

/*
 * @work, @placement: only these; NULL: all
 * @is_quick:         fewer of them
 */
struct plan_choice {
    const char *work;
    const char *placement;
    bool is_quick;
};

struct plan {
    struct plan_case cases[CASES_MAX];
    size_t n_cases;
};

void plan_make(struct plan *plan, const struct plan_choice *choice);
bool plan_has(enum work work, enum contender contender);
void plan_case_settle(struct plan_case *plan_case);
double plan_case_raw_us(const struct plan_case *plan_case);
const struct plan_case *plan_find(const struct plan *plan, enum work work, enum placement placement,
                                  size_t payload, unsigned n_clients, unsigned n_active);
