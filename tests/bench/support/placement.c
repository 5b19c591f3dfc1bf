/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/placement.h"

#include <sched.h>
#include <stdio.h>

const char *const placement_names[PLACEMENTS] = {
    [PLACEMENT_FREE] = "free",
    [PLACEMENT_ONE_CPU] = "one-cpu",
    [PLACEMENT_TWO_CPUS] = "two-cpus",
};

/* placement_cpus() - the CPUs that this process may use, the first of them. Return: how many. */
int placement_cpus(int ret_cpus[PLACEMENT_CPUS_MAX])
{
    cpu_set_t allowed;
    int n = 0;

    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
        return 0;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE && n < PLACEMENT_CPUS_MAX; cpu++) {
        if (CPU_ISSET((size_t)cpu, &allowed)) {
            ret_cpus[n++] = cpu;
        }
    }
    return n;
}

/* placement_pin() - this process runs on @cpu only */
void placement_pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) != 0) {
        perror("bench: sched_setaffinity");
    }
}

/* placement_apply() - go where a client, or the server, belongs */
void placement_apply(enum placement placement, bool is_server)
{
    int cpus[PLACEMENT_CPUS_MAX];
    int n_cpus = placement_cpus(cpus);

    if (placement == PLACEMENT_FREE || n_cpus == 0) {
        return;
    }
    placement_pin(cpus[placement == PLACEMENT_TWO_CPUS && is_server && n_cpus > 1 ? 1 : 0]);
}
