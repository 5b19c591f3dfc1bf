/* SPDX-License-Identifier: Apache-2.0 */
/* For tests each of which has one solution. */
#pragma once

#include "tests/support/solution.h"

extern struct solution *solution;

void solution_setup(void);
void solution_teardown(void);
void solution_run(const char *exit_with);
void solution_mark(const char *path);
void solution_await(const char *path);
void solution_expect_success(const char *what);
void solution_expect_nothing_left(const char *task, int n_entities);
