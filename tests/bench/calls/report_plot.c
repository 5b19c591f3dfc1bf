/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/report.h"

#include <stddef.h>
#include <stdio.h>

#define GRAPH_PIXELS 560
#define BARS 3

/* @data:     the name of what it draws
 * @is_crowd: it draws calls per second, of many clients; or times, of one
 * @drawn:    a bar for each, in each group */
struct graph {
    const char *data;
    bool is_crowd;
    const char *title;
    const char *label;
    const char *format;
    enum contender drawn[BARS];
};

static const struct graph graphs[] = {
    {
        .data = "times",
        .title = "Median of a round trip, one client of one server: less is better",
        .label = "microseconds, logarithmic",
        .format = "%g",
        .drawn = {CONTENDER_CAPCHAN, CONTENDER_RAW_ADAPTIVE, CONTENDER_RAW_FUTEX},
    },
    {
        .data = "crowds",
        .is_crowd = true,
        .title =
            "Calls of all clients of one server, by how many of them are active: more is better",
        .label = "calls per second, logarithmic",
        .format = "%.0s%c",
        .drawn = {CONTENDER_CAPCHAN, CONTENDER_RAW_MANY, CONTENDER_UNIX_EPOLL},
    },
};

#define N_GRAPHS (sizeof(graphs) / sizeof(graphs[0]))

/* has_case() - whether that case is in that graph */
static bool has_case(const struct graph *graph, const struct plan_case *plan_case)
{
    return graph->is_crowd == (plan_case->work == WORK_MANY);
}

static size_t count_cases(const struct graph *graph, const struct plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_cases; i++) {
        n += has_case(graph, &plan->cases[i]) ? 1 : 0;
    }
    return n;
}

/* value_of() - what the bar of a contender shows; 0 if that was not measured */
static double value_of(const struct graph *graph, const struct plan_case *plan_case, size_t bar)
{
    const struct figures *figures = &plan_case->figures[graph->drawn[bar]];

    return graph->is_crowd ? figures->calls_per_second : figures->median_us;
}

/* bottom() - a power of ten that leaves the lowest bar a height to be seen by */
static double bottom(const struct graph *graph, const struct plan *plan)
{
    double lowest = 1e12;
    double power = 1e-6;

    for (size_t i = 0; i < plan->n_cases * BARS; i++) {
        const struct plan_case *plan_case = &plan->cases[i / BARS];
        double value = has_case(graph, plan_case) ? value_of(graph, plan_case, i % BARS) : 0;
        lowest = value > 0 && value < lowest ? value : lowest;
    }
    while (power * 20 <= lowest) {
        power *= 10;
    }
    return power;
}

/* write_name() - of a group of bars */
static void write_name(FILE *out, const struct plan_case *plan_case)
{
    const char *placement = placement_names[plan_case->placement];
    size_t payload = plan_case->payload;
    const char *unit = "B";

    if (plan_case->work == WORK_MANY) {
        (void)fprintf(out, "\"%s, %u of %u\"", placement, plan_case->n_active,
                      plan_case->n_clients);
        return;
    }
    if (payload >= 1048576) {
        payload /= 1048576;
        unit = "MiB";
    } else if (payload >= 1024) {
        payload /= 1024;
        unit = "KiB";
    }
    (void)fprintf(out, "\"%s, %s, %zu %s\"", work_names[plan_case->work], placement, payload, unit);
}

/* write_data() - a group for each case; nothing for what could not be measured */
static void write_data(FILE *out, const struct graph *graph, const struct plan *plan)
{
    (void)fprintf(out, "$%s << END\n", graph->data);
    for (size_t i = 0; i < plan->n_cases; i++) {
        const struct plan_case *plan_case = &plan->cases[i];
        if (!has_case(graph, plan_case)) {
            continue;
        }
        write_name(out, plan_case);
        for (size_t k = 0; k < BARS; k++) {
            double value = value_of(graph, plan_case, k);
            (void)(value > 0 ? fprintf(out, " %g", value) : fprintf(out, " ?"));
        }
        (void)fprintf(out, "\n");
    }
    (void)fprintf(out, "END\n");
}

/* write_graph() - everybody has one colour in all graphs */
static void write_graph(FILE *out, const struct graph *graph, const struct plan *plan)
{
    (void)fprintf(out,
                  "set title '%s'\nset ylabel '%s'\nset format y '%s'\nset yrange [%g:*]\nplot ",
                  graph->title, graph->label, graph->format, bottom(graph, plan));
    for (size_t k = 0; k < BARS; k++) {
        (void)fprintf(out, "%s$%s using %zu:xtic(1) linetype %d title '%s'", k == 0 ? "" : ", ",
                      graph->data, k + 2, (int)graph->drawn[k] + 1,
                      contenders[graph->drawn[k]].name);
    }
    (void)fprintf(out, "\n");
}

/* report_plot() - have gnuplot draw everything into @path. Return: 0; -1. */
int report_plot(const struct report *report, const char *path)
{
    size_t n_graphs = 0;

    for (size_t i = 0; i < N_GRAPHS; i++) {
        n_graphs += count_cases(&graphs[i], report->plan) > 0 ? 1 : 0;
    }
    if (n_graphs == 0) {
        return 0;
    }
    FILE *out = popen("gnuplot", "we");
    if (out == NULL) {
        perror("gnuplot");
        return -1;
    }
    (void)fprintf(
        out,
        "set terminal svg noenhanced size 1200,%zu background 'white' "
        "font 'sans-serif,12'\n"
        "set output '%s'\nset multiplot layout %zu,1 title 'capchan, %s, %s' font ',15'\n"
        "set style data histograms\nset style fill solid 0.7\nset logscale y\n"
        "set datafile missing '?'\nset grid ytics\nset key outside top center horizontal\n"
        "set xtics rotate by -40 nomirror\nset lmargin 10\nset rmargin 14\n",
        GRAPH_PIXELS * n_graphs, path, n_graphs, report->occasion.date, report->occasion.machine);
    for (size_t i = 0; i < N_GRAPHS; i++) {
        if (count_cases(&graphs[i], report->plan) > 0) {
            write_data(out, &graphs[i], report->plan);
            write_graph(out, &graphs[i], report->plan);
        }
    }
    (void)fprintf(out, "unset multiplot\n");
    return pclose(out) == 0 ? 0 : -1;
}
