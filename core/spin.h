/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether and how long to look before sleeping.
 *
 * A wake-up across CPUs costs 50 us and more, a look at a cache line a thousandth of that. So a
 * thread looks for a while if the other end is on another CPU; on the same CPU looking only keeps
 * it from running. Who looked in vain several times in a row stops, and tries again now and then.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One waiting place; zeroed at first. Threads may share one: what they lose is a guess. */
struct spin {
    _Atomic unsigned n_failures; /* in a row */
    _Atomic unsigned n_skipped;  /* since the last attempt */
};

/* One attempt: for (spin_begin(); spin_goes_on();) look. */
struct spin_attempt {
    int64_t deadline_ns;
    unsigned n_rounds;
};

/* What CAPCHAN_SPIN_US asks for, NULL if it is not set: how long an attempt takes; 0 is never. */
int64_t spin_budget_ns(const char *setting, long n_cpus);

int64_t spin_now_ns(void);

/* The CPU that this thread runs on, as the other end is told. */
uint32_t spin_cpu(void);

bool spin_is_worthwhile(struct spin *spin, uint32_t own_cpu, uint32_t peer_cpu);
void spin_begin(struct spin_attempt *attempt, size_t bytes);
bool spin_goes_on(struct spin_attempt *attempt);
void spin_end(struct spin *spin, bool has_succeeded);
