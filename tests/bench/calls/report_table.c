/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/report.h"

#include <stdio.h>

#include "tests/bench/support/cells.h"

enum column {
    COLUMN_WORK,
    COLUMN_PLACEMENT,
    COLUMN_PAYLOAD,
    COLUMN_CLIENTS,
    COLUMN_MEDIAN,
    COLUMN_P99,
    COLUMN_ADAPTIVE,
    COLUMN_FUTEX,
    COLUMN_MANY,
    COLUMN_SOCKET,
    COLUMN_RATIO,
    COLUMN_CALLS,
    COLUMN_CALLS_RATIO,
    COLUMN_SLOWEST,
    COLUMNS
};

static const char *const headings[COLUMNS] = {
    [COLUMN_WORK] = "WORK",          [COLUMN_PLACEMENT] = "PLACEMENT",
    [COLUMN_PAYLOAD] = "BYTES",      [COLUMN_CLIENTS] = "ACTIVE/CLIENTS",
    [COLUMN_MEDIAN] = "MEDIAN",      [COLUMN_P99] = "P99",
    [COLUMN_ADAPTIVE] = "ADAPTIVE",  [COLUMN_FUTEX] = "FUTEX",
    [COLUMN_MANY] = "MANY",          [COLUMN_SOCKET] = "SOCKET",
    [COLUMN_RATIO] = "RATIO",        [COLUMN_CALLS] = "CALLS/S",
    [COLUMN_CALLS_RATIO] = "OF RAW", [COLUMN_SLOWEST] = "SLOWEST",
};

/* raw_calls_per_second() - of the raw reference that made most */
static double raw_calls_per_second(const struct plan_case *plan_case)
{
    double most = plan_case->figures[CONTENDER_RAW_MANY].calls_per_second;

    for (int i = CONTENDER_RAW_ADAPTIVE; i <= CONTENDER_RAW_FUTEX; i++) {
        double calls = plan_case->figures[i].calls_per_second;
        most = calls > most ? calls : most;
    }
    return most;
}

static void fill_line(struct libscols_line *line, const struct plan_case *plan_case)
{
    const struct figures *figures = plan_case->figures;
    const struct figures *ours = &figures[CONTENDER_CAPCHAN];
    const double raw_us = plan_case_raw_us(plan_case);
    const double raw_calls = raw_calls_per_second(plan_case);

    cell_set(line, COLUMN_WORK, "%s", work_names[plan_case->work]);
    cell_set(line, COLUMN_PLACEMENT, "%s", placement_names[plan_case->placement]);
    cell_set(line, COLUMN_PAYLOAD, "%zu", plan_case->payload);
    cell_set(line, COLUMN_CLIENTS, "%u/%u", plan_case->n_active, plan_case->n_clients);
    cell_set_number(line, COLUMN_MEDIAN, ours->median_us);
    cell_set_number(line, COLUMN_P99, ours->p99_us);
    cell_set_number(line, COLUMN_ADAPTIVE, figures[CONTENDER_RAW_ADAPTIVE].median_us);
    cell_set_number(line, COLUMN_FUTEX, figures[CONTENDER_RAW_FUTEX].median_us);
    cell_set_number(line, COLUMN_MANY, figures[CONTENDER_RAW_MANY].median_us);
    cell_set_number(
        line, COLUMN_SOCKET,
        figures[CONTENDER_UNIX_EPOLL].median_us + figures[CONTENDER_SOCKET_PROTOBUF].median_us +
            figures[CONTENDER_UNIX_CONNECT].median_us + figures[CONTENDER_SCM_RIGHTS].median_us);
    if (raw_us > 0) {
        cell_set(line, COLUMN_RATIO, "%.2f", ours->median_us / raw_us);
    }
    cell_set(line, COLUMN_CALLS, "%.0f", ours->calls_per_second);
    if (raw_calls > 0) {
        cell_set(line, COLUMN_CALLS_RATIO, "%.2f", ours->calls_per_second / raw_calls);
    }
    if (plan_case->n_active > 1) {
        cell_set(line, COLUMN_SLOWEST, "%.2f", ours->slowest);
    }
}

/* new_table() - with headings; all but the first @n_left columns to the right. Return: NULL. */
static struct libscols_table *new_table(const char *const *names, size_t n, size_t n_left)
{
    struct libscols_table *table = scols_new_table();

    for (size_t i = 0; table != NULL && i < n; i++) {
        (void)scols_table_new_column(table, names[i], 0, i < n_left ? 0 : SCOLS_FL_RIGHT);
    }
    return table;
}

/* print_head() - when and where this was measured, and what the columns are */
static void print_head(const struct report *report)
{
    (void)printf(
        "%s, %s\n"
        "Round trips in us, medians of the repetitions: MEDIAN and P99 are ours, ADAPTIVE, "
        "FUTEX and MANY raw shared memory,\n"
        "SOCKET is AF_UNIX. RATIO: our median to the best raw one, in a transfer to SCM_RIGHTS;\n"
        "OF RAW: our calls per second, of the raw ones.\n",
        report->occasion.date, report->occasion.machine);
}

/* report_table() - one line for each case, on stdout. Return: 0; -1. */
int report_table(const struct report *report)
{
    struct libscols_table *table = new_table(headings, COLUMNS, COLUMN_PAYLOAD);

    if (table == NULL) {
        return -1;
    }
    for (size_t i = 0; i < report->plan->n_cases; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        if (line != NULL) {
            fill_line(line, &report->plan->cases[i]);
        }
    }
    print_head(report);
    int r = scols_print_table(table);
    scols_unref_table(table);
    return r;
}
