/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process around the broker: it pumps the entities' output, passes signals on, and makes sure
 * that nothing is left behind when the broker ends, however it ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct supervisor_options {
    bool prefix;
    bool colour;
    size_t name_width;
    int logs; /* as in struct output_options */
};

typedef int supervised_fn(void *data, int output_socket);

int supervise(supervised_fn *broker, void *data, const struct supervisor_options *options);
