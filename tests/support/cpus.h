/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CPUs that a test's thread may be on.
 */
#pragma once

#include <check.h>
#include <sched.h>
#include <stdint.h>

#include "core/spin.h"

/* cpus_now() - those of this thread */
static inline cpu_set_t cpus_now(void)
{
    cpu_set_t now;

    ck_assert_int_eq(sched_getaffinity(0, sizeof(now), &now), 0);
    return now;
}

/* cpus_only() - this one and no other */
static inline cpu_set_t cpus_only(uint32_t cpu)
{
    cpu_set_t only;

    CPU_ZERO(&only);
    CPU_SET(cpu, &only);
    return only;
}

/* cpus_set() - have this thread run on these, as `taskset -p` does */
static inline void cpus_set(cpu_set_t set)
{
    ck_assert_int_eq(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* cpus_leave() - have this thread run anywhere but there, if it may */
static inline void cpus_leave(uint32_t cpu)
{
    cpu_set_t others = cpus_now();

    CPU_CLR(cpu, &others);
    if (CPU_COUNT(&others) > 0) {
        cpus_set(others);
    }
}

/* cpus_other() - one that this thread may use and is not on, where it stays for now; its own one if
 * there is no other */
static inline uint32_t cpus_other(void)
{
    const cpu_set_t all = cpus_now();
    const uint32_t own = spin_cpu();

    cpus_set(cpus_only(own));
    cpus_set(all);
    for (uint32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (cpu != own && CPU_ISSET(cpu, &all)) {
            return cpu;
        }
    }
    return own;
}
