/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker: launches the entities of one init.yaml, answers their sessions, and settles what
 * dies.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "locator/init_config.h"

/*
 * What asks the broker to end the solution: a queued signal, with the number of the one that the
 * supervisor got as its value. Others are ignored.
 */
#define BROKER_STOP_SIGNAL SIGRTMIN

/*
 * @exit_with: task whose exit status ends the solution and becomes its result, or NULL
 * @output:    where the reading ends of the entities' output go, see output.h; -1: they inherit the
 * broker's own
 * @libraries: folder where entities find libcapchan, or NULL
 * @is_verbose: log dynamic channels
 */
struct broker_options {
    const char *exit_with;
    int output;
    const char *libraries;
    bool is_verbose;
};

int broker_run(const struct init_config *config, const struct broker_options *options);
