/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/plan.h"

#include <stdint.h>
#include <string.h>

const char *const work_names[WORKS] = {
    [WORK_HOT] = "echo",          [WORK_SPARSE] = "echo-sparse",
    [WORK_IDLE] = "echo-idle",    [WORK_STRANGER] = "echo-stranger",
    [WORK_MANY] = "echo-many",    [WORK_CONNECT] = "connect",
    [WORK_TRANSFER] = "transfer",
};

static const bool takes_part[WORKS][CONTENDERS] = {
    [WORK_HOT] =
        {[CONTENDER_CAPCHAN] = true, [CONTENDER_RAW_ADAPTIVE] = true, [CONTENDER_RAW_FUTEX] = true},
    [WORK_SPARSE] = {[CONTENDER_CAPCHAN] = true,
                     [CONTENDER_RAW_ADAPTIVE] = true,
                     [CONTENDER_RAW_FUTEX] = true,
                     [CONTENDER_SOCKET_PROTOBUF] = true},
    [WORK_IDLE] = {[CONTENDER_CAPCHAN] = true,
                   [CONTENDER_RAW_ADAPTIVE] = true,
                   [CONTENDER_RAW_FUTEX] = true,
                   [CONTENDER_SOCKET_PROTOBUF] = true},
    [WORK_STRANGER] =
        {[CONTENDER_CAPCHAN] = true, [CONTENDER_RAW_ADAPTIVE] = true, [CONTENDER_RAW_FUTEX] = true},
    [WORK_MANY] =
        {[CONTENDER_CAPCHAN] = true, [CONTENDER_RAW_MANY] = true, [CONTENDER_UNIX_EPOLL] = true},
    [WORK_CONNECT] = {[CONTENDER_CAPCHAN] = true, [CONTENDER_UNIX_CONNECT] = true},
    [WORK_TRANSFER] = {[CONTENDER_CAPCHAN] = true, [CONTENDER_SCM_RIGHTS] = true},
};

/* Of one server, those connected and those active; a quick run has fewer. */
static const struct {
    enum placement placement;
    unsigned n_clients;
    unsigned n_active;
    bool is_quick;
} crowds[] = {
    {PLACEMENT_FREE, 1, 1, true},     {PLACEMENT_FREE, 8, 8, true},
    {PLACEMENT_FREE, 64, 8, true},    {PLACEMENT_FREE, 64, 64, true},
    {PLACEMENT_FREE, 512, 8, false},  {PLACEMENT_FREE, 512, 512, false},
    {PLACEMENT_ONE_CPU, 8, 8, false}, {PLACEMENT_ONE_CPU, 64, 64, false},
};

static const struct {
    size_t bytes;
    bool is_quick;
} payloads[] = {{4, true}, {64, false}, {4096, true}, {65536, false}, {1048576, true}};

#define N_CROWDS (sizeof(crowds) / sizeof(crowds[0]))
#define N_PAYLOADS (sizeof(payloads) / sizeof(payloads[0]))

/* plan_has() - whether @contender takes part in @work */
bool plan_has(enum work work, enum contender contender)
{
    return takes_part[work][contender];
}

/* plan_add() - if that was chosen, and if there are CPUs for it */
static void plan_add(struct plan *plan, const struct plan_choice *choice,
                     const struct plan_case *plan_case)
{
    int cpus[PLACEMENT_CPUS_MAX];

    if ((choice->work != NULL && strcmp(choice->work, work_names[plan_case->work]) != 0) ||
        (choice->placement != NULL &&
         strcmp(choice->placement, placement_names[plan_case->placement]) != 0) ||
        (plan_case->placement == PLACEMENT_TWO_CPUS && placement_cpus(cpus) < 2) ||
        plan->n_cases == CASES_MAX) {
        return;
    }
    plan->cases[plan->n_cases++] = *plan_case;
}

/* plan_add_pair() - one client, one server, in every placement */
static void plan_add_pair(struct plan *plan, const struct plan_choice *choice, enum work work,
                          size_t payload)
{
    struct plan_case plan_case = {.work = work, .payload = payload, .n_clients = 1, .n_active = 1};

    for (int i = 0; i < PLACEMENTS; i++) {
        plan_case.placement = (enum placement)i;
        plan_add(plan, choice, &plan_case);
    }
}

static void plan_add_crowds(struct plan *plan, const struct plan_choice *choice)
{
    for (size_t i = 0; i < N_CROWDS; i++) {
        const struct plan_case plan_case = {.work = WORK_MANY,
                                            .placement = crowds[i].placement,
                                            .payload = sizeof(uint32_t),
                                            .n_clients = crowds[i].n_clients,
                                            .n_active = crowds[i].n_active};
        if (!choice->is_quick || crowds[i].is_quick) {
            plan_add(plan, choice, &plan_case);
        }
    }
}

/* plan_make() - all that was chosen */
void plan_make(struct plan *plan, const struct plan_choice *choice)
{
    memset(plan, 0, sizeof(*plan));
    for (size_t i = 0; i < N_PAYLOADS; i++) {
        if (!choice->is_quick || payloads[i].is_quick) {
            plan_add_pair(plan, choice, WORK_HOT, payloads[i].bytes);
        }
    }
    plan_add_pair(plan, choice, WORK_SPARSE, sizeof(uint32_t));
    plan_add_pair(plan, choice, WORK_IDLE, sizeof(uint32_t));
    plan_add_pair(plan, choice, WORK_STRANGER, sizeof(uint32_t));
    plan_add_crowds(plan, choice);
    plan_add_pair(plan, choice, WORK_CONNECT, sizeof(uint32_t));
    plan_add_pair(plan, choice, WORK_TRANSFER, sizeof(uint32_t));
}

/* plan_case_settle() - all repetitions were made */
void plan_case_settle(struct plan_case *plan_case)
{
    for (int i = 0; i < CONTENDERS; i++) {
        plan_case->figures[i] =
            figures_median(plan_case->repetitions[i], plan_case->n_repetitions[i]);
    }
}

/* plan_case_raw_us() - the median of the best raw reference; 0 if there is none */
double plan_case_raw_us(const struct plan_case *plan_case)
{
    static const enum contender raw[] = {CONTENDER_RAW_ADAPTIVE, CONTENDER_RAW_FUTEX,
                                         CONTENDER_RAW_MANY, CONTENDER_SCM_RIGHTS};
    double best = 0;

    for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++) {
        double us = plan_case->figures[raw[i]].median_us;
        best = us > 0 && (best == 0 || us < best) ? us : best;
    }
    return best;
}

/* plan_find() - Return: that case; NULL if it was not chosen. */
const struct plan_case *plan_find(const struct plan *plan, enum work work, enum placement placement,
                                  size_t payload, unsigned n_clients, unsigned n_active)
{
    for (size_t i = 0; i < plan->n_cases; i++) {
        const struct plan_case *candidate = &plan->cases[i];
        if (candidate->work == work && candidate->placement == placement &&
            candidate->payload == payload && candidate->n_clients == n_clients &&
            candidate->n_active == n_active) {
            return candidate;
        }
    }
    return NULL;
}
