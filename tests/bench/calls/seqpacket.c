/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/seqpacket.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define EVENTS_MAX 64
#define BACKLOG 4096

static struct sockaddr_un address_in(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
    return address;
}

/* seqpacket_listen() - Return: a socket; -1. */
int seqpacket_listen(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = address_in(bench_case->folder);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(fd, BACKLOG) < 0) {
        perror("bench: socket");
        return -1;
    }
    return fd;
}

/* watch() - wait for @fd as well */
static int watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* serve_one() - one request of a client, which ends with what is none */
static void serve_one(int fd, seqpacket_answer_fn *answer)
{
    static uint8_t bytes[SEQPACKET_BYTES_MAX];
    ssize_t size = recv(fd, bytes, sizeof(bytes), 0);

    size = size <= 0 ? -1 : answer(bytes, (size_t)size);
    if (size < 0 || send(fd, bytes, (size_t)size, MSG_NOSIGNAL) != size) {
        (void)close(fd);
    }
}

/* seqpacket_serve() - all clients, by one thread */
int seqpacket_serve(const struct bench_case *bench_case, void (*ready)(void),
                    seqpacket_answer_fn *answer)
{
    struct epoll_event events[EVENTS_MAX];
    int listener = seqpacket_listen(bench_case);
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (bench_case->payload > SEQPACKET_BYTES_MAX || listener < 0 || epoll < 0 ||
        watch(epoll, listener) < 0) {
        perror("bench: epoll");
        return -1;
    }
    ready();
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd != listener) {
                serve_one(events[i].data.fd, answer);
            } else if (watch(epoll, accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0) {
                perror("bench: accept");
                return -1;
            }
        }
    }
}

/* seqpacket_connect() - Return: a socket; -1. */
int seqpacket_connect(const struct bench_case *bench_case)
{
    const struct sockaddr_un address = address_in(bench_case->folder);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        perror("bench: connect");
        return -1;
    }
    return fd;
}
