/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of the benchmark, whatever it calls through.
 */
#pragma once

#include <stdint.h>

#include "tests/bench/support/board.h"
#include "tests/bench/support/mechanism.h"

int measure_client(struct board *board, uint32_t client, const struct mechanism *mechanism,
                   const struct bench_case *bench_case);
