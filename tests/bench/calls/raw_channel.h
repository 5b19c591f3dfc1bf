/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a call through shared memory can be: the raw references, one client and one server
 * in a file's memory. They differ in whether who waits looks at the memory for a while.
 */
#pragma once

#include <stdbool.h>

#include "tests/bench/support/mechanism.h"

int raw_serve(const struct bench_case *bench_case, void (*ready)(void), bool may_spin);
void *raw_connect(const struct bench_case *bench_case, bool may_spin);
int raw_echo(void *connection, const void *out, void *in);
