/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long calls take, of ours and of raw references, in turns and in processes of their own.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/calls/report.h"
#include "tests/bench/calls/stranger.h"
#include "tests/bench/support/options.h"
#include "tests/bench/support/run.h"

#define SPARSE_NS 1000000
#define IDLE_NS 10000000
#define REVOKE "revoke"
#define IDLE_CHANNELS "idle-channels"

struct options {
    struct bench_options common;
    struct plan_choice choice;
    const char *plot;
};

enum option_key {
    KEY_QUICK = 'q',
    KEY_WORK = 'w',
    KEY_PLOT = 'g',
};

static const struct argp_option option_list[] = {
    {"quick", KEY_QUICK, NULL, 0, "Less of everything, in less than a minute", 0},
    {"work", KEY_WORK, "WORK", 0,
     "Only echo, echo-sparse, echo-idle, echo-stranger, echo-many, connect, transfer, revoke or "
     "idle-channels",
     0},
    {"plot", KEY_PLOT, "FILE", 0, "Draw it, too, as SVG", 0},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->common;
        return 0;
    case KEY_QUICK:
        options->choice.is_quick = true;
        return 0;
    case KEY_WORK:
        options->choice.work = text;
        return 0;
    case KEY_PLOT:
        options->plot = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* parse() - what was chosen, and what follows from it. Return: 0; errno. */
static int parse(int argc, char *argv[], struct options *ret_options)
{
    static const struct argp_child children[] = {{&bench_options_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = option_list,
        .parser = parse_option,
        .children = children,
        .doc = "How long our calls take, and raw ones through shared memory and sockets.\v"
               "Runs take 0.4 seconds, and each figure is the median of 5; quick ones 0.1, and 3.",
    };
    struct bench_options *common = &ret_options->common;

    int r = argp_parse(&argp, argc, argv, 0, NULL, ret_options);
    const bool is_quick = ret_options->choice.is_quick;
    ret_options->choice.placement = common->placement;
    common->seconds = common->seconds > 0 ? common->seconds : is_quick ? 0.1 : 0.4;
    common->repetitions = common->repetitions > 0 ? common->repetitions : is_quick ? 3 : 5;
    return r;
}

/* task_of() - what all contenders have to do */
static struct board_task task_of(const struct plan_case *plan_case, double seconds)
{
    struct board_task task = {
        .payload = (uint32_t)plan_case->payload,
        .n_clients = plan_case->n_clients,
        .n_active = plan_case->n_active,
        .meets = plan_case->work == WORK_CONNECT || plan_case->work == WORK_TRANSFER,
        .transfers = plan_case->work == WORK_TRANSFER,
        .placement = plan_case->placement,
        .think_ns = plan_case->work == WORK_SPARSE ? SPARSE_NS
                    : plan_case->work == WORK_IDLE ? IDLE_NS
                                                   : 0,
    };

    /* among many, everybody has to have had a few turns before they can be compared */
    board_task_time(&task, plan_case->n_active > 1 ? 2 * seconds : seconds);
    return task;
}

/* measure_case() - all contenders in turns */
static int measure_case(struct plan_case *plan_case, const struct run_setting *setting,
                        const struct options *options)
{
    static struct family strangers;
    const struct board_task task = task_of(plan_case, options->common.seconds);
    int r = plan_case->work == WORK_STRANGER ? stranger_start(&strangers) : 0;

    for (unsigned turn = 0;
         r == 0 && turn < options->common.repetitions && !family_is_interrupted(); turn++) {
        for (int i = 0; i < CONTENDERS; i++) {
            struct figures *figures = &plan_case->repetitions[i][plan_case->n_repetitions[i]];
            if (plan_has(plan_case->work, (enum contender)i) &&
                run_once(setting, contenders[i].mechanism, &task, figures) == 0) {
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

static int report_all(const struct report *report, const struct options *options)
{
    int r = report_table(report);

    r |= report_bars(report);
    r |= options->common.json != NULL ? report_json(report, options->common.json) : 0;
    r |= options->plot != NULL ? report_plot(report, options->plot) : 0;
    return r;
}

/* is_chosen() - whether work was that has a placement of its own, or none */
static bool is_chosen(const struct plan_choice *choice, const char *work)
{
    return choice->placement == NULL && (choice->work == NULL || strcmp(choice->work, work) == 0);
}

/* measure_others() - what is no case of the plan, as far as it was chosen. Return: 0; -1. */
static int measure_others(const struct options *options, const struct run_setting *setting,
                          struct report *report)
{
    const struct plan_choice *choice = &options->choice;
    static struct idle_channels idle;
    static struct revocation revocation;
    int cpus[PLACEMENT_CPUS_MAX];
    int r = 0;

    if (is_chosen(choice, REVOKE) && placement_cpus(cpus) > 1 && !family_is_interrupted()) {
        r = revocation_measure(setting, choice->is_quick ? 500 : 5000, &revocation);
        report->revocation = r == 0 ? &revocation : NULL;
    }
    if (is_chosen(choice, IDLE_CHANNELS) && !family_is_interrupted()) {
        int r_idle = choice->is_quick ? idle_channels_measure(setting, 1000, 1, &idle)
                                      : idle_channels_measure(setting, 10000,
                                                              options->common.repetitions, &idle);
        report->idle = r_idle == 0 ? &idle : NULL;
        r |= r_idle;
    }
    return r;
}

int main(int argc, char *argv[])
{
    static struct run_setting setting;
    static struct plan plan;
    struct options options = {0};
    struct report report = {.plan = &plan};

    if (parse(argc, argv, &options) != 0 || run_setting_find(&setting) != 0) {
        return EXIT_FAILURE;
    }
    family_heed_signals();
    plan_make(&plan, &options.choice);
    if (plan.n_cases == 0 && !is_chosen(&options.choice, REVOKE) &&
        !is_chosen(&options.choice, IDLE_CHANNELS)) {
        (void)fprintf(stderr, "bench: there is no such work here; --help lists all\n");
        return EXIT_FAILURE;
    }
    int r = measure_plan(&plan, &setting, &options);
    r |= measure_others(&options, &setting, &report);
    if (family_is_interrupted()) {
        return EXIT_FAILURE;
    }
    occasion_find(&report.occasion);
    r |= report_all(&report, &options);
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
