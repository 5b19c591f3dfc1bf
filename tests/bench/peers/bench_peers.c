/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long calls take, of ours and of others, in turns and in processes of their own.
 */
#include <argp.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "tests/bench/calls/family.h"
#include "tests/bench/calls/ticks.h"
#include "tests/bench/peers/report.h"
#include "tests/bench/peers/run_pair.h"

#define N_CASES (WORKS * (unsigned)PLACEMENTS)

struct options {
    const char *work;
    const char *placement;
    const char *peer;
    double seconds;
    unsigned repetitions;
    const char *json;
};

enum option_key {
    KEY_WORK = 'w',
    KEY_PLACEMENT = 'c',
    KEY_PEER = 'p',
    KEY_SECONDS = 's',
    KEY_REPETITIONS = 'r',
    KEY_JSON = 'j',
};

static const struct argp_option option_list[] = {
    {"work", KEY_WORK, "CALLS", 0, "Only these, named as in the table", 0},
    {"placement", KEY_PLACEMENT, "PLACEMENT", 0, "Only free, one-cpu or two-cpus", 0},
    {"peer", KEY_PEER, "NAME", 0, "Only this one beside ours, named as in the table", 0},
    {"seconds", KEY_SECONDS, "SECONDS", 0, "How long each run takes, 0.01 to 60 (0.3)", 0},
    {"repetitions", KEY_REPETITIONS, "N", 0,
     "How many runs each figure is the median of, 1 to 32 (5)", 0},
    {"json", KEY_JSON, "FILE", 0, "Write everything there, too", 0},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case KEY_WORK:
        options->work = text;
        return 0;
    case KEY_PLACEMENT:
        options->placement = text;
        return 0;
    case KEY_PEER:
        options->peer = text;
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
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* is_chosen() - whether @name was, or nothing else was instead */
static bool is_chosen(const char *choice, const char *name)
{
    return choice == NULL || strcasecmp(choice, name) == 0;
}

/* takes_part() - whether @peer is there and was chosen; we always are */
static bool takes_part(const struct options *options, enum peer peer)
{
    return peer == PEER_CAPCHAN ||
           (peer_is_there(peer) && is_chosen(options->peer, peer_describe(peer)->name));
}

/* task_of() - what all of them have to do */
static struct board_task task_of(unsigned work, enum placement placement, double seconds)
{
    static double rate;
    const uint64_t duration_ns = (uint64_t)(seconds * 1e9);

    rate = rate > 0 ? rate : ticks_per_ns();
    return (struct board_task){
        .payload = works[work].payload,
        .n_clients = 1,
        .n_active = 1,
        .placement = placement,
        .think_ns = works[work].think_ns,
        .warm_up_ns = duration_ns / 4,
        .duration_ns = duration_ns,
        .ticks_per_ns = rate,
    };
}

/* measure() - one work in one placement, all peers in turns. Return: 0; -1 if one failed always. */
static int measure(struct outcome outcomes[PEERS], const struct run_setting *setting,
                   const struct options *options, const struct board_task *task)
{
    int r = 0;

    for (unsigned turn = 0; turn < options->repetitions; turn++) {
        for (enum peer peer = 0; peer < PEERS && !family_is_interrupted(); peer++) {
            struct outcome *outcome = &outcomes[peer];
            struct figures *figures = &outcome->repetitions[outcome->n_repetitions];
            if (takes_part(options, peer) && run_pair(setting, peer, task, figures) == 0) {
                outcome->n_repetitions++;
            }
        }
    }
    for (enum peer peer = 0; peer < PEERS; peer++) {
        if (takes_part(options, peer) && outcomes[peer].n_repetitions == 0) {
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
        const struct board_task task = task_of(work, placement, options->seconds);
        if ((placement == PLACEMENT_TWO_CPUS && n_cpus < 2) ||
            !is_chosen(options->work, works[work].title) ||
            !is_chosen(options->placement, placement_names[placement])) {
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

/* find_programs() - the folders of our entities and of capchan, both beside this program */
static int find_programs(char ret_entities[PATH_MAX], char ret_capchan[PATH_MAX])
{
    static char self[PATH_MAX];
    static char path[PATH_MAX];

    if (realpath("/proc/self/exe", self) == NULL) {
        perror("bench: /proc/self/exe");
        return -1;
    }
    const char *folder = dirname(self);
    (void)snprintf(path, sizeof(path), "%.*s/calls", PATH_MAX - 32, folder);
    if (realpath(path, ret_entities) == NULL) {
        perror(path);
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%.*s/../../bin/capchan", PATH_MAX - 32, folder);
    if (realpath(path, ret_capchan) == NULL) {
        perror(path);
        return -1;
    }
    return 0;
}

int main(int argc, char *argv[])
{
    static const struct argp argp = {.options = option_list, .parser = parse_option};
    static char entities[PATH_MAX];
    static char capchan[PATH_MAX];
    static struct plan plan;
    const struct run_setting setting = {.programs = entities, .capchan = capchan};
    struct options options = {.seconds = 0.3, .repetitions = 5};

    if (argp_parse(&argp, argc, argv, 0, NULL, &options) != 0 ||
        find_programs(entities, capchan) != 0) {
        return EXIT_FAILURE;
    }
    family_heed_signals();
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    int result = measure_all(&plan, &setting, &options);
    if (family_is_interrupted()) {
        return EXIT_FAILURE;
    }
    result |= report_table(&plan);
    result |= options.json != NULL ? report_json(&plan, options.json) : 0;
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
