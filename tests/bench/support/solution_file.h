/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The init.yaml of a run.
 */
#pragma once

#include <stdint.h>

#include "tests/bench/support/placement.h"

/*
 * @programs:  where they are
 * @folder:    where the board is
 * @client:    the program of the clients: gets @folder, the name of a channel and its own number
 * @placement: of the broker, too, if that is one CPU for all
 * @n_servers: each client has a channel to each, echo0, echo1 ...
 */
struct solution_file {
    const char *programs;
    const char *folder;
    const char *client;
    enum placement placement;
    uint32_t n_servers;
    uint32_t n_clients;
};

int solution_file_write(const struct solution_file *solution, const char *path);
