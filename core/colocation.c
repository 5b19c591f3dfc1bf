/* SPDX-License-Identifier: Apache-2.0 */
#include "core/colocation.h"

#include <stdlib.h>
#include <string.h>

#include "core/every_call.h"
#include "core/spin.h"

/* Once may be chance. */
#define APART_MIN 4

/* Between two trials; each doubles the number. */
#define TRIAL_FIRST 64
#define TRIAL_LAST 4096

/* A caller that comes back within SHORT_NS, SHORT_MAX times in a row, is not sparse. */
#define SHORT_NS INT64_C(50000)
#define SHORT_MAX 8

EVERY_CALL_DATA static bool is_wanted;

/* colocation_is_wanted() - see there */
bool colocation_is_wanted(const char *setting)
{
    return setting == NULL || strcmp(setting, "0") != 0;
}

/* settings_load() - once, before main(), like those of core/spin.c */
__attribute__((constructor)) static void settings_load(void)
{
    is_wanted = colocation_is_wanted(secure_getenv("CAPCHAN_COLOCATE"));
}

/* colocation_may_move() - whether threads may be moved to other CPUs at all */
bool colocation_may_move(void)
{
    return is_wanted;
}

/* should_confine() - learn from where the last call found both ends */
static bool should_confine(struct colocation *colocation, uint32_t caller_cpu)
{
    if (colocation->n_confined == 0) {
        colocation->n_apart = spin_cpu() == caller_cpu ? 0 : colocation->n_apart + 1;
        return colocation->n_apart >= APART_MIN;
    }
    if (colocation->n_confined >= colocation->trial) {
        colocation->n_confined = 0;
        colocation->n_apart = APART_MIN - 1;
        colocation->trial = 2 * colocation->trial < TRIAL_LAST ? 2 * colocation->trial : TRIAL_LAST;
        return false;
    }
    return true;
}

/*
 * colocation_begin() - before a thread sleeps, waiting for a caller that was on @caller_cpu, which
 * may be none that there is
 *
 * Whatever follows, colocation_end() has to come before anything else that the thread does.
 */
EVERY_CALL void colocation_begin(struct colocation *colocation, uint32_t caller_cpu)
{
    if (caller_cpu >= CPU_SETSIZE || !colocation_may_move()) {
        return;
    }
    if (colocation->trial == 0) {
        colocation->trial = TRIAL_FIRST;
    }
    if (!should_confine(colocation, caller_cpu)) {
        return;
    }
    if (!confinement_to(&colocation->stay, caller_cpu)) {
        colocation->n_apart = colocation->n_confined = 0;
        return;
    }
    colocation->n_confined++;
    colocation->cpu = caller_cpu;
    colocation->since_ns = spin_now_ns();
}

/* part() - go to another CPU than the caller's: it comes so often that it pays to look out for it
 */
static void part(struct colocation *colocation)
{
    colocation->n_apart = colocation->n_confined = colocation->n_short = 0;
    (void)confinement_away_from(&colocation->stay, colocation->cpu);
    (void)confinement_end(&colocation->stay);
}

/* colocation_leave() - colocation_end() of a thread that is confined */
void colocation_leave(struct colocation *colocation)
{
    bool is_short = spin_now_ns() - colocation->since_ns < SHORT_NS;
    colocation->n_short = is_short ? colocation->n_short + 1 : 0;
    if (!confinement_end(&colocation->stay)) {
        colocation->n_apart = colocation->n_confined = 0;
    } else if (colocation->n_short >= SHORT_MAX && !colocation->never_looks) {
        part(colocation);
    }
}
