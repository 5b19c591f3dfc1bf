/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session_call.h"

#include <capchan/stub.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/cleanup.h"
#include "core/decode.h"
#include "core/encode.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/link.h"
#include "core/session.h"

/*
 * session_call_send() - encode and send one message
 * @head:   call, riid, mid and flags; the rest is filled in
 * @record: of @object
 * @passed: descriptor to attach, borrowed; -1 for none
 * @flags:  MSG_DONTWAIT, or 0 to wait for room
 *
 * Return: 0; ERROR_BAD_MESSAGE: a limit of the IDL is broken; negative errno.
 */
int session_call_send(int socket, struct frame_head *head, const struct capchan_record *record,
                      const void *object, const struct nk_arena *arena, int passed, int flags)
{
    uint8_t payload[SESSION_BYTES_MAX - sizeof(*head)];
    struct iovec parts[2] = {{.iov_base = head, .iov_len = sizeof(*head)}, {.iov_base = payload}};
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = encode(record, object, arena, &pool, &encoded);
    if (r == 0 && frame_payload_bytes(&encoded.head) > sizeof(payload)) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r == 0) {
        encoded_pack(&encoded, payload);
        parts[1].iov_len = frame_payload_bytes(&encoded.head);
        head->magic = FRAME_MAGIC;
        head->body_bytes = encoded.head.body_bytes;
        head->n_pointers = encoded.head.n_pointers;
        head->arena_bytes = encoded.head.arena_bytes;
        r = fd_send(socket, parts, 2, passed, flags);
    }
    pool_deinit(&pool);
    return r;
}

/* session_call_send_status() - answer a call that failed, without waiting. Return: 0; negative
 * errno. */
int session_call_send_status(int socket, struct frame_head *head, nk_err_t status)
{
    struct iovec part = {.iov_base = head, .iov_len = sizeof(*head)};

    head->magic = FRAME_MAGIC;
    head->flags = FRAME_REPLY | FRAME_STATUS;
    head->status = status;
    head->body_bytes = head->n_pointers = head->arena_bytes = 0;
    return fd_send(socket, &part, 1, -1, MSG_DONTWAIT);
}

/* session_call_is() - whether a message on a session is one of ours, sound or not */
bool session_call_is(const void *bytes, size_t size)
{
    const uint32_t magic = FRAME_MAGIC;

    return size >= sizeof(magic) && memcmp(bytes, &magic, sizeof(magic)) == 0;
}

/*
 * session_call_parse() - check a message, but for what is encoded in it
 * @bytes: borrowed, also by *ret_frame
 *
 * Return: 0; ERROR_BAD_MESSAGE.
 */
int session_call_parse(const void *bytes, size_t size, struct frame *ret_frame)
{
    const uint16_t allowed = FRAME_REPLY | FRAME_ERROR | FRAME_STATUS;
    struct frame_head head;

    if (size < sizeof(head) || size > SESSION_BYTES_MAX) {
        return ERROR_BAD_MESSAGE;
    }
    memcpy(&head, bytes, sizeof(head));
    size_t payload_bytes = frame_payload_bytes(&head);
    if (frame_check_head(&head, payload_bytes) != 0 || head.n_handles != 0 ||
        (head.flags & ~allowed) != 0 || payload_bytes != size - sizeof(head)) {
        return ERROR_BAD_MESSAGE;
    }
    frame_split(&head, (const uint8_t *)bytes + sizeof(head), ret_frame);
    return 0;
}

/* take_response() - decode what the broker answered. Return: 0; the status of the call; with
 * transport->error set: NK_EBADMSG, NK_ENOMEM. */
static nk_err_t take_response(struct session_transport *transport, struct link_message *raw,
                              const struct nk_message *req, const struct capchan_method *method,
                              struct nk_message *res, struct nk_arena *res_arena)
{
    struct frame frame;

    int r = session_call_parse(raw->bytes, raw->size, &frame);
    if (r != 0 || (frame.head.flags & FRAME_REPLY) == 0) {
        transport->error = ERROR_BAD_MESSAGE;
        return NK_EBADMSG;
    }
    if ((frame.head.flags & FRAME_STATUS) != 0) {
        return frame.head.status;
    }
    bool is_error = (frame.head.flags & FRAME_ERROR) != 0;
    nk_message_init_(res, method->res->size);
    nk_message_set_method_(res, req->iid, req->mid);
    res->flags_ = is_error ? NK_MESSAGE_ERROR_ : 0;
    transport->error = decode(is_error ? method->err : method->res, &frame, res, res_arena);
    if (transport->error == 0) {
        transport->fd = fd_list_take(&raw->fds);
    }
    return error_to_nk(transport->error);
}

/* exchange() - send a request and wait. Return: 0; ERROR_BAD_MESSAGE; ERROR_NO_BROKER; -ENOMEM. */
static int exchange(struct link *link, struct link_waiter *waiter, const struct nk_message *req,
                    const struct capchan_method *method, const struct nk_arena *req_arena)
{
    struct frame_head head = {.call = waiter->number, .riid = req->iid, .mid = req->mid};

    int r = session_call_send(link->fd, &head, method->req, req, req_arena, -1, 0);
    if (r == 0) {
        r = link_wait(link, waiter);
    }
    return r == 0 || r == ERROR_BAD_MESSAGE || r == -ENOMEM ? r : ERROR_NO_BROKER;
}

static nk_err_t session_call(struct nk_transport *self, struct nk_message *req,
                             const struct nk_arena *req_arena, struct nk_message *res,
                             struct nk_arena *res_arena)
{
    struct session_transport *transport = (struct session_transport *)self;
    const struct capchan_method *method = STEAL(req->stub_);
    struct link *link = session_link();
    struct link_waiter waiter;
    nk_err_t status = NK_EOK;

    transport->error = link == NULL ? ERROR_NO_BROKER : link_begin(link, &waiter);
    if (transport->error != 0) {
        transport->error =
            transport->error == ERROR_NOT_CONNECTED ? ERROR_NO_BROKER : transport->error;
        return error_to_nk(transport->error);
    }
    transport->error = exchange(link, &waiter, req, method, req_arena);
    if (transport->error == 0) {
        status = take_response(transport, &waiter.reply, req, method, res, res_arena);
    }
    link_end(link, &waiter);
    return transport->error != 0 ? error_to_nk(transport->error) : status;
}

/* session_transport_init() - to the broker of this process; for generated proxies, which set
 * req->stub_. There is nothing to give back but what @fd brings. */
void session_transport_init(struct session_transport *transport)
{
    static const struct nk_transport_ops ops = {.call = session_call};

    *transport = (struct session_transport){.base.ops_ = &ops, .fd = -1};
}

/*
 * session_call_result() - what came of a call
 * @status: that the proxy returned
 * @code:   what the response says, if it is an error response
 */
Retcode session_call_result(const struct session_transport *transport, nk_err_t status,
                            const struct nk_message *res, Retcode code)
{
    if (transport->error != 0) {
        return error_to_retcode(transport->error);
    }
    if (status != NK_EOK) {
        return error_nk_to_retcode(status);
    }
    return nk_message_is_error_(res) ? code : rcOk;
}
