/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport over IPC handles: finds the tables of a message, and converts between the published
 * structures and frames on either side of a channel.
 */
#include "core/transport.h"

#include <coresrv/nk/transport-kos.h>

#include <capchan/stub.h>
#include <string.h>

#include "core/adopt.h"
#include "core/announced.h"
#include "core/cleanup.h"
#include "core/client.h"
#include "core/decode.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/listener.h"
#include "core/pending.h"
#include "core/process.h"
#include "core/session.h"
#include "core/transfer.h"

/* call_method() - the tables of the request @req: of its proxy, @stub, or else of the interface
 * that the broker names. Return: 0; ERROR_DENIED: @client does not lead to that interface. */
static int call_method(struct client *client, Handle handle, const struct nk_message *req,
                       const struct capchan_method *stub, const struct capchan_method **ret_method)
{
    const char *interface = client_interface(client);
    struct session_message reply;
    int fd;

    if (req->mark_ != NK_MESSAGE_MARK_) {
        return ERROR_BAD_MESSAGE;
    }
    if (stub != NULL) {
        *ret_method = stub;
        return client_leads_to(client, stub, req->mid) ? 0 : ERROR_DENIED;
    }
    if (*interface == '\0') {
        int r = session_request(SESSION_INTERFACE, handle, req->iid, NULL, &reply, &fd);
        if (r != 0) {
            return r;
        }
        interface = reply.strings[0];
    }
    *ret_method = announced_method(interface, req->mid);
    return *ret_method != NULL ? 0 : ERROR_NOT_FOUND;
}

/* exchange() - encode a request, send it, wait. Return: as client_call() and
 * transfer_send(); ERROR_BAD_MESSAGE. */
static int exchange(struct client *client, Handle handle, const struct capchan_method *method,
                    const struct nk_message *req, const struct nk_arena *req_arena,
                    struct until *until, struct incoming *ret_reply)
{
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = encode(method->req, req, req_arena, &pool, &encoded);
    if (r == 0) {
        r = transfer_send(handle, &encoded);
    }
    if (r == 0) {
        r = client_call(client, req->iid, req->mid, &encoded, until, ret_reply);
        if (r != 0) {
            transfer_take_back(handle, &encoded);
        }
    }
    pool_deinit(&pool);
    return r;
}

/* take_reply() - decode a reply into the caller's response */
static nk_err_t take_reply(Handle handle, const struct capchan_method *method,
                           const struct nk_message *req, struct incoming *reply,
                           struct nk_message *res, struct nk_arena *res_arena)
{
    uint16_t flags = reply->frame.head.flags;
    bool is_error = (flags & FRAME_ERROR) != 0;

    if ((flags & FRAME_STATUS) != 0) {
        return reply->frame.head.status;
    }
    nk_message_init_(res, method->res->size);
    nk_message_set_method_(res, req->iid, req->mid);
    res->flags_ = is_error ? NK_MESSAGE_ERROR_ : 0;
    return error_to_nk(
        transfer_decode(reply, handle, is_error ? method->err : method->res, res, res_arena));
}

/*
 * transport_call() - nk_transport_call() through @handle
 * @until: what ends it without a reply; NULL: nothing does
 *
 * Return: as that; NK_EAGAIN: @until says so.
 */
EVERY_CALL nk_err_t transport_call(Handle handle, struct until *until, struct nk_message *req,
                                   const struct nk_arena *req_arena, struct nk_message *res,
                                   struct nk_arena *res_arena)
{
    CLEANUP(object_unref_p) struct object *object = NULL;
    const struct capchan_method *method;
    struct client *client;
    struct incoming reply;

    if (req == NULL || res == NULL) {
        return NK_EINVAL;
    }
    const struct capchan_method *stub = req->stub_;
    if (stub != NULL) {
        req->stub_ = NULL; /* for this call alone; a request made by hand is only read */
    }
    int r = adopt_find_client(handle, &object, &client);
    if (r == 0 && until != NULL) {
        r = until_enter(until);
    }
    if (r == 0) {
        r = call_method(client, handle, req, stub, &method);
    }
    if (r == 0) {
        r = exchange(client, handle, method, req, req_arena, until, &reply);
    }
    if (r != 0) {
        return error_to_nk(r);
    }
    nk_err_t result = take_reply(handle, method, req, &reply, res, res_arena);
    incoming_deinit(&reply);
    return result;
}

EVERY_CALL static nk_err_t kos_call(struct nk_transport *self, struct nk_message *req,
                                    const struct nk_arena *req_arena, struct nk_message *res,
                                    struct nk_arena *res_arena)
{
    return transport_call(((NkKosTransport *)self)->handle, NULL, req, req_arena, res, res_arena);
}

/* find_method() - the tables of a received request, or NULL */
static const struct capchan_method *find_method(const struct request *request)
{
    const struct frame_head *head = &request->incoming.frame.head;
    const struct capchan_component *entity = announced_entity();
    const struct capchan_endpoint *endpoint =
        entity != NULL ? component_endpoint(entity, head->riid) : NULL;

    if (endpoint == NULL || head->mid >= endpoint->interface->n_methods) {
        return NULL;
    }
    return &endpoint->interface->methods[head->mid];
}

/* refuse() - a request that is not decoded. Return: @status. */
static nk_err_t refuse(struct request *request, nk_err_t status)
{
    transfer_drop(&request->incoming, request->served->handle);
    return status;
}

/* take_request() - decode a request into the server's buffers. Return: NK_EOK, or what to tell the
 * client. */
static nk_err_t take_request(struct request *request, struct nk_message *req,
                             struct nk_arena *req_arena)
{
    const struct capchan_method *method = request->method = find_method(request);

    if (method == NULL) {
        return refuse(request, NK_ENOENT);
    }
    if (method->req->size > req->size_) {
        return refuse(request, NK_ENOMEM);
    }
    nk_message_set_method_(req, request->incoming.frame.head.riid,
                           request->incoming.frame.head.mid);
    return error_to_nk(
        transfer_decode(&request->incoming, request->served->handle, method->req, req, req_arena));
}

/* receive() - a request that the server understands, for this thread to answer. Return: as
 * transport_recv(); on success @listener, a reference, is consumed. */
static nk_err_t receive(struct listener *listener, struct until *until, struct nk_message *req,
                        struct nk_arena *req_arena)
{
    struct request *request;

    for (;;) {
        int r = listener_receive(listener, until, &request);
        if (r != 0) {
            return error_to_nk(r);
        }
        nk_err_t refusal = take_request(request, req, req_arena);
        if (refusal != NK_EOK) {
            (void)request_fail(request, refusal);
            continue;
        }
        r = pending_put(request);
        if (r != 0) {
            (void)request_fail(request, NK_ENOMEM);
        }
        return error_to_nk(r);
    }
}

/* transport_recv() - nk_transport_recv() through @handle; @until as in transport_call() */
EVERY_CALL nk_err_t transport_recv(Handle handle, struct until *until, struct nk_message *req,
                                   struct nk_arena *req_arena)
{
    CLEANUP(object_unref_p) struct object *object = object_table_find(handle, OBJECT_LISTENER);

    if (object == NULL || req == NULL || req->mark_ != NK_MESSAGE_MARK_) {
        return NK_EINVAL;
    }
    struct request *unanswered = pending_take(handle);
    if (unanswered != NULL) {
        (void)request_fail(unanswered, NK_ENOMSG);
        object_unref(object);
    }
    int ended = until != NULL ? until_enter(until) : 0;
    nk_err_t r =
        ended != 0 ? error_to_nk(ended) : receive((struct listener *)object, until, req, req_arena);
    if (r == NK_EOK) {
        (void)STEAL(object); /* the request has it */
    }
    return r;
}

EVERY_CALL static nk_err_t kos_recv(struct nk_transport *self, struct nk_message *req,
                                    struct nk_arena *req_arena)
{
    return transport_recv(((NkKosTransport *)self)->handle, NULL, req, req_arena);
}

/* send_reply() - encode and send the response to @request, which is consumed */
EVERY_CALL static nk_err_t send_reply(struct request *request, const struct nk_message *res,
                                      const struct nk_arena *res_arena)
{
    const struct capchan_method *method = request->method;
    bool is_error = nk_message_is_error_(res);
    const struct capchan_record *record = is_error ? method->err : method->res;
    struct encoded encoded;
    struct pool pool;

    const struct frame_head *head = &request->incoming.frame.head;
    const Handle channel = request->served->handle;
    bool is_ours = res->iid == INVALID_RIID || (res->iid == head->riid && res->mid == head->mid);
    if (res->size_ < record->size || !is_ours) {
        (void)request_fail(request, NK_EBADMSG);
        return NK_EBADMSG;
    }
    pool_init(&pool, SIZE_MAX);
    int r = encode(record, res, res_arena, &pool, &encoded);
    if (r == 0) {
        r = transfer_send(channel, &encoded);
    }
    if (r == 0) {
        r = request_reply(request, &encoded, is_error);
        if (r != 0) {
            transfer_take_back(channel, &encoded);
        }
    } else {
        (void)request_fail(request, error_to_nk(r));
    }
    pool_deinit(&pool);
    return error_to_nk(r);
}

/* answer() - with what the handler left in @res; @request is consumed */
static nk_err_t answer(struct request *request, const struct nk_message *res,
                       const struct nk_arena *res_arena)
{
    if (res->mark_ != NK_MESSAGE_MARK_) {
        (void)request_fail(request, NK_EBADMSG);
        return NK_EBADMSG;
    }
    if ((res->flags_ & NK_MESSAGE_FAILED_) != 0 && (int32_t)res->stub_word_ != 0) {
        return error_to_nk(request_fail(request, (int32_t)res->stub_word_));
    }
    return send_reply(request, res, res_arena);
}

/* transport_reply() - nk_transport_reply() through @handle */
EVERY_CALL nk_err_t transport_reply(Handle handle, struct nk_message *res,
                                    const struct nk_arena *res_arena)
{
    struct object *object;

    if (res == NULL || process_is_forked()) {
        return NK_EINVAL;
    }
    struct request *request = pending_take(handle);
    if (request == NULL) {
        object = object_table_find(handle, OBJECT_LISTENER);
        object_unref(object);
        return object == NULL ? NK_EINVAL : NK_ENOMSG;
    }
    object = (struct object *)request->listener;
    nk_err_t r = answer(request, res, res_arena);
    object_unref(object); /* the reference that the request had */
    return r;
}

EVERY_CALL static nk_err_t kos_reply(struct nk_transport *self, struct nk_message *res,
                                     const struct nk_arena *res_arena)
{
    return transport_reply(((NkKosTransport *)self)->handle, res, res_arena);
}

nk_err_t NkKosTransport_Init(NkKosTransport *transport, Handle handle, void *buffer, nk_size_t size)
{
    static const struct nk_transport_ops ops = {
        .call = kos_call, .recv = kos_recv, .reply = kos_reply};

    (void)buffer;
    (void)size;
    transport->base.ops_ = &ops;
    transport->handle = handle;
    return NK_EOK;
}

nk_err_t NkKosCopyStringToArena(struct nk_arena *arena, nk_ptr_t *chunk, const char *string)
{
    if (chunk == NULL || string == NULL) {
        return NK_EINVAL;
    }
    return nk_arena_store(nk_char_t, arena, chunk, string, strlen(string) + 1);
}
