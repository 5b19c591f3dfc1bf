/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run: fresh processes that connect, call for a while and are ended.
 */
#pragma once

#include <limits.h>

#include "tests/bench/support/board.h"
#include "tests/bench/support/family.h"
#include "tests/bench/support/figures.h"
#include "tests/bench/support/mechanism.h"
#include "tests/bench/support/solution_file.h"

/* What all runs have in common: where the programs of our entities and capchan are. */
struct run_setting {
    char programs[PATH_MAX];
    char capchan[PATH_MAX];
};

int run_setting_find(struct run_setting *ret_setting);
pid_t run_solution(struct family *family, const struct run_setting *setting,
                   const struct solution_file *solution);
int run_once(const struct run_setting *setting, const struct mechanism *mechanism,
             const struct board_task *task, struct figures *ret_figures);
