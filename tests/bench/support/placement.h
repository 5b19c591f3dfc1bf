/* SPDX-License-Identifier: Apache-2.0 */
/*
 * On which CPUs clients and server are.
 */
#pragma once

#include <stdbool.h>

enum placement {
    PLACEMENT_FREE,    /* as the scheduler likes */
    PLACEMENT_ONE_CPU, /* all on the first one that we may use */
    PLACEMENT_TWO_CPUS /* clients on the first, the server on the second */
};

#define PLACEMENTS 3

#define PLACEMENT_CPUS_MAX 64

extern const char *const placement_names[PLACEMENTS];

int placement_cpus(int ret_cpus[PLACEMENT_CPUS_MAX]);
void placement_pin(int cpu);
void placement_apply(enum placement placement, bool is_server);
