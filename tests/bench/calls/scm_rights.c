/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A descriptor in each message through a socket, which the receiver closes before it answers.
 */
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/seqpacket.h"

union control {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
};

/* transmit() - @fd in a message of one byte. Return: 0; -1. */
static int transmit(int socket_fd, int fd)
{
    union control control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
                                      .cmsg_level = SOL_SOCKET,
                                      .cmsg_type = SCM_RIGHTS}};
    char data = 0;
    struct iovec byte = {.iov_base = &data, .iov_len = 1};
    struct msghdr message = {.msg_iov = &byte,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};

    memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
    return sendmsg(socket_fd, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* receive() - Return: the descriptor; -1: there is none. */
static int receive(int socket_fd)
{
    union control control;
    char data;
    struct iovec byte = {.iov_base = &data, .iov_len = 1};
    struct msghdr message = {.msg_iov = &byte,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    int fd;

    if (recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC) != 1 ||
        message.msg_controllen != sizeof(control)) {
        return -1;
    }
    memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
    return fd;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    int listener = seqpacket_listen(bench_case);

    if (listener < 0) {
        return -1;
    }
    ready();
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    for (;;) {
        int fd = receive(client);
        if (fd < 0 || close(fd) < 0 || send(client, "", 1, MSG_NOSIGNAL) != 1) {
            perror("bench: SCM_RIGHTS");
            return -1;
        }
    }
}

static struct {
    int socket_fd;
    int thing;
    size_t payload;
} state;

static void *connect_to(const struct bench_case *bench_case)
{
    state.payload = bench_case->payload;
    state.socket_fd = seqpacket_connect(bench_case);
    state.thing = eventfd(0, EFD_CLOEXEC);
    return state.socket_fd < 0 || state.thing < 0 ? NULL : &state;
}

/* What nobody measures: a client makes sure first that calls work. */
static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    memcpy(in, out, state.payload);
    return 0;
}

static int meet(const struct bench_case *bench_case)
{
    char byte;

    (void)bench_case;
    return transmit(state.socket_fd, state.thing) == 0 && recv(state.socket_fd, &byte, 1, 0) == 1
               ? 0
               : -1;
}

const struct mechanism mechanism_scm_rights = {
    .name = "SCM_RIGHTS", .serve = serve, .connect = connect_to, .echo = echo, .meet = meet};
