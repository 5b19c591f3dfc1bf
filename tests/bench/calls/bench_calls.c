/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long calls take, of ours and of raw references, in turns and in processes of their own.
 */
#include <argp.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/calls/report.h"
#include "tests/bench/calls/stranger.h"
#include "tests/bench/calls/ticks.h"

#define SPARSE_NS 1000000
#define IDLE_NS 10000000

struct options {
    struct plan_choice choice;
    double seconds;
    unsigned repetitions;
    const char *json;
    const char *plot;
};

enum option_key {
    KEY_QUICK = 'q',
    KEY_WORK = 'w',
    KEY_PLACEMENT = 'p',
    KEY_SECONDS = 's',
    KEY_REPETITIONS = 'r',
    KEY_JSON = 'j',
    KEY_PLOT = 'g',
};

static const struct argp_option option_list[] = {
    {"quick", KEY_QUICK, NULL, 0, "Less of everything, in less than a minute", 0},
    {"work", KEY_WORK, "WORK", 0,
     "Only echo, echo-sparse, echo-idle, echo-stranger, echo-many or idle-channels", 0},
    {"placement", KEY_PLACEMENT, "PLACEMENT", 0, "Only free, one-cpu or two-cpus", 0},
    {"seconds", KEY_SECONDS, "SECONDS", 0, "How long each run takes, 0.01 to 60", 0},
    {"repetitions", KEY_REPETITIONS, "N", 0, "How many runs each figure is the median of, 1 to 32",
     0},
    {"json", KEY_JSON, "FILE", 0, "Write everything there, too", 0},
    {"plot", KEY_PLOT, "FILE", 0, "Draw it, too, as SVG", 0},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case KEY_QUICK:
        options->choice.is_quick = true;
        return 0;
    case KEY_WORK:
        options->choice.work = text;
        return 0;
    case KEY_PLACEMENT:
        options->choice.placement = text;
        return 0;
    case KEY_SECONDS:
        options->seconds = strtod(text, NULL);
        return options->seconds >= 0.01 && options->seconds <= 60 ? 0 : EINVAL;
    case KEY_REPETITIONS:
        options->repetitions = (unsigned)strtoul(text, NULL, 10);
        return options->repetitions >= 1 && options->repetitions <= REPETITIONS_MAX ? 0 : EINVAL;
    case KEY_JSON:
        options->json = text;
        return 0;
    case KEY_PLOT:
        options->plot = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* task_of() - what all contenders have to do */
static struct board_task task_of(const struct plan_case *plan_case, double seconds)
{
    static double rate;
    /* among many, everybody has to have had a few turns before they can be compared */
    const uint64_t duration_ns = (uint64_t)(seconds * 1e9) * (plan_case->n_active > 1 ? 2 : 1);

    rate = rate > 0 ? rate : ticks_per_ns();
    return (struct board_task){
        .payload = (uint32_t)plan_case->payload,
        .n_clients = plan_case->n_clients,
        .n_active = plan_case->n_active,
        .placement = plan_case->placement,
        .think_ns = plan_case->work == WORK_SPARSE ? SPARSE_NS
                    : plan_case->work == WORK_IDLE ? IDLE_NS
                                                   : 0,
        .warm_up_ns = duration_ns / 4,
        .duration_ns = duration_ns,
        .ticks_per_ns = rate,
    };
}

/* measure_case() - all contenders in turns */
static int measure_case(struct plan_case *plan_case, const struct run_setting *setting,
                        const struct options *options)
{
    static struct family strangers;
    const struct board_task task = task_of(plan_case, options->seconds);
    int r = plan_case->work == WORK_STRANGER ? stranger_start(&strangers) : 0;

    for (unsigned turn = 0; r == 0 && turn < options->repetitions && !family_is_interrupted();
         turn++) {
        for (int i = 0; i < CONTENDERS; i++) {
            struct figures *figures = &plan_case->repetitions[i][plan_case->n_repetitions[i]];
            if (plan_has(plan_case->work, (enum contender)i) &&
                run_once(setting, (enum contender)i, &task, figures) == 0) {
                plan_case->n_repetitions[i]++;
            }
        }
    }
    family_end(&strangers);
    plan_case_settle(plan_case);
    return r != 0 || plan_case->n_repetitions[CONTENDER_CAPCHAN] == 0 ? -1 : 0;
}

/* measure_plan() - Return: 0; -1 if something could not be measured. */
static int measure_plan(struct plan *plan, const struct run_setting *setting,
                        const struct options *options)
{
    int result = 0;

    for (size_t i = 0; i < plan->n_cases && !family_is_interrupted(); i++) {
        struct plan_case *plan_case = &plan->cases[i];
        (void)fprintf(stderr, "[%zu/%zu] %s %s, %zu bytes, %u of %u clients\n", i + 1,
                      plan->n_cases, work_names[plan_case->work],
                      placement_names[plan_case->placement], plan_case->payload,
                      plan_case->n_active, plan_case->n_clients);
        if (measure_case(plan_case, setting, options) != 0) {
            result = -1;
        }
    }
    return result;
}

/* find_programs() - where this program is, and build/bin */
static int find_programs(char ret_folder[PATH_MAX], char ret_capchan[PATH_MAX])
{
    static char path[PATH_MAX];

    if (realpath("/proc/self/exe", path) == NULL) {
        perror("bench: /proc/self/exe");
        return -1;
    }
    int n = snprintf(ret_folder, PATH_MAX, "%s", dirname(path));
    (void)snprintf(path, sizeof(path), "%.*s/../../../bin/capchan", n, ret_folder);
    if (realpath(path, ret_capchan) == NULL) {
        perror(path);
        return -1;
    }
    return 0;
}

static int report_all(const struct report *report, const struct options *options)
{
    int r = report_table(report);

    r |= report_bars(report);
    r |= options->json != NULL ? report_json(report, options->json) : 0;
    r |= options->plot != NULL ? report_plot(report, options->plot) : 0;
    return r;
}

/* measures_idle_channels() - whether that was chosen */
static bool measures_idle_channels(const struct plan_choice *choice)
{
    return choice->placement == NULL &&
           (choice->work == NULL || strcmp(choice->work, "idle-channels") == 0);
}

int main(int argc, char *argv[])
{
    static const struct argp argp = {.options = option_list, .parser = parse_option};
    static char folder[PATH_MAX];
    static char capchan[PATH_MAX];
    static struct plan plan;
    const struct run_setting setting = {.programs = folder, .capchan = capchan};
    struct options options = {0};
    struct idle_channels idle;
    struct report report = {.plan = &plan};

    if (argp_parse(&argp, argc, argv, 0, NULL, &options) != 0 ||
        find_programs(folder, capchan) != 0) {
        return EXIT_FAILURE;
    }
    options.seconds = options.seconds > 0 ? options.seconds : options.choice.is_quick ? 0.1 : 0.4;
    options.repetitions = options.repetitions > 0   ? options.repetitions
                          : options.choice.is_quick ? 3
                                                    : 5;
    family_heed_signals();
    plan_make(&plan, &options.choice);
    if (plan.n_cases == 0 && !measures_idle_channels(&options.choice)) {
        (void)fprintf(stderr, "bench: there is no such work here; --help lists all\n");
        return EXIT_FAILURE;
    }
    int r = measure_plan(&plan, &setting, &options);
    if (measures_idle_channels(&options.choice)) {
        if (idle_channels_measure(&setting, options.choice.is_quick ? 1000 : 10000, &idle) == 0) {
            report.idle = &idle;
        } else {
            r = -1;
        }
    }
    if (family_is_interrupted()) {
        return EXIT_FAILURE;
    }
    report_machine(report.machine);
    r |= report_all(&report, &options);
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
