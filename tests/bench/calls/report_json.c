/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/report.h"

#include "tests/bench/support/json_file.h"

/* contender_json() - everything about one of them */
static json_t *contender_json(const struct figures *figures)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "median_us", json_thousandths(figures->median_us),
                     "p99_us", json_thousandths(figures->p99_us), "calls_per_second",
                     json_thousandths(figures->calls_per_second), "slowest_share",
                     json_thousandths(figures->slowest));
}

static json_t *case_json(const struct plan_case *plan_case)
{
    const struct figures *ours = &plan_case->figures[CONTENDER_CAPCHAN];
    const double raw_us = plan_case_raw_us(plan_case);
    json_t *all = json_object();

    for (int i = 0; i < CONTENDERS; i++) {
        if (plan_case->n_repetitions[i] > 0) {
            (void)json_object_set_new(all, contenders[i].name,
                                      contender_json(&plan_case->figures[i]));
        }
    }
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "work",
                     work_names[plan_case->work], "placement",
                     placement_names[plan_case->placement], "payload", (int)plan_case->payload,
                     "clients", (int)plan_case->n_clients, "active", (int)plan_case->n_active,
                     "median_us", json_thousandths(ours->median_us), "p99_us",
                     json_thousandths(ours->p99_us), "raw_us", json_thousandths(raw_us), "ratio",
                     json_thousandths(raw_us > 0 ? ours->median_us / raw_us : 0), "all", all);
}

static json_t *idle_json(const struct idle_channels *idle)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "channels", (int)idle->n_channels,
                     "bytes_each", json_thousandths(idle->bytes_each), "machine_bytes_each",
                     json_thousandths(idle->kernel_bytes_each), "first_us",
                     json_thousandths(idle->first_us), "last_us", json_thousandths(idle->last_us),
                     "cpu_share", json_thousandths(idle->cpu_share));
}

static json_t *revocation_json(const struct revocation *revocation)
{
    return json_pack("{s:i, s:o, s:o, s:o}", "rounds", (int)revocation->n, "refused_p50_us",
                     json_thousandths(revocation->refused_p50_us), "refused_p99_us",
                     json_thousandths(revocation->refused_p99_us), "revoke_us",
                     json_thousandths(revocation->revoke_us));
}

/* report_json() - write everything to @path. Return: 0; -1. */
int report_json(const struct report *report, const char *path)
{
    json_t *results = json_array();
    json_t *root = json_pack("{s:s, s:s, s:o}", "date", report->occasion.date, "machine",
                             report->occasion.machine, "results", results);

    for (size_t i = 0; i < report->plan->n_cases; i++) {
        (void)json_array_append_new(results, case_json(&report->plan->cases[i]));
    }
    if (report->idle != NULL) {
        (void)json_object_set_new(root, "idle_channels", idle_json(report->idle));
    }
    if (report->revocation != NULL) {
        (void)json_object_set_new(root, "revoke", revocation_json(report->revocation));
    }
    return json_file_write(root, path);
}
