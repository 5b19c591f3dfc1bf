/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sd-bus peer to peer: one AF_UNIX connection without a bus in between. Both sides trust each
 * other, so that nobody's credentials are looked at.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/bench/peers/peers.h"
#include "tests/bench/peers/sd_bus_echo.h"

/* start_bus() - Return: a connection over @fd, which it takes; NULL on error. */
static sd_bus *start_bus(int fd, bool is_server)
{
    sd_bus *bus = NULL;
    sd_id128_t id;

    if (sd_bus_new(&bus) < 0) {
        return NULL;
    }
    int r = sd_bus_set_fd(bus, fd, fd);
    if (r >= 0) {
        r = sd_bus_set_trusted(bus, true);
    }
    if (r >= 0 && is_server) {
        r = sd_id128_randomize(&id);
        r = r < 0 ? r : sd_bus_set_server(bus, true, id);
    }
    return r >= 0 && sd_bus_start(bus) >= 0 ? bus : NULL;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    const struct sockaddr_un address = sd_bus_echo_address(bench_case);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(listener, 1) < 0) {
        return -1;
    }
    ready();
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    sd_bus *bus = fd < 0 ? NULL : start_bus(fd, true);
    return bus == NULL ? -1 : sd_bus_echo_serve(bus);
}

static void *connect_to_server(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = sd_bus_echo_address(bench_case);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        return NULL;
    }
    return sd_bus_echo_connect(start_bus(fd, false), NULL, bench_case->payload);
}

const struct mechanism mechanism_sd_bus = {
    .name = "sd-bus", .serve = serve, .connect = connect_to_server, .echo = sd_bus_echo};
