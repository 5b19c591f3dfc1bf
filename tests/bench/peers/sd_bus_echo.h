/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Echo calls over an sd-bus connection, however it was made.
 */
#pragma once

#include <stddef.h>
#include <systemd/sd-bus.h>

int sd_bus_echo_serve(sd_bus *bus);
int sd_bus_echo_number(sd_bus *bus, const char *destination, const void *out, void *in);
int sd_bus_echo_blob(sd_bus *bus, const char *destination, const void *out, void *in,
                     size_t n_bytes);
