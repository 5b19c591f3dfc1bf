/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options that every benchmark of calls has, as a child of its own parser: that one sets
 * child_inputs[] to where they are to be stored, with the defaults in it.
 */
#pragma once

#include <argp.h>

/* @placement, @json: NULL if not given */
struct bench_options {
    const char *placement;
    double seconds;
    unsigned repetitions;
    const char *json;
};

extern const struct argp bench_options_argp;
