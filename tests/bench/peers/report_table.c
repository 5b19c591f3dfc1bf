/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/report.h"

#include <stdio.h>

#include "tests/bench/support/cells.h"

/* Of each placement: the median, the 99th percentile, and how many times as fast we are. */
#define COLUMNS_EACH 3

enum {
    COLUMN_WORK,
    COLUMN_PEER,
    COLUMN_FIRST
};

static const enum placement order[PLACEMENTS] = {PLACEMENT_TWO_CPUS, PLACEMENT_FREE,
                                                 PLACEMENT_ONE_CPU};

static const char *const headings[PLACEMENTS] = {
    [PLACEMENT_FREE] = "FREE", [PLACEMENT_ONE_CPU] = "ONE-CPU", [PLACEMENT_TWO_CPUS] = "TWO-CPUS"};

/* set_factor() - beside what was promised */
static void set_factor(struct libscols_line *line, size_t column, double factor, double bar)
{
    int n_digits = factor < 10 ? 2 : factor < 100 ? 1 : 0;

    if (bar > 0) {
        cell_set(line, column, "%.*fx %s %g", n_digits, factor, factor >= bar ? ">=" : "<", bar);
    } else {
        cell_set(line, column, "%.*fx", n_digits, factor);
    }
}

static void fill_line(struct libscols_line *line, const struct plan *plan, unsigned work,
                      enum peer peer)
{
    cell_set(line, COLUMN_WORK, "%s", works[work].title);
    cell_set(line, COLUMN_PEER, "%s", peer_describe(peer)->name);
    for (size_t i = 0; i < PLACEMENTS; i++) {
        const struct outcome *outcome = &plan->outcomes[work][order[i]][peer];
        size_t column = COLUMN_FIRST + COLUMNS_EACH * i;
        if (!peer_is_there(peer)) {
            cell_set(line, column, "missing");
        } else if (outcome->n_repetitions > 0) {
            cell_set_number(line, column, outcome->figures.median_us);
            cell_set_number(line, column + 1, outcome->figures.p99_us);
            if (peer != PEER_CAPCHAN) {
                set_factor(line, column + 2, plan_factor(plan, work, order[i], peer),
                           plan_bar(work, order[i], peer));
            }
        }
    }
}

/* is_measured() - in any placement */
static bool is_measured(const struct plan *plan, unsigned work, enum peer peer)
{
    for (size_t i = 0; i < PLACEMENTS; i++) {
        if (plan->outcomes[work][i][peer].n_repetitions > 0) {
            return true;
        }
    }
    return false;
}

/* is_shown() - what was not chosen is not */
static bool is_shown(const struct plan *plan, unsigned work, enum peer peer)
{
    return is_measured(plan, work, peer) ||
           (!peer_is_there(peer) && is_measured(plan, work, PEER_CAPCHAN));
}

/* new_table() - with headings only. Return: NULL on error. */
static struct libscols_table *new_table(void)
{
    struct libscols_table *table = scols_new_table();

    if (table == NULL) {
        return NULL;
    }
    (void)scols_table_new_column(table, "CALLS", 0, 0);
    (void)scols_table_new_column(table, "PEER", 0, 0);
    for (size_t i = 0; i < PLACEMENTS; i++) {
        (void)scols_table_new_column(table, headings[order[i]], 0, SCOLS_FL_RIGHT);
        (void)scols_table_new_column(table, "P99", 0, SCOLS_FL_RIGHT);
        (void)scols_table_new_column(table, "TIMES", 0, SCOLS_FL_RIGHT);
    }
    return table;
}

/* print_missing() - what to install, to have it compared */
static void print_missing(void)
{
    for (enum peer peer = 0; peer < PEERS; peer++) {
        if (!peer_is_there(peer)) {
            (void)printf("%s is missing: it is in the package %s\n", peer_describe(peer)->name,
                         peer_describe(peer)->package);
        }
    }
}

/* print_bars() - how many were reached */
static void print_bars(const struct plan *plan)
{
    unsigned n_bars = 0;
    unsigned n_reached = 0;

    for (unsigned i = 0; i < WORKS * PLACEMENTS * PEERS; i++) {
        const unsigned work = i / (PLACEMENTS * PEERS);
        const enum placement placement = i / PEERS % PLACEMENTS;
        const enum peer peer = i % PEERS;
        const double bar = plan_bar(work, placement, peer);
        const double factor = plan_factor(plan, work, placement, peer);
        if (bar > 0 && factor > 0) {
            n_bars++;
            n_reached += factor >= bar;
        }
    }
    if (n_bars > 0) {
        (void)printf("%u of %u bars were reached.\n", n_reached, n_bars);
    }
}

/* report_table() - everything, on stdout. Return: 0; -1. */
int report_table(const struct plan *plan, const struct occasion *occasion)
{
    struct libscols_table *table = new_table();

    if (table == NULL) {
        return -1;
    }
    for (unsigned work = 0; work < WORKS; work++) {
        for (enum peer peer = 0; peer < PEERS; peer++) {
            struct libscols_line *line =
                is_shown(plan, work, peer) ? scols_table_new_line(table, NULL) : NULL;
            if (line != NULL) {
                fill_line(line, plan, work, peer);
            }
        }
    }
    (void)printf("%s, %s\n"
                 "Times in us, medians of repetitions; TIMES: as fast as the peer is capchan, "
                 "beside the bar for that.\n",
                 occasion->date, occasion->machine);
    int r = scols_print_table(table);
    scols_unref_table(table);
    print_missing();
    print_bars(plan);
    return r;
}
