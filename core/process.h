/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether this is still the process that the broker launched.
 */
#pragma once

#include <stdbool.h>

void process_watch_forks(void);
bool process_is_forked(void);
