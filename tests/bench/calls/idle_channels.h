/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What very many channels cost that were used once.
 */
#pragma once

#include "tests/bench/support/run.h"

/* Each client has a channel to each server. */
#define IDLE_SERVERS 20

/* One client uses half of its channels first, then all others use theirs, then it the other half.
 */
enum idle_phase {
    IDLE_PHASE_FIRST = 1,
    IDLE_PHASE_OTHERS,
    IDLE_PHASE_LAST,
};

/*
 * @n_channels:      that there were in the end
 * @bytes_each:      of all processes together, by what the kernel counts as theirs
 * @kernel_bytes_each: the same by what the whole machine has less
 * @first_us:        to connect and make the first call, when there was no other channel
 * @last_us:         the same, when all others were there
 * @cpu_share:       of one CPU, of all processes together, while nobody called
 */
struct idle_channels {
    unsigned n_channels;
    double bytes_each;
    double kernel_bytes_each;
    double first_us;
    double last_us;
    double cpu_share;
};

int idle_channels_measure(const struct run_setting *setting, unsigned n_channels, unsigned n_runs,
                          struct idle_channels *ret_figures);
