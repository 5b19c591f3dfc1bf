/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client's thread that is not where its server is.
 *
 * A server that is busy with clients on other CPUs has its own one all the time. Whoever shares
 * that with it is served only when the scheduler takes the server off, and so far less often than
 * the others; and each time the others have to wait. On another CPU it takes turns with them. It is
 * the server that knows; see enum shared_advice.
 *
 * A thread that ends its stay elsewhere may run anywhere again, but does not move by itself.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "core/confinement.h"

/* Zeroed at first. Threads may share one: what they lose is a guess. */
struct parting {
    _Atomic int64_t next_ns; /* there is no other CPU: not to be tried again before that */
};

void parting_begin(struct parting *parting, struct confinement *stay, uint32_t cpu);
