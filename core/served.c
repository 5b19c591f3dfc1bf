/* SPDX-License-Identifier: Apache-2.0 */
#include "core/served.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/every_call.h"
#include "core/fd.h"
#include "core/outgoing.h"
#include "core/step.h"

/* served_new() - one reference, the caller's; @fd is consumed, on failure too; @client is copied.
 * Return: NULL without memory. */
struct served *served_new(int fd, Handle handle, const char *client)
{
    size_t name_bytes = strlen(client) + 1;
    struct served *served = malloc(sizeof(*served) + name_bytes);

    if (served == NULL) {
        fd_close(fd);
        return NULL;
    }
    *served = (struct served){.fd = fd,
                              .handle = handle,
                              .control = control_view(handle),
                              .client = memcpy(served + 1, client, name_bytes),
                              .refs = 1,
                              .shared = SHARED_SERVER_NULL};
    return served;
}

/* served_is_over() - whether the broker says that the client is gone, or may not call any more */
bool served_is_over(const struct served *served)
{
    return !control_is_live(&served->control);
}

/* served_ref() - another reference. Return: @served. */
struct served *served_ref(struct served *served)
{
    atomic_fetch_add_explicit(&served->refs, 1, memory_order_relaxed);
    return served;
}

/* served_unref() - drop a reference */
EVERY_CALL void served_unref(struct served *served)
{
    if (atomic_fetch_sub_explicit(&served->refs, 1, memory_order_acq_rel) == 1) {
        shared_server_deinit(&served->shared);
        fd_close(served->fd);
        free(served);
    }
}

/*
 * served_answer_offer() - share the memory that a client offers, once
 * @memfd: borrowed
 *
 * Return: 0: and served->shared.memory says whether there is any now; ERROR_NOT_CONNECTED: the
 * client does not take its replies.
 */
int served_answer_offer(struct served *served, int memfd)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = SHARED_OFFER_NUMBER, .flags = FRAME_REPLY | FRAME_OFFER};
    struct iovec part = {.iov_base = &head, .iov_len = sizeof(head)};
    int r = served->shared.memory == NULL ? shared_server_accept(&served->shared, memfd)
                                          : ERROR_BAD_MESSAGE;

    if (r != 0) {
        return served_send_status(served, SERVED_SOCKET, SHARED_OFFER_NUMBER, error_to_nk(r));
    }
    r = fd_send(served->fd, &part, 1, served->shared.bell, MSG_DONTWAIT);
    STEP("server: offer answered");
    return r == 0 ? 0 : ERROR_NOT_CONNECTED;
}

/* reply_in_slot() - shared_server_reply(). The client may end as soon as it has its reply, which is
 * then no failure; so it is looked at before. Return: 0; ERROR_NOT_CONNECTED; -EMSGSIZE: nothing
 * was handed over. */
static int reply_in_slot(struct served *served, unsigned slot, const struct frame_head *head,
                         const struct encoded *encoded)
{
    bool was_over = served_is_over(served);

    if (!shared_server_reply(&served->shared, slot, head, encoded)) {
        return -EMSGSIZE;
    }
    return was_over ? ERROR_NOT_CONNECTED : 0;
}

/*
 * served_send_status() - answer a call with a status
 * @slot: where it came, or SERVED_SOCKET
 * @call: its number, if it came over the socket
 *
 * Return: 0; ERROR_NOT_CONNECTED: the client does not take its replies.
 */
int served_send_status(struct served *served, int slot, uint32_t call, int32_t status)
{
    struct frame_head head = {
        .magic = FRAME_MAGIC, .call = call, .flags = FRAME_REPLY | FRAME_STATUS, .status = status};
    struct iovec part = {.iov_base = &head, .iov_len = sizeof(head)};

    if (slot >= 0) {
        return reply_in_slot(served, (unsigned)slot, &head, NULL);
    }
    return fd_send(served->fd, &part, 1, -1, MSG_DONTWAIT) == 0 ? 0 : ERROR_NOT_CONNECTED;
}

/* send_over_socket() - a reply as a message of its own. Return: 0; ERROR_NOT_CONNECTED; -ENOMEM and
 * the like: nothing was sent. */
static int send_over_socket(struct served *served, struct encoded *encoded)
{
    struct outgoing outgoing;

    int r = outgoing_pack(&outgoing, encoded);
    if (r == 0) {
        r = outgoing_send(&outgoing, served->fd, &encoded->head, MSG_DONTWAIT) == 0
                ? 0
                : ERROR_NOT_CONNECTED;
        STEP("server: reply sent");
    }
    outgoing_deinit(&outgoing);
    return r;
}

/* send_elsewhere() - a reply that is too large for its slot: first the message, then the hint that
 * it is there */
static int send_elsewhere(struct served *served, unsigned slot, struct encoded *encoded)
{
    const struct frame_head hint = {.flags = FRAME_REPLY | FRAME_ELSEWHERE};

    encoded->head.call = shared_elsewhere(served->shared.last[slot], slot);
    int r = send_over_socket(served, encoded);
    STEP("server: large reply sent");
    if (r == 0) {
        (void)shared_server_reply(&served->shared, slot, &hint, NULL);
    }
    return r;
}

/*
 * served_send_reply() - answer a call; arguments as of served_send_status()
 *
 * Return: 0; ERROR_NOT_CONNECTED: the client does not take its replies; negative errno: nothing was
 * sent.
 */
int served_send_reply(struct served *served, int slot, uint32_t call, struct encoded *encoded,
                      bool is_error)
{
    encoded->head.call = call;
    encoded->head.flags = (uint16_t)(FRAME_REPLY | (is_error ? FRAME_ERROR : 0));
    if (slot < 0) {
        return send_over_socket(served, encoded);
    }
    int r = reply_in_slot(served, (unsigned)slot, &encoded->head, encoded);
    return r == -EMSGSIZE ? send_elsewhere(served, (unsigned)slot, encoded) : r;
}
