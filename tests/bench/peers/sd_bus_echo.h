/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Echo calls over an sd-bus connection, however it was made.
 */
#pragma once

#include <sys/un.h>
#include <systemd/sd-bus.h>

#include "tests/bench/support/mechanism.h"

struct sockaddr_un sd_bus_echo_address(const struct bench_case *bench_case);
int sd_bus_echo_serve(sd_bus *bus);
void *sd_bus_echo_connect(sd_bus *bus, const char *destination, size_t payload);
int sd_bus_echo(void *connection, const void *out, void *in);
