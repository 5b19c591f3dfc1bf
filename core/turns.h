/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns of clients that share a CPU, while their server looks out for them on another one.
 *
 * Each of them that runs gets its replies without a rest, and so keeps the others from running for
 * as long as the scheduler lets it: milliseconds. So whoever has made some calls in a row from its
 * CPU is advised to sleep for a moment. It is served all the same; the sleep only lets another one
 * run. To sleep just until the reply comes would not do: that is there first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Clients by the CPU that they say they are on; two CPUs may share an entry. */
#define TURNS_CPUS 16

/*
 * @whose:       who called last; may be gone, and is only ever compared. NULL: nobody
 * @n_calls:     that it has made in a row
 * @n_calls_max: after as many its turn ends; grows as long as nobody else calls
 */
struct turn {
    const void *whose;
    unsigned n_calls;
    unsigned n_calls_max;
};

/* Zeroed at first. */
struct turns {
    struct turn on[TURNS_CPUS];
};

bool turns_take(struct turns *turns, const void *who, uint32_t cpu, size_t n_callers);
void turns_pass_on(void);
