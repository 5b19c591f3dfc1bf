/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nng: REQ and REP over ipc. The server hands the message that it got back to the library, so that
 * it copies nothing.
 */
#include <stdio.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>

#include "tests/bench/peers/peers.h"

static struct {
    nng_socket socket;
    size_t payload;
} client;

static void write_address(char address[PEER_ADDRESS_BYTES], const struct bench_case *bench_case)
{
    (void)snprintf(address, PEER_ADDRESS_BYTES, "ipc://%s/nng", bench_case->folder);
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    char address[PEER_ADDRESS_BYTES];
    nng_socket socket;
    nng_msg *message;

    write_address(address, bench_case);
    if (nng_rep0_open(&socket) != 0 || nng_socket_set_size(socket, NNG_OPT_RECVMAXSZ, 0) != 0 ||
        nng_listen(socket, address, NULL, 0) != 0) {
        return -1;
    }
    ready();
    for (;;) {
        if (nng_recvmsg(socket, &message, 0) != 0 || nng_sendmsg(socket, message, 0) != 0) {
            return -1;
        }
    }
}

static void *connect_to_server(const struct bench_case *bench_case)
{
    char address[PEER_ADDRESS_BYTES];

    write_address(address, bench_case);
    client.payload = bench_case->payload;
    if (nng_req0_open(&client.socket) != 0 ||
        nng_socket_set_size(client.socket, NNG_OPT_RECVMAXSZ, 0) != 0 ||
        nng_dial(client.socket, address, NULL, 0) != 0) {
        return NULL;
    }
    return &client;
}

static int echo(void *connection, const void *out, void *in)
{
    size_t n = client.payload;

    (void)connection;
    if (nng_send(client.socket, (void *)out, client.payload, 0) != 0 ||
        nng_recv(client.socket, in, &n, 0) != 0) {
        return -1;
    }
    return n == client.payload ? 0 : -1;
}

const struct mechanism mechanism_nng = {
    .name = "nng", .serve = serve, .connect = connect_to_server, .echo = echo};
