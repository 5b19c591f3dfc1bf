/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors, and messages with descriptors over SOCK_SEQPACKET.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

/* How many descriptors one message can bring; more than any of ours has, so that surplus is seen.
 */
#define FD_PER_MESSAGE_MAX 4

/* How many the kernel lets a peer attach to one message. */
#define FD_PER_MESSAGE_KERNEL_MAX 253

struct fd_list {
    int n_fds;
    int fds[FD_PER_MESSAGE_MAX];
    bool surplus; /* more were sent than fit, or the table is full; those were closed */
};

int fd_close(int fd);
int fd_hang_up(int fd);
void fd_close_p(int *fd);
int fd_list_take(struct fd_list *list);
void fd_list_deinit(struct fd_list *list);
int fd_pair(int ret_ends[2]);
int fd_send(int socket, const struct iovec *parts, size_t n_parts, int passed, int flags);
int fd_send_all(int socket, const struct iovec *parts, size_t n_parts, const int *passed,
                size_t n_passed, int flags);
int fd_receive(int socket, void *buffer, size_t size, int flags, size_t *ret_size,
               struct fd_list *ret_list);
