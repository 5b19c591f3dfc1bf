/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with the results.
 */
#pragma once

#include "tests/bench/calls/idle_channels.h"
#include "tests/bench/calls/plan.h"
#include "tests/bench/calls/revocation.h"
#include "tests/bench/support/occasion.h"

/* @idle, @revocation: NULL if that was not measured */
struct report {
    const struct plan *plan;
    const struct idle_channels *idle;
    const struct revocation *revocation;
    struct occasion occasion;
};

int report_table(const struct report *report);
int report_bars(const struct report *report);
int report_json(const struct report *report, const char *path);
int report_plot(const struct report *report, const char *path);
