/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZeroMQ: REQ and REP over ipc, one I/O thread in each process, which is the default. The server
 * hands the message that it got back to the library, so that it copies nothing.
 */
#include <stdio.h>

#include <zmq.h>

#include "tests/bench/peers/peers.h"

static struct {
    void *socket;
    size_t payload;
} client;

/* open_socket() - of @type, bound or connected with @attach. Return: NULL on error. */
static void *open_socket(const struct bench_case *bench_case, int type,
                         int (*attach)(void *socket, const char *address))
{
    void *context = zmq_ctx_new();
    void *socket = context == NULL ? NULL : zmq_socket(context, type);
    char address[PEER_ADDRESS_BYTES];

    (void)snprintf(address, sizeof(address), "ipc://%s/zeromq", bench_case->folder);
    return socket != NULL && attach(socket, address) == 0 ? socket : NULL;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    void *socket = open_socket(bench_case, ZMQ_REP, zmq_bind);
    zmq_msg_t message;

    if (socket == NULL) {
        return -1;
    }
    ready();
    for (;;) {
        (void)zmq_msg_init(&message);
        if (zmq_msg_recv(&message, socket, 0) < 0 || zmq_msg_send(&message, socket, 0) < 0) {
            return -1;
        }
    }
}

static void *connect_to_server(const struct bench_case *bench_case)
{
    client.socket = open_socket(bench_case, ZMQ_REQ, zmq_connect);
    client.payload = bench_case->payload;
    return client.socket == NULL ? NULL : &client;
}

static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    if (zmq_send(client.socket, out, client.payload, 0) < 0) {
        return -1;
    }
    return zmq_recv(client.socket, in, client.payload, 0) == (int)client.payload ? 0 : -1;
}

const struct mechanism mechanism_zeromq = {
    .name = "ZeroMQ", .serve = serve, .connect = connect_to_server, .echo = echo};
