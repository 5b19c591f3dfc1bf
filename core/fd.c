/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"

/* fd_close() - close @fd unless it is negative, keeping errno. Return: -1, for assigning to the
 * variable. */
int fd_close(int fd)
{
    if (fd >= 0) {
        int saved = errno;
        (void)close(fd);
        errno = saved;
    }
    return -1;
}

/* fd_hang_up() - shut down and close the socket @fd, which others may have as well, unless it is
 * negative. Return: -1. */
int fd_hang_up(int fd)
{
    if (fd >= 0) {
        (void)shutdown(fd, SHUT_RDWR);
    }
    return fd_close(fd);
}

/* fd_close_p() - for CLEANUP() of a descriptor */
void fd_close_p(int *fd)
{
    *fd = fd_close(*fd);
}

/* fd_list_take() - the first descriptor of @list, now owned by the caller; -1 if there is none */
int fd_list_take(struct fd_list *list)
{
    if (list->n_fds == 0) {
        return -1;
    }
    int fd = list->fds[0];
    list->n_fds--;
    memmove(list->fds, list->fds + 1, (size_t)list->n_fds * sizeof(list->fds[0]));
    return fd;
}

/* fd_close_foreign() - close a descriptor from a peer, which may have prepared it to make close()
 * wait */
static void fd_close_foreign(int fd)
{
    const struct linger none = {0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    fd_close(fd);
}

/* fd_list_deinit() - close what is left in @list */
void fd_list_deinit(struct fd_list *list)
{
    while (list->n_fds > 0) {
        fd_close_foreign(fd_list_take(list));
    }
}

/* fd_pair() - two ends of a new SOCK_SEQPACKET, close-on-exec. Return: 0; negative errno. */
int fd_pair(int ret_ends[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_ends) < 0 ? -errno : 0;
}

/* widen() - have room in @socket for what may be on its way, which few sockets ever need */
static void widen(int socket)
{
    const int size = SOCKET_BUFFER_BYTES;

    (void)setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* send_message() - sendmsg(), whatever signals come. Return: 0; negative errno. */
static int send_message(int socket, const struct msghdr *message, int flags)
{
    ssize_t sent;

    do {
        sent = sendmsg(socket, message, flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

/*
 * fd_send_all() - send one message
 * @parts:  its bytes
 * @passed: descriptors to attach, up to FD_PER_MESSAGE_MAX; borrowed
 * @flags:  MSG_DONTWAIT: fail if SOCKET_BUFFER_BYTES are on their way; or 0 to wait for room
 *
 * Return: 0; negative errno, -EPIPE and -ECONNRESET when the other end is closed.
 */
int fd_send_all(int socket, const struct iovec *parts, size_t n_parts, const int *passed,
                size_t n_passed, int flags)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(FD_PER_MESSAGE_MAX * sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = n_parts};

    if (n_passed > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(n_passed * sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(n_passed * sizeof(int));
        memcpy(CMSG_DATA(&control.header), passed, n_passed * sizeof(int));
    }
    int r = send_message(socket, &message, flags);
    if (r == -EAGAIN) {
        widen(socket);
        r = send_message(socket, &message, flags);
    }
    return r;
}

/* fd_send() - the same with one descriptor, or -1 for none */
int fd_send(int socket, const struct iovec *parts, size_t n_parts, int passed, int flags)
{
    return fd_send_all(socket, parts, n_parts, &passed, passed >= 0 ? 1 : 0, flags);
}

/* fd_list_collect() - move every descriptor of @message to @list, closing what does not fit */
static void fd_list_collect(struct msghdr *message, struct fd_list *list)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
            if (list->n_fds < FD_PER_MESSAGE_MAX) {
                list->fds[list->n_fds++] = fd;
            } else {
                fd_close_foreign(fd);
                list->surplus = true;
            }
        }
    }
    if ((message->msg_flags & MSG_CTRUNC) != 0) {
        list->surplus = true;
    }
}

/*
 * fd_receive() - receive one message
 * @buffer:   its bytes; a longer message counts as size + 1 bytes
 * @flags:    MSG_DONTWAIT, or 0 to wait
 * @ret_size: bytes of the message; 0 when the other end is closed
 * @ret_list: its descriptors, owned by the caller also when there are too many of them
 *
 * Return: 0; -EAGAIN with MSG_DONTWAIT; negative errno.
 */
int fd_receive(int socket, void *buffer, size_t size, int flags, size_t *ret_size,
               struct fd_list *ret_list)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(FD_PER_MESSAGE_KERNEL_MAX * sizeof(int))];
    } control;
    /* Room for every descriptor: what the kernel drops it closes itself, however long that takes.
     */
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    ssize_t received;

    do {
        received = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        return -errno;
    }
    *ret_list = (struct fd_list){0};
    fd_list_collect(&message, ret_list);
    *ret_size = (message.msg_flags & MSG_TRUNC) != 0 ? size + 1 : (size_t)received;
    return 0;
}
