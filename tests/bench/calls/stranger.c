/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/stranger.h"

#include "tests/bench/support/placement.h"

/* stranger_start() - one process on each CPU that never sleeps, until its family ends */
int stranger_start(struct family *family)
{
    int cpus[PLACEMENT_CPUS_MAX];
    int n_cpus = placement_cpus(cpus);

    for (int i = 0; i < n_cpus; i++) {
        pid_t pid = family_fork(family);
        if (pid < 0) {
            return -1;
        }
        if (pid == 0) {
            placement_pin(cpus[i]);
            for (;;) {
                __asm__ __volatile__("" ::: "memory");
            }
        }
    }
    return 0;
}
