/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process and all that it has started take of the machine.
 */
#pragma once

#include <sys/types.h>

/*
 * @bytes:  memory, what several of them share counted once
 * @cpu_ns: since they were started
 */
struct descendants {
    double bytes;
    double cpu_ns;
};

void descendants_count(pid_t ancestor, struct descendants *ret_sum);
void descendants_count_cpu(pid_t ancestor, struct descendants *ret_sum);
