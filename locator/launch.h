/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting the program of an entity, with nothing but what is declared for it.
 */
#pragma once

#include <sys/types.h>

#include "locator/init_config.h"

/*
 * What a program is started with.
 * @session: its end of the session; borrowed, as are the others
 * @output, @error: its descriptors 1 and 2
 * @libraries: folder that is searched for shared libraries first, or NULL
 */
struct launch {
    const struct init_entity *entity;
    int session;
    int output;
    int error;
    const char *libraries;
};

/* What a program could not be started for: which step failed, and its errno. */
struct launch_failure {
    const char *step;
    int error;
};

int launch(const struct launch *launch, pid_t *ret_pid, int *ret_pidfd,
           struct launch_failure *ret_failure);
