/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that keeps to some of the CPUs that the user allows it, for a while. Afterwards its
 * affinity is what it was, or what somebody has set meanwhile, as `taskset -p` does.
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed at first. @is_confined: to @cpus, instead of @own */
struct confinement {
    bool is_confined;
    cpu_set_t own;
    cpu_set_t cpus;
};

bool confinement_to(struct confinement *confinement, uint32_t cpu);
bool confinement_away_from(struct confinement *confinement, uint32_t cpu);
bool confinement_end(struct confinement *confinement);
