/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What threads may meet with in between: delays of all lengths, and other CPUs.
 */
#pragma once

#include "tests/support/random_value.h"

unsigned chaos_below(struct random_source *random, unsigned bound);
void chaos_delay(struct random_source *random);
void chaos_move(struct random_source *random);
void chaos_stay(void);
