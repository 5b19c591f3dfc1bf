/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that sleeps where those run who wake it: a server's where its caller is, and who waits
 * for clients where the broker says that it stays.
 *
 * A wake-up across CPUs takes 50 us and more, one on the same CPU two. A caller that comes now and
 * then is not worth looking out for, so a thread that keeps being woken across CPUs confines itself
 * to the caller's CPU for as long as it sleeps. When it runs, its affinity is what the user set:
 * neither the program's own code nor threads and processes that it starts ever see another one.
 *
 * Only for a thread with a single client: nobody else can be delayed by what runs there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/confinement.h"

/*
 * For one thread at a time; zeroed at first.
 * @never_looks: it cannot look out instead of sleeping, however soon it is woken
 * @n_apart:     sleeps in a row before which the caller was on another CPU
 * @n_confined:  sleeps in a row where the caller was
 * @n_short:     of those, the last ones that ended so soon that looking out would have paid
 * @trial:       as many, and then it is seen whether the scheduler keeps both together by itself
 * @stay:        on @cpu
 */
struct colocation {
    bool never_looks;
    unsigned n_apart;
    unsigned n_confined;
    unsigned n_short;
    unsigned trial;
    struct confinement stay;
    uint32_t cpu;
    int64_t since_ns;
};

/* What CAPCHAN_COLOCATE says, NULL if it is not set: anything but 0 is yes. */
bool colocation_is_wanted(const char *setting);

bool colocation_may_move(void);
void colocation_begin(struct colocation *colocation, uint32_t caller_cpu);
void colocation_leave(struct colocation *colocation);

/* colocation_end() - after the sleep: the affinity is the user's again */
static inline void colocation_end(struct colocation *colocation)
{
    if (colocation->stay.is_confined) {
        colocation_leave(colocation);
    }
}
