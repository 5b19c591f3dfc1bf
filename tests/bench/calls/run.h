/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of one contender: fresh processes that connect, call for a while and are ended.
 */
#pragma once

#include "tests/bench/calls/board.h"
#include "tests/bench/calls/family.h"
#include "tests/bench/calls/solution_file.h"

enum contender {
    CONTENDER_CAPCHAN, /* our generated call, between entities */
    CONTENDER_RAW_ADAPTIVE,
    CONTENDER_RAW_FUTEX,
    CONTENDER_RAW_MANY,
    CONTENDER_UNIX_EPOLL,
    CONTENDER_SOCKET_PROTOBUF,
};

#define CONTENDERS 6

extern const char *const contender_names[CONTENDERS];

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

/* What all runs have in common: where the programs of the benchmark and capchan are. */
struct run_setting {
    const char *programs;
    const char *capchan;
};

pid_t run_solution(struct family *family, const struct run_setting *setting,
                   const struct solution_file *solution);
int run_once(const struct run_setting *setting, enum contender contender,
             const struct board_task *task, struct figures *ret_figures);
