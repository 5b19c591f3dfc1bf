/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that accepts one client after the other, and the broker, on one CPU.
 *
 * Each wakes the other one twice for a client, and a wake-up across CPUs costs many times that on
 * the same one, which the scheduler does not know: it likes to put whoever is woken on a CPU that
 * is idle. So while a server keeps listening the broker stays on that CPU, and tells the server,
 * whose thread sleeps there, and the clients, who look out for its answer on another one; see
 * core/hints.h.
 *
 * Only for one server at a time: with several there is enough to do for all CPUs. And not where
 * somebody else has the CPU, or a server could keep the broker from those who wait for it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/confinement.h"

struct hints;

/* How long nobody needs to listen for the broker to be free again. */
#define COMPANY_REST_NS INT64_C(1000000)

/* After so long it is seen whether the broker could not run for too much of that. If so it stays
 * nowhere for a while that is so much longer that few will have noticed. */
#define COMPANY_LOOK_NS INT64_C(20000000)
#define COMPANY_PAUSE_NS INT64_C(4000000000)

/*
 * Zeroed at first.
 * @server:  the hints of who listened last; NULL: nobody did
 * @n_quick: how often it has in a row, each time soon after the last
 * @last_ns: when it did last
 * @pause_ns: before that the broker stays nowhere
 * @stay:    of the broker, on @cpu
 * @schedstat: meanwhile: what the kernel says about this thread
 * @looked_ns: meanwhile: when that was last looked at, and the broker had waited for @delay_ns
 * @kept_ns: how long it has been kept since that was judged; @waited_ns: without being able to run
 */
struct company {
    struct hints *server;
    unsigned n_quick;
    int64_t last_ns;
    int64_t pause_ns;
    struct confinement stay;
    uint32_t cpu;
    int schedstat;
    int64_t looked_ns;
    int64_t delay_ns;
    int64_t kept_ns;
    int64_t waited_ns;
};

/* company_is_kept() - whether the broker stays somewhere */
static inline bool company_is_kept(const struct company *company)
{
    return company->stay.is_confined;
}

void company_join(struct company *company, struct hints *server, uint32_t cpu, int64_t now_ns);
void company_meet(const struct company *company, struct hints *client);
void company_look(struct company *company, int64_t now_ns);
