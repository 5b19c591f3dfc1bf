/* SPDX-License-Identifier: Apache-2.0 */
#include "core/outgoing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/limits.h"

/* outgoing_init() - get a buffer for @payload_bytes. Return: 0; -ENOMEM. */
int outgoing_init(struct outgoing *outgoing, size_t payload_bytes)
{
    *outgoing = (struct outgoing){.payload_bytes = payload_bytes, .memfd = -1, .token = -1};
    outgoing->payload = buffer_alloc(payload_bytes);
    return outgoing->payload != NULL ? 0 : -ENOMEM;
}

/* outgoing_deinit() - give the buffer back, sent or not */
void outgoing_deinit(struct outgoing *outgoing)
{
    buffer_free(outgoing->payload);
    outgoing->payload = NULL;
    outgoing->memfd = fd_close(outgoing->memfd);
}

/* write_all() - Return: 0; negative errno, -ENOSPC and -ENOMEM among them */
static int write_all(int fd, const uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/*
 * outgoing_seal() - the payload is complete: if it is too large for a datagram, make the memfd
 *
 * To write it there takes a third to six tenths, of small and large ones, of what packing it into a
 * mapping of the memfd would: no page is cleared first, mapped or faulted in.
 *
 * Return: 0; negative errno.
 */
int outgoing_seal(struct outgoing *outgoing)
{
    if (outgoing->payload_bytes <= MESSAGE_INLINE_BYTES_MAX) {
        return 0;
    }
    CLEANUP(fd_close_p) int fd = memfd_create("capchan-message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        return -errno;
    }
    int r = write_all(fd, outgoing->payload, outgoing->payload_bytes);
    if (r != 0) {
        return r;
    }
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0) {
        return -errno;
    }
    outgoing->memfd = fd;
    fd = -1;
    return 0;
}

/* outgoing_pack() - outgoing_init() for the payload of @encoded, which is filled in and sealed. To
 * be ended with outgoing_deinit() in any case. Return: 0; negative errno. */
int outgoing_pack(struct outgoing *outgoing, const struct encoded *encoded)
{
    int r = outgoing_init(outgoing, frame_payload_bytes(&encoded->head));

    if (r != 0) {
        return r;
    }
    encoded_pack(encoded, outgoing->payload);
    return outgoing_seal(outgoing);
}

/*
 * outgoing_send() - send the frame, which is sealed; once, or again after -EAGAIN
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

    head->magic = FRAME_MAGIC;
    if (outgoing->token >= 0) {
        head->flags |= FRAME_CLAIM;
        passed[n_passed++] = outgoing->token;
    }
    if (outgoing->memfd >= 0) {
        head->flags |= FRAME_MEMFD;
        passed[n_passed++] = outgoing->memfd;
    }
    int r = fd_send_all(socket, parts, outgoing->memfd >= 0 ? 1 : 2, passed, n_passed, flags);
    return r == -EPIPE || r == -ECONNRESET || r == -ENOTCONN ? ERROR_NOT_CONNECTED : r;
}
