/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections to a listening socket, made and ended; no calls. connect() comes back before the
 * server knows of it, so the client waits for a byte that says that it was accepted.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/bench/calls/mechanisms.h"

#define BACKLOG 128

static struct sockaddr_un address_in(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/meet", folder);
    return address;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    const struct sockaddr_un address = address_in(bench_case->folder);
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(listener, BACKLOG) < 0) {
        perror("bench: socket");
        return -1;
    }
    ready();
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            perror("bench: accept");
            return -1;
        }
        (void)send(fd, "", 1, MSG_NOSIGNAL);
        (void)close(fd);
    }
}

static int meet(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = address_in(bench_case->folder);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    char byte;

    bool is_met = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
                  recv(fd, &byte, 1, 0) == 1;
    (void)close(fd);
    return is_met ? 0 : -1;
}

/* What nobody measures: a client makes sure first that calls work. */
static size_t payload;

static void *connect_to(const struct bench_case *bench_case)
{
    payload = bench_case->payload;
    return &payload;
}

static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    memcpy(in, out, payload);
    return 0;
}

const struct mechanism mechanism_unix_connect = {.name = "connect()+accept()",
                                                 .serve = serve,
                                                 .connect = connect_to,
                                                 .echo = echo,
                                                 .meet = meet};
