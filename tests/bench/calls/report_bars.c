/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the figures ought to be, and whether they are.
 */
#include "tests/bench/calls/report.h"

#include <stdint.h>
#include <stdio.h>

#include "tests/bench/support/cells.h"

/* Which member of the figures is compared. */
enum measure {
    MEASURE_MEDIAN, /* at most the limit times that of the other contender */
    MEASURE_CALLS,  /* calls per second, at least that */
};

struct bar {
    enum work work;
    enum placement placement;
    size_t payload;
    unsigned n_clients;
    unsigned n_active;
    enum measure measure;
    enum contender other;
    double limit;
};

#define NUMBER sizeof(uint32_t)
#define PAIR 1, 1

static const struct bar bars[] = {
    {WORK_HOT, PLACEMENT_FREE, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_ADAPTIVE, 1.5},
    {WORK_HOT, PLACEMENT_TWO_CPUS, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_ADAPTIVE, 1.5},
    {WORK_HOT, PLACEMENT_ONE_CPU, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_FUTEX, 1.25},
    {WORK_HOT, PLACEMENT_FREE, 4096, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_ADAPTIVE, 1.5},
    {WORK_HOT, PLACEMENT_TWO_CPUS, 4096, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_ADAPTIVE, 1.5},
    {WORK_HOT, PLACEMENT_ONE_CPU, 4096, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_FUTEX, 1.5},
    {WORK_SPARSE, PLACEMENT_TWO_CPUS, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_ADAPTIVE, 1.2},
    {WORK_SPARSE, PLACEMENT_TWO_CPUS, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_SOCKET_PROTOBUF, 0.6},
    {WORK_SPARSE, PLACEMENT_ONE_CPU, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_FUTEX, 1.35},
    {WORK_SPARSE, PLACEMENT_FREE, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_RAW_FUTEX, 1.35},
    {WORK_STRANGER, PLACEMENT_FREE, NUMBER, PAIR, MEASURE_CALLS, CONTENDER_RAW_FUTEX, 0.9},
    {WORK_STRANGER, PLACEMENT_TWO_CPUS, NUMBER, PAIR, MEASURE_CALLS, CONTENDER_RAW_FUTEX, 0.9},
    {WORK_STRANGER, PLACEMENT_ONE_CPU, NUMBER, PAIR, MEASURE_CALLS, CONTENDER_RAW_FUTEX, 0.9},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 8, 8, MEASURE_CALLS, CONTENDER_RAW_MANY, 0.7},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 64, 64, MEASURE_CALLS, CONTENDER_RAW_MANY, 0.7},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 512, 512, MEASURE_CALLS, CONTENDER_RAW_MANY, 0.7},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 64, 8, MEASURE_CALLS, CONTENDER_RAW_MANY, 0.7},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 512, 8, MEASURE_CALLS, CONTENDER_RAW_MANY, 0.7},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 8, 8, MEASURE_CALLS, CONTENDER_UNIX_EPOLL, 2},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 64, 64, MEASURE_CALLS, CONTENDER_UNIX_EPOLL, 2},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 512, 512, MEASURE_CALLS, CONTENDER_UNIX_EPOLL, 2},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 64, 8, MEASURE_CALLS, CONTENDER_UNIX_EPOLL, 2},
    {WORK_MANY, PLACEMENT_FREE, NUMBER, 512, 8, MEASURE_CALLS, CONTENDER_UNIX_EPOLL, 2},
    {WORK_CONNECT, PLACEMENT_FREE, NUMBER, PAIR, MEASURE_CALLS, CONTENDER_UNIX_CONNECT, 0.33},
    {WORK_TRANSFER, PLACEMENT_FREE, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_SCM_RIGHTS, 4},
    {WORK_TRANSFER, PLACEMENT_TWO_CPUS, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_SCM_RIGHTS, 4},
    {WORK_TRANSFER, PLACEMENT_ONE_CPU, NUMBER, PAIR, MEASURE_MEDIAN, CONTENDER_SCM_RIGHTS, 4},
};

#define N_BARS (sizeof(bars) / sizeof(bars[0]))
#define TEXT_BYTES 160
#define SLOWEST_LIMIT 0.5
#define CONNECTED_LIMIT 0.9
#define REFUSED_P99_US_LIMIT 200
#define IDLE_KIB_LIMIT 32
#define LAST_CONNECT_LIMIT 2

/* add() - one line: what was compared, what came out, what it should be */
static void add(struct libscols_table *table, const char *what, double value, bool is_at_most,
                double limit)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);
    const bool is_met = is_at_most ? value <= limit : value >= limit;

    if (line == NULL) {
        return;
    }
    cell_set(line, 0, "%s", what);
    cell_set(line, 1, "%.2f", value);
    cell_set(line, 2, "%s %.2f", is_at_most ? "<=" : ">=", limit);
    cell_set(line, 3, "%s", is_met ? "yes" : "NO");
}

/* describe() - a case and what of it is compared */
static const char *describe(const struct plan_case *plan_case, const char *what,
                            char text[TEXT_BYTES])
{
    (void)snprintf(text, TEXT_BYTES, "%s, %s, %zu bytes, %u of %u: %s", work_names[plan_case->work],
                   placement_names[plan_case->placement], plan_case->payload, plan_case->n_active,
                   plan_case->n_clients, what);
    return text;
}

/* add_bar() - if both were measured */
static void add_bar(struct libscols_table *table, const struct plan *plan, const struct bar *bar)
{
    const struct plan_case *found =
        plan_find(plan, bar->work, bar->placement, bar->payload, bar->n_clients, bar->n_active);
    const bool is_median = bar->measure == MEASURE_MEDIAN;
    char what[64];
    char text[TEXT_BYTES];

    if (found == NULL || found->figures[CONTENDER_CAPCHAN].median_us == 0 ||
        found->figures[bar->other].median_us == 0) {
        return;
    }
    const struct figures *ours = &found->figures[CONTENDER_CAPCHAN];
    const struct figures *other = &found->figures[bar->other];
    (void)snprintf(what, sizeof(what), "%s of %s", is_median ? "median" : "calls/s",
                   contenders[bar->other].name);
    add(table, describe(found, what, text),
        is_median ? ours->median_us / other->median_us
                  : ours->calls_per_second / other->calls_per_second,
        is_median, bar->limit);
}

/* add_fairness() - no client may fall behind, nor may those who only are connected slow others */
static void add_fairness(struct libscols_table *table, const struct plan *plan)
{
    const struct plan_case *few = plan_find(plan, WORK_MANY, PLACEMENT_FREE, NUMBER, 8, 8);
    const struct plan_case *most = plan_find(plan, WORK_MANY, PLACEMENT_FREE, NUMBER, 512, 8);
    char text[TEXT_BYTES];

    for (size_t i = 0; i < plan->n_cases; i++) {
        const struct plan_case *plan_case = &plan->cases[i];
        if (plan_case->n_active > 1) {
            add(table, describe(plan_case, "slowest client of mean", text),
                plan_case->figures[CONTENDER_CAPCHAN].slowest, false, SLOWEST_LIMIT);
        }
    }
    if (few != NULL && most != NULL && few->figures[CONTENDER_CAPCHAN].calls_per_second > 0) {
        add(table, describe(most, "calls/s of 8 of 8", text),
            most->figures[CONTENDER_CAPCHAN].calls_per_second /
                few->figures[CONTENDER_CAPCHAN].calls_per_second,
            false, CONNECTED_LIMIT);
    }
}

/* add_idle() - very many of them */
static void add_idle(struct libscols_table *table, const struct idle_channels *idle)
{
    add(table, "idle channels: KiB of each in processes", idle->bytes_each / 1024, true,
        IDLE_KIB_LIMIT);
    add(table, "idle channels: connect and first call, the last of the first",
        idle->last_us / idle->first_us, true, LAST_CONNECT_LIMIT);
}

static void print_revocation(const struct revocation *revocation)
{
    (void)printf("\nrevoke, %u times: refused to a holder who calls without rest %.2f us after "
                 "KnHandleRevoke() returned, p99 %.2f us;\nit takes %.0f us itself\n",
                 revocation->n, revocation->refused_p50_us, revocation->refused_p99_us,
                 revocation->revoke_us);
}

static void print_idle(const struct idle_channels *idle)
{
    (void)printf("\n%u idle channels: %.1f KiB each in processes, %.1f KiB of the machine's memory;"
                 " %.2f %% of a CPU;\nconnect and first call: %.0f us for the first, %.0f us for "
                 "the last\n",
                 idle->n_channels, idle->bytes_each / 1024, idle->kernel_bytes_each / 1024,
                 idle->cpu_share * 100, idle->first_us, idle->last_us);
}

/* report_bars() - on stdout. Return: 0; -1. */
int report_bars(const struct report *report)
{
    struct libscols_table *table = scols_new_table();

    if (table == NULL) {
        return -1;
    }
    (void)scols_table_new_column(table, "WHAT", 0, 0);
    (void)scols_table_new_column(table, "MEASURED", 0, SCOLS_FL_RIGHT);
    (void)scols_table_new_column(table, "SHOULD BE", 0, SCOLS_FL_RIGHT);
    (void)scols_table_new_column(table, "IS", 0, SCOLS_FL_RIGHT);
    for (size_t i = 0; i < N_BARS; i++) {
        add_bar(table, report->plan, &bars[i]);
    }
    add_fairness(table, report->plan);
    if (report->revocation != NULL) {
        add(table, "revoke, two-cpus: p99 until the holder is refused, us",
            report->revocation->refused_p99_us, true, REFUSED_P99_US_LIMIT);
    }
    if (report->idle != NULL) {
        add_idle(table, report->idle);
    }
    (void)putchar('\n');
    int r = scols_print_table(table);
    scols_unref_table(table);
    if (report->revocation != NULL) {
        print_revocation(report->revocation);
    }
    if (report->idle != NULL) {
        print_idle(report->idle);
    }
    return r;
}
