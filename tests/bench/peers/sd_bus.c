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

static struct {
    sd_bus *bus;
    size_t payload;
} client;

static struct sockaddr_un make_address(const struct bench_case *bench_case)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/sd-bus", bench_case->folder);
    return address;
}

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
    const struct sockaddr_un address = make_address(bench_case);
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
    const struct sockaddr_un address = make_address(bench_case);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        return NULL;
    }
    client.bus = start_bus(fd, false);
    client.payload = bench_case->payload;
    return client.bus == NULL ? NULL : &client;
}

static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    if (client.payload == PEER_NUMBER_BYTES) {
        return sd_bus_echo_number(client.bus, NULL, out, in);
    }
    return sd_bus_echo_blob(client.bus, NULL, out, in, client.payload);
}

const struct mechanism mechanism_sd_bus = {
    .name = "sd-bus", .serve = serve, .connect = connect_to_server, .echo = echo};
