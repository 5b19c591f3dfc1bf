/* SPDX-License-Identifier: Apache-2.0 */
#include "core/confinement.h"

/* begin() - to @cpu if @is_there, or else to all others, of those that the user allows. Return:
 * whether there is any. */
static bool begin(struct confinement *confinement, uint32_t cpu, bool is_there)
{
    cpu_set_t *cpus = &confinement->cpus;

    confinement->is_confined = false;
    if (cpu >= CPU_SETSIZE ||
        sched_getaffinity(0, sizeof(confinement->own), &confinement->own) < 0) {
        return false;
    }
    if (is_there) {
        CPU_ZERO(cpus);
        CPU_SET(cpu, cpus);
        CPU_AND(cpus, cpus, &confinement->own);
    } else {
        *cpus = confinement->own;
        CPU_CLR(cpu, cpus);
    }
    confinement->is_confined =
        CPU_COUNT(cpus) > 0 && sched_setaffinity(0, sizeof(*cpus), cpus) == 0;
    return confinement->is_confined;
}

/* confinement_to() - keep the calling thread on @cpu. Return: false: it is none that the user
 * allows, and nothing happens. */
bool confinement_to(struct confinement *confinement, uint32_t cpu)
{
    return begin(confinement, cpu, true);
}

/* confinement_away_from() - have the calling thread leave @cpu, and not come back. Return: false:
 * the user allows no other one, or @cpu is none, and nothing happens. */
bool confinement_away_from(struct confinement *confinement, uint32_t cpu)
{
    return begin(confinement, cpu, false);
}

/* confinement_end() - by the same thread, whether it is confined or not. Return: false: somebody
 * has set another affinity meanwhile, which stays. */
bool confinement_end(struct confinement *confinement)
{
    cpu_set_t now;

    if (!confinement->is_confined) {
        return true;
    }
    confinement->is_confined = false;
    if (sched_getaffinity(0, sizeof(now), &now) < 0 || !CPU_EQUAL(&now, &confinement->cpus)) {
        return false;
    }
    (void)sched_setaffinity(0, sizeof(confinement->own), &confinement->own);
    return true;
}
