/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/report.h"

#include <stdio.h>

/* The graphs: works with one client whose figures lie side by side. */
static const enum contender drawn[] = {CONTENDER_CAPCHAN, CONTENDER_RAW_ADAPTIVE,
                                       CONTENDER_RAW_FUTEX};

#define N_DRAWN (sizeof(drawn) / sizeof(drawn[0]))

/* write_bars() - a group of bars for each case, named after it */
static void write_bars(FILE *out, const struct plan *plan)
{
    (void)fprintf(out, "$calls << END\n");
    for (size_t i = 0; i < plan->n_cases; i++) {
        const struct plan_case *plan_case = &plan->cases[i];
        if (plan_case->work == WORK_MANY) {
            continue;
        }
        (void)fprintf(out, "\"%s, %s, %zu\"", work_names[plan_case->work],
                      placement_names[plan_case->placement], plan_case->payload);
        for (size_t k = 0; k < N_DRAWN; k++) {
            (void)fprintf(out, " %g", plan_case->figures[drawn[k]].median_us);
        }
        (void)fprintf(out, "\n");
    }
    (void)fprintf(out, "END\n");
}

/* write_crowds() - calls per second, by the numbers of clients */
static void write_crowds(FILE *out, const struct plan *plan)
{
    (void)fprintf(out, "$crowds << END\n");
    for (size_t i = 0; i < plan->n_cases; i++) {
        const struct plan_case *plan_case = &plan->cases[i];
        if (plan_case->work == WORK_MANY) {
            (void)fprintf(out, "\"%s, %u of %u\" %g %g %g\n", placement_names[plan_case->placement],
                          plan_case->n_active, plan_case->n_clients,
                          plan_case->figures[CONTENDER_CAPCHAN].calls_per_second,
                          plan_case->figures[CONTENDER_RAW_MANY].calls_per_second,
                          plan_case->figures[CONTENDER_UNIX_EPOLL].calls_per_second);
        }
    }
    (void)fprintf(out, "END\n");
}

/* write_graph() - bars for each line of @data, with logarithmic heights */
static void write_graph(FILE *out, const char *data, const char *label, const enum contender *names)
{
    (void)fprintf(out,
                  "set ylabel '%s'\n"
                  "plot $%s using 2:xtic(1) title '%s', '' using 3 title '%s', "
                  "'' using 4 title '%s'\n",
                  label, data, contender_names[names[0]], contender_names[names[1]],
                  contender_names[names[2]]);
}

static size_t count_crowds(const struct plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_cases; i++) {
        n += plan->cases[i].work == WORK_MANY ? 1 : 0;
    }
    return n;
}

/* report_plot() - have gnuplot draw everything into @path. Return: 0; -1. */
int report_plot(const struct report *report, const char *path)
{
    static const enum contender crowds[] = {CONTENDER_CAPCHAN, CONTENDER_RAW_MANY,
                                            CONTENDER_UNIX_EPOLL};
    const size_t n_crowds = count_crowds(report->plan);
    const size_t n_graphs = (n_crowds > 0) + (n_crowds < report->plan->n_cases);
    FILE *out = n_graphs > 0 ? popen("gnuplot", "we") : NULL;

    if (out == NULL) {
        return n_graphs > 0 ? -1 : 0;
    }
    (void)fprintf(out,
                  "set terminal svg size 1200,%zu background 'white' font 'sans-serif,11'\n"
                  "set output '%s'\nset multiplot layout %zu,1 title '%s'\n"
                  "set style data histograms\nset style fill solid 0.7\nset logscale y\n"
                  "set grid ytics\nset xtics rotate by -40\nset key outside top\n",
                  550 * n_graphs, path, n_graphs, report->machine);
    if (n_crowds < report->plan->n_cases) {
        write_bars(out, report->plan);
        write_graph(out, "calls", "median, us", drawn);
    }
    if (n_crowds > 0) {
        write_crowds(out, report->plan);
        write_graph(out, "crowds", "calls per second", crowds);
    }
    (void)fprintf(out, "unset multiplot\n");
    return pclose(out) == 0 ? 0 : -1;
}
