/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with the results.
 */
#pragma once

#include "tests/bench/peers/plan.h"
#include "tests/bench/support/occasion.h"

int report_table(const struct plan *plan, const struct occasion *occasion);
int report_json(const struct plan *plan, const struct occasion *occasion, const char *path);
