/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sd-bus through a private dbus-broker. Its launcher needs journald, so the server does what the
 * launcher does: it hands the broker a listening socket and a policy, here one that allows
 * everything. Broker and server share the server's CPU.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/bench/peers/peers.h"
#include "tests/bench/peers/sd_bus_echo.h"

#define NAME "capchan.Bench"

/* Connect, own names, send, receive; what a policy has of each, with a priority. */
#define POLICY_BATCH "bta(btbs)a(btssssuutt)a(btssssuutt)"
#define POLICY "(a(u(" POLICY_BATCH "))a(buu(" POLICY_BATCH "))a(ss)bs)"

/* fork_broker() - that ends with this process. Return: the socket to control it; -1. */
static int fork_broker(void)
{
    int ends[2];
    char number[16];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(ends[0]);
        (void)snprintf(number, sizeof(number), "%d", ends[1]);
        (void)execlp("dbus-broker", "dbus-broker", "--controller", number, "--machine-id",
                     "0123456789abcdef0123456789abcdef", (char *)NULL);
        perror("dbus-broker");
        _exit(EXIT_FAILURE);
    }
    (void)close(ends[1]);
    return pid < 0 ? -1 : ends[0];
}

/* append_policy() - for all users: connect, own, send and receive whatever they like */
static int append_policy(sd_bus_message *message)
{
    const uint64_t any = UINT64_MAX;
    const uint64_t first = 1;

    return sd_bus_message_append(message, "v", POLICY, 1, UINT32_MAX, true, first, 1, true, first,
                                 true, "", 1, true, first, "", "", "", "", 0, 0, UINT64_C(0), any,
                                 1, true, first, "", "", "", "", 0, 0, UINT64_C(0), any, 0, 0,
                                 false, "session");
}

/* add_listener() - let the broker take connections from @listener */
static int add_listener(sd_bus *controller, int listener)
{
    sd_bus_message *message = NULL;
    sd_bus_error error = SD_BUS_ERROR_NULL;
    int r = sd_bus_message_new_method_call(controller, &message, NULL, "/org/bus1/DBus/Broker",
                                           "org.bus1.DBus.Broker", "AddListener");

    if (r >= 0) {
        r = sd_bus_message_append(message, "oh", "/org/bus1/DBus/Listener/0", listener);
    }
    if (r >= 0) {
        r = append_policy(message);
    }
    if (r >= 0) {
        r = sd_bus_call(controller, message, 0, &error, NULL);
    }
    if (r < 0) {
        (void)fprintf(stderr, "bench: dbus-broker: %s\n",
                      error.message != NULL ? error.message : strerror(-r));
    }
    sd_bus_error_free(&error);
    sd_bus_message_unref(message);
    return r;
}

/* start_broker() - Return: 0 when one can connect to it; -1. The control socket stays open. */
static int start_broker(const struct sockaddr_un *address)
{
    sd_bus *controller = NULL;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (listener < 0 || bind(listener, (const struct sockaddr *)address, sizeof(*address)) < 0 ||
        listen(listener, 8) < 0 || sd_bus_new(&controller) < 0) {
        return -1;
    }
    int fd = fork_broker();
    if (fd < 0 || sd_bus_set_fd(controller, fd, fd) < 0 || sd_bus_start(controller) < 0 ||
        add_listener(controller, listener) < 0) {
        return -1;
    }
    return close(listener);
}

/* join_bus() - Return: a connection to the broker; NULL on error. */
static sd_bus *join_bus(const struct sockaddr_un *address)
{
    sd_bus *bus = NULL;
    char text[PEER_ADDRESS_BYTES];

    (void)snprintf(text, sizeof(text), "unix:path=%s", address->sun_path);
    if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, text) < 0 ||
        sd_bus_set_bus_client(bus, true) < 0 || sd_bus_set_trusted(bus, true) < 0 ||
        sd_bus_start(bus) < 0) {
        return NULL;
    }
    return bus;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    const struct sockaddr_un address = sd_bus_echo_address(bench_case);

    if (start_broker(&address) != 0) {
        return -1;
    }
    sd_bus *bus = join_bus(&address);
    if (bus == NULL || sd_bus_request_name(bus, NAME, 0) < 0) {
        return -1;
    }
    ready();
    return sd_bus_echo_serve(bus);
}

static void *connect_to_server(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = sd_bus_echo_address(bench_case);

    return sd_bus_echo_connect(join_bus(&address), NAME, bench_case->payload);
}

/* meet() - a connection is one when the broker has given it its name */
static int meet(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = sd_bus_echo_address(bench_case);
    sd_bus *bus = join_bus(&address);
    const char *name;

    int r = bus == NULL ? -1 : sd_bus_get_unique_name(bus, &name);
    (void)sd_bus_close_unref(bus);
    return r < 0 ? -1 : 0;
}

const struct mechanism mechanism_dbus_broker = {.name = "dbus-broker",
                                                .serve = serve,
                                                .connect = connect_to_server,
                                                .echo = sd_bus_echo,
                                                .meet = meet};
