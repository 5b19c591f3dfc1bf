/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with the results.
 */
#pragma once

#include "tests/bench/calls/idle_channels.h"
#include "tests/bench/calls/plan.h"

#define MACHINE_BYTES 256

/*
 * @machine: the CPU, how many of it, and the kernel
 * @idle:    NULL if that was not measured
 */
struct report {
    const struct plan *plan;
    const struct idle_channels *idle;
    char machine[MACHINE_BYTES];
};

void report_machine(char ret_machine[MACHINE_BYTES]);
int report_table(const struct report *report);
int report_bars(const struct report *report);
int report_json(const struct report *report, const char *path);
int report_plot(const struct report *report, const char *path);
