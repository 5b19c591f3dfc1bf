/* SPDX-License-Identifier: Apache-2.0 */
#include "core/parting.h"

#include "core/colocation.h"
#include "core/spin.h"

/* After that it is seen again whether there is another CPU. */
#define AGAIN_NS INT64_C(100000000)

/*
 * parting_begin() - leave @cpu, where the server is, and do not come back before confinement_end(),
 * which has to come before anything else that the thread does but wait
 *
 * Nothing happens if the user allows no other CPU, or with CAPCHAN_COLOCATE=0.
 */
void parting_begin(struct parting *parting, struct confinement *stay, uint32_t cpu)
{
    int64_t next_ns = atomic_load_explicit(&parting->next_ns, memory_order_relaxed);

    stay->is_confined = false;
    if (next_ns != 0 && spin_now_ns() < next_ns) {
        return;
    }
    bool has_parted = colocation_may_move() && confinement_away_from(stay, cpu);
    next_ns = has_parted ? 0 : spin_now_ns() + AGAIN_NS;
    atomic_store_explicit(&parting->next_ns, next_ns, memory_order_relaxed);
}
