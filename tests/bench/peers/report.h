/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with the results.
 */
#pragma once

#include "tests/bench/peers/plan.h"

int report_table(const struct plan *plan);
int report_json(const struct plan *plan, const char *path);
