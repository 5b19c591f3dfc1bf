/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of one peer: a fresh server and a fresh client that calls it for a while.
 */
#pragma once

#include "tests/bench/calls/run.h"
#include "tests/bench/peers/peers.h"

int run_pair(const struct run_setting *setting, enum peer peer, const struct board_task *task,
             struct figures *ret_figures);
