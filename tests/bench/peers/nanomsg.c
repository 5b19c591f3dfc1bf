/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nanomsg: REQ and REP over ipc. The server hands the message that it got back to the library, so
 * that it copies nothing.
 */
#include <stdio.h>

#include <nanomsg/nn.h>
#include <nanomsg/reqrep.h>

#include "tests/bench/peers/peers.h"

static struct {
    int socket;
    size_t payload;
} client;

/* open_socket() - of @type, bound or connected with @attach. Return: -1 on error. */
static int open_socket(const struct bench_case *bench_case, int type,
                       int (*attach)(int socket, const char *address))
{
    static const int no_limit = -1;
    char address[PEER_ADDRESS_BYTES];
    int socket = nn_socket(AF_SP, type);

    (void)snprintf(address, sizeof(address), "ipc://%s/nanomsg", bench_case->folder);
    if (socket < 0 ||
        nn_setsockopt(socket, NN_SOL_SOCKET, NN_RCVMAXSIZE, &no_limit, sizeof(no_limit)) < 0 ||
        attach(socket, address) < 0) {
        return -1;
    }
    return socket;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    int socket = open_socket(bench_case, NN_REP, nn_bind);
    void *message;

    if (socket < 0) {
        return -1;
    }
    ready();
    for (;;) {
        if (nn_recv(socket, &message, NN_MSG, 0) < 0 || nn_send(socket, &message, NN_MSG, 0) < 0) {
            return -1;
        }
    }
}

static void *connect_to_server(const struct bench_case *bench_case)
{
    client.socket = open_socket(bench_case, NN_REQ, nn_connect);
    client.payload = bench_case->payload;
    return client.socket < 0 ? NULL : &client;
}

static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    if (nn_send(client.socket, out, client.payload, 0) < 0) {
        return -1;
    }
    return nn_recv(client.socket, in, client.payload, 0) == (int)client.payload ? 0 : -1;
}

const struct mechanism mechanism_nanomsg = {
    .name = "nanomsg", .serve = serve, .connect = connect_to_server, .echo = echo};
