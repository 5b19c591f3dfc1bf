/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/report.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "tests/bench/calls/placement.h"

/* report_machine() - as /proc/cpuinfo and the kernel call themselves */
void report_machine(char ret_machine[MACHINE_BYTES])
{
    char model[128] = "unknown CPU";
    char line[256];
    int cpus[PLACEMENT_CPUS_MAX];
    struct utsname name = {0};
    FILE *file = fopen("/proc/cpuinfo", "re");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "model name : %127[^\n]", model) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    (void)uname(&name);
    (void)snprintf(ret_machine, MACHINE_BYTES, "%s, %d CPUs, %.32s %.64s", model,
                   placement_cpus(cpus), name.sysname, name.release);
}

/* to_thousandths() - times are not known any better */
static json_t *to_thousandths(double value)
{
    return json_real((double)(long long)(value * 1000 + 0.5) / 1000);
}

/* contender_json() - everything about one of them */
static json_t *contender_json(const struct figures *figures)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "median_us", to_thousandths(figures->median_us),
                     "p99_us", to_thousandths(figures->p99_us), "calls_per_second",
                     to_thousandths(figures->calls_per_second), "slowest_share",
                     to_thousandths(figures->slowest));
}

static json_t *case_json(const struct plan_case *plan_case)
{
    const struct figures *ours = &plan_case->figures[CONTENDER_CAPCHAN];
    const double raw_us = plan_case_raw_us(plan_case);
    json_t *all = json_object();

    for (int i = 0; i < CONTENDERS; i++) {
        if (plan_case->n_repetitions[i] > 0) {
            (void)json_object_set_new(all, contender_names[i],
                                      contender_json(&plan_case->figures[i]));
        }
    }
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "work",
                     work_names[plan_case->work], "placement",
                     placement_names[plan_case->placement], "payload", (int)plan_case->payload,
                     "clients", (int)plan_case->n_clients, "active", (int)plan_case->n_active,
                     "median_us", to_thousandths(ours->median_us), "p99_us",
                     to_thousandths(ours->p99_us), "raw_us", to_thousandths(raw_us), "ratio",
                     to_thousandths(raw_us > 0 ? ours->median_us / raw_us : 0), "all", all);
}

static json_t *idle_json(const struct idle_channels *idle)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "channels", (int)idle->n_channels,
                     "bytes_each", to_thousandths(idle->bytes_each), "machine_bytes_each",
                     to_thousandths(idle->kernel_bytes_each), "first_us",
                     to_thousandths(idle->first_us), "last_us", to_thousandths(idle->last_us),
                     "cpu_share", to_thousandths(idle->cpu_share));
}

/* report_json() - write everything to @path. Return: 0; -1. */
int report_json(const struct report *report, const char *path)
{
    json_t *results = json_array();
    json_t *root = json_pack("{s:s, s:o}", "machine", report->machine, "results", results);

    for (size_t i = 0; i < report->plan->n_cases; i++) {
        (void)json_array_append_new(results, case_json(&report->plan->cases[i]));
    }
    if (report->idle != NULL) {
        (void)json_object_set_new(root, "idle_channels", idle_json(report->idle));
    }
    int r = root == NULL ? -1 : json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    json_decref(root);
    if (r != 0) {
        perror(path);
    }
    return r;
}
