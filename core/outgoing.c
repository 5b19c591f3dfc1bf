/* SPDX-License-Identifier: Apache-2.0 */
#include "core/outgoing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"

/* memfd_map() - a memfd of @size bytes, backed now so that a full tmpfs is an error here and no
 * SIGBUS later */
static int memfd_map(size_t size, uint8_t **ret_bytes)
{
    CLEANUP(fd_close_p) int fd = memfd_create("capchan-message", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || fallocate(fd, 0, 0, (off_t)size) < 0) {
        return -errno;
    }
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        return -errno;
    }
    *ret_bytes = bytes;
    int result = fd;
    fd = -1;
    return result;
}

/* outgoing_init() - get a buffer for @payload_bytes. Return: 0; negative errno. */
int outgoing_init(struct outgoing *outgoing, size_t payload_bytes)
{
    *outgoing = (struct outgoing){.payload_bytes = payload_bytes, .memfd = -1, .token = -1};
    if (payload_bytes <= MESSAGE_INLINE_BYTES_MAX) {
        outgoing->payload = malloc(payload_bytes + 1);
        return outgoing->payload != NULL ? 0 : -ENOMEM;
    }
    int r = memfd_map(payload_bytes, &outgoing->payload);
    if (r < 0) {
        return r;
    }
    outgoing->memfd = r;
    return 0;
}

static void outgoing_unmap(struct outgoing *outgoing)
{
    if (outgoing->memfd >= 0 && outgoing->payload != NULL) {
        (void)munmap(outgoing->payload, outgoing->payload_bytes);
        outgoing->payload = NULL;
    }
}

/* outgoing_deinit() - give the buffer back, sent or not */
void outgoing_deinit(struct outgoing *outgoing)
{
    outgoing_unmap(outgoing);
    free(outgoing->payload);
    outgoing->payload = NULL;
    outgoing->memfd = fd_close(outgoing->memfd);
}

/* seal() - nobody can change what is in the memfd any more. Return: 0; negative errno. */
static int seal(struct outgoing *outgoing)
{
    if (outgoing->memfd < 0 || outgoing->payload == NULL) {
        return 0;
    }
    outgoing_unmap(outgoing);
    return fcntl(outgoing->memfd, F_ADD_SEALS,
                 F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0
               ? -errno
               : 0;
}

/*
 * outgoing_send() - send the frame; once, or again after -EAGAIN
 * @head:  complete but for the magic word, FRAME_MEMFD and FRAME_CLAIM
 * @flags: MSG_DONTWAIT, or 0 to wait for room
 *
 * Return: 0; ERROR_NOT_CONNECTED; -EAGAIN with MSG_DONTWAIT; negative errno.
 */
int outgoing_send(struct outgoing *outgoing, int socket, struct frame_head *head, int flags)
{
    struct iovec parts[2] = {{.iov_base = head, .iov_len = sizeof(*head)},
                             {.iov_base = outgoing->payload, .iov_len = outgoing->payload_bytes}};
    int passed[2];
    size_t n_passed = 0;

    int r = seal(outgoing);
    if (r != 0) {
        return r;
    }
    head->magic = FRAME_MAGIC;
    if (outgoing->token >= 0) {
        head->flags |= FRAME_CLAIM;
        passed[n_passed++] = outgoing->token;
    }
    if (outgoing->memfd >= 0) {
        head->flags |= FRAME_MEMFD;
        passed[n_passed++] = outgoing->memfd;
    }
    r = fd_send_all(socket, parts, outgoing->memfd >= 0 ? 1 : 2, passed, n_passed, flags);
    return r == -EPIPE || r == -ECONNRESET || r == -ENOTCONN ? ERROR_NOT_CONNECTED : r;
}
