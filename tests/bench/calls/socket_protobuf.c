/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people write by hand: protobuf-c messages through a socket. They are those of our own call.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <calls/IEcho.pb-c.h>

#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/seqpacket.h"

/* Of a number, in either direction. */
#define MESSAGE_BYTES_MAX 64

static ssize_t answer(uint8_t bytes[SEQPACKET_BYTES_MAX], size_t size)
{
    Calls__IEcho__NumberReq *req = calls__iecho__number_req__unpack(NULL, size, bytes);
    Calls__IEcho__NumberRes res = CALLS__IECHO__NUMBER_RES__INIT;

    if (req == NULL) {
        return -1;
    }
    res.result = req->value;
    calls__iecho__number_req__free_unpacked(req, NULL);
    return (ssize_t)calls__iecho__number_res__pack(&res, bytes);
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    return seqpacket_serve(bench_case, ready, answer);
}

static void *connect_to(const struct bench_case *bench_case)
{
    int *fd = bench_case->payload == sizeof(uint32_t) ? malloc(sizeof(*fd)) : NULL;

    if (fd == NULL) {
        return NULL;
    }
    *fd = seqpacket_connect(bench_case);
    if (*fd < 0) {
        free(fd);
        return NULL;
    }
    return fd;
}

static int echo(void *connection, const void *out, void *in)
{
    const int fd = *(const int *)connection;
    Calls__IEcho__NumberReq req = CALLS__IECHO__NUMBER_REQ__INIT;
    uint8_t bytes[MESSAGE_BYTES_MAX];

    memcpy(&req.value, out, sizeof(req.value));
    size_t packed = calls__iecho__number_req__pack(&req, bytes);
    if (send(fd, bytes, packed, MSG_NOSIGNAL) != (ssize_t)packed) {
        return -1;
    }
    ssize_t size = recv(fd, bytes, sizeof(bytes), 0);
    Calls__IEcho__NumberRes *res =
        size <= 0 ? NULL : calls__iecho__number_res__unpack(NULL, (size_t)size, bytes);
    if (res == NULL) {
        return -1;
    }
    memcpy(in, &res->result, sizeof(res->result));
    calls__iecho__number_res__free_unpacked(res, NULL);
    return 0;
}

const struct mechanism mechanism_socket_protobuf = {
    .name = "SEQPACKET+protobuf-c", .serve = serve, .connect = connect_to, .echo = echo};
