/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes through a socket, as they are: what a program does that uses nothing but the kernel.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/seqpacket.h"

struct connection {
    int fd;
    size_t payload;
};

static ssize_t answer(uint8_t bytes[SEQPACKET_BYTES_MAX], size_t size)
{
    (void)bytes;
    return (ssize_t)size;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    return seqpacket_serve(bench_case, ready, answer);
}

static void *connect_to(const struct bench_case *bench_case)
{
    struct connection *connection = malloc(sizeof(*connection));

    if (connection == NULL) {
        return NULL;
    }
    *connection =
        (struct connection){.fd = seqpacket_connect(bench_case), .payload = bench_case->payload};
    if (connection->fd < 0) {
        free(connection);
        return NULL;
    }
    return connection;
}

static int echo(void *connection_, const void *out, void *in)
{
    const struct connection *connection = connection_;
    const ssize_t size = (ssize_t)connection->payload;

    return send(connection->fd, out, connection->payload, MSG_NOSIGNAL) == size &&
                   recv(connection->fd, in, connection->payload, 0) == size
               ? 0
               : -1;
}

const struct mechanism mechanism_unix_epoll = {
    .name = "AF_UNIX+epoll", .serve = serve, .connect = connect_to, .echo = echo};
