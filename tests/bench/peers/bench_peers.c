/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long calls take, of ours and of others, in turns and in processes of their own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "tests/bench/peers/report.h"
#include "tests/bench/support/options.h"
#include "tests/bench/support/run.h"

#define N_CASES (WORKS * (unsigned)PLACEMENTS)

struct options {
    struct bench_options common;
    const char *work;
    const char *peer;
};

enum option_key {
    KEY_WORK = 'w',
    KEY_PEER = 'n',
};

static const struct argp_option option_list[] = {
    {"work", KEY_WORK, "CALLS", 0, "Only these, named as in the table", 0},
    {"peer", KEY_PEER, "NAME", 0, "Only this one beside ours, named as in the table", 0},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->common;
        return 0;
    case KEY_WORK:
        options->work = text;
        return 0;
    case KEY_PEER:
        options->peer = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* parse() - Return: 0; errno. */
static int parse(int argc, char *argv[], struct options *ret_options)
{
    static const struct argp_child children[] = {{&bench_options_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = option_list,
        .parser = parse_option,
        .children = children,
        .doc = "How long our calls take, and those of other systems.\v"
               "Runs take 0.3 seconds, and each figure is the median of 5.",
    };

    *ret_options = (struct options){.common = {.seconds = 0.3, .repetitions = 5}};
    return argp_parse(&argp, argc, argv, 0, NULL, ret_options);
}

/* is_chosen() - whether @name was, or nothing else was instead */
static bool is_chosen(const char *choice, const char *name)
{
    return choice == NULL || strcasecmp(choice, name) == 0;
}

/* takes_part() - whether @peer is there, can do it and was chosen; we always are */
static bool takes_part(const struct options *options, const struct board_task *task, enum peer peer)
{
    return peer == PEER_CAPCHAN ||
           (peer_is_there(peer) && (!task->meets || peer_describe(peer)->mechanism->meet != NULL) &&
            is_chosen(options->peer, peer_describe(peer)->name));
}

/* task_of() - what all of them have to do */
static struct board_task task_of(unsigned work, enum placement placement, double seconds)
{
    struct board_task task = {
        .payload = works[work].payload,
        .n_clients = 1,
        .n_active = 1,
        .placement = placement,
        .think_ns = works[work].think_ns,
        .meets = works[work].meets,
    };

    board_task_time(&task, seconds);
    return task;
}

/* run_peer() - one run, after which nobody is left: what a server has started ends with it, and is
 * ours then. Return: as run_once(). */
static int run_peer(const struct run_setting *setting, enum peer peer,
                    const struct board_task *task, struct figures *ret_figures)
{
    int r = run_once(setting, peer_describe(peer)->mechanism, task, ret_figures);

    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
    }
    return r;
}

/* measure() - one work in one placement, all peers in turns. Return: 0; -1 if one failed always. */
static int measure(struct outcome outcomes[PEERS], const struct run_setting *setting,
                   const struct options *options, const struct board_task *task)
{
    int r = 0;

    for (unsigned turn = 0; turn < options->common.repetitions; turn++) {
        for (enum peer peer = 0; peer < PEERS && !family_is_interrupted(); peer++) {
            struct outcome *outcome = &outcomes[peer];
            struct figures *figures = &outcome->repetitions[outcome->n_repetitions];
            if (takes_part(options, task, peer) && run_peer(setting, peer, task, figures) == 0) {
                outcome->n_repetitions++;
            }
        }
    }
    for (enum peer peer = 0; peer < PEERS; peer++) {
        if (takes_part(options, task, peer) && outcomes[peer].n_repetitions == 0) {
            r = -1;
        }
    }
    return r;
}

/* measure_all() - Return: 0; -1 if something could not be measured. */
static int measure_all(struct plan *plan, const struct run_setting *setting,
                       const struct options *options)
{
    int cpus[PLACEMENT_CPUS_MAX];
    const int n_cpus = placement_cpus(cpus);
    int result = 0;

    for (unsigned i = 0; i < N_CASES && !family_is_interrupted(); i++) {
        const unsigned work = i / PLACEMENTS;
        const enum placement placement = i % PLACEMENTS;
        const struct board_task task = task_of(work, placement, options->common.seconds);
        if ((placement == PLACEMENT_TWO_CPUS && n_cpus < 2) ||
            !is_chosen(options->work, works[work].title) ||
            !is_chosen(options->common.placement, placement_names[placement])) {
            continue;
        }
        (void)fprintf(stderr, "[%u/%u] %s, %s\n", i + 1, N_CASES, works[work].title,
                      placement_names[placement]);
        if (measure(plan->outcomes[work][placement], setting, options, &task) != 0) {
            result = -1;
        }
    }
    plan_settle(plan);
    return result;
}

int main(int argc, char *argv[])
{
    static struct run_setting setting;
    static struct plan plan;
    struct occasion occasion;
    struct options options;

    if (parse(argc, argv, &options) != 0 || run_setting_find(&setting) != 0) {
        return EXIT_FAILURE;
    }
    family_heed_signals();
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    int result = measure_all(&plan, &setting, &options);
    if (family_is_interrupted()) {
        return EXIT_FAILURE;
    }
    occasion_find(&occasion);
    result |= report_table(&plan, &occasion);
    result |= options.common.json != NULL ? report_json(&plan, &occasion, options.common.json) : 0;
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
