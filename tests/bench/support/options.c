/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/options.h"

#include <stdlib.h>

#include "tests/bench/support/figures.h"

enum option_key {
    KEY_PLACEMENT = 'p',
    KEY_SECONDS = 's',
    KEY_REPETITIONS = 'r',
    KEY_JSON = 'j',
};

static const struct argp_option option_list[] = {
    {"placement", KEY_PLACEMENT, "PLACEMENT", 0, "Only free, one-cpu or two-cpus", 0},
    {"seconds", KEY_SECONDS, "SECONDS", 0, "How long each run takes, 0.01 to 60", 0},
    {"repetitions", KEY_REPETITIONS, "N", 0, "How many runs each figure is the median of, 1 to 32",
     0},
    {"json", KEY_JSON, "FILE", 0, "Write everything there, too", 0},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct bench_options *options = state->input;

    switch (key) {
    case KEY_PLACEMENT:
        options->placement = text;
        return 0;
    case KEY_SECONDS:
        options->seconds = strtod(text, NULL);
        if (!(options->seconds >= 0.01 && options->seconds <= 60)) {
            argp_error(state, "a run takes 0.01 to 60 seconds, not %s", text);
        }
        return 0;
    case KEY_REPETITIONS:
        options->repetitions = (unsigned)strtoul(text, NULL, 10);
        if (options->repetitions < 1 || options->repetitions > REPETITIONS_MAX) {
            argp_error(state, "there are 1 to %d repetitions, not %s", REPETITIONS_MAX, text);
        }
        return 0;
    case KEY_JSON:
        options->json = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp bench_options_argp = {.options = option_list, .parser = parse_option};
