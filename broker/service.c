/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/service.h"

#include <capchan/stub.h>
#include <errno.h>
#include <nk/arena.h>
#include <sys/socket.h>

#include "broker/patience.h"
#include "core/announced.h"
#include "core/decode.h"
#include "core/error.h"
#include "core/hints.h"
#include "core/session_call.h"

_Static_assert(capchan_Broker_handles_iid == capchan_Handles_Endpoint &&
                   capchan_Broker_notices_iid == capchan_Notices_Endpoint,
               "what the broker serves is where libcapchan asks for it");

/* find_method() - the tables of what a call names, or NULL */
static const struct capchan_method *find_method(nk_iid_t riid, nk_mid_t mid)
{
    const struct capchan_endpoint *endpoint =
        component_endpoint(&capchan_Broker_component_stub_, riid);

    return endpoint != NULL && mid < endpoint->interface->n_methods
               ? &endpoint->interface->methods[mid]
               : NULL;
}

/* sent() - what became of an answer. An entity that does not take them loses its session. */
static int sent(struct entity_run *entity, int r)
{
    hints_sent(entity_holder(entity)->control.hints);
    if (r != 0 && r != -EPIPE && r != -ECONNRESET && r != -ETOOMANYREFS) {
        session_end(entity, "it does not take its answers");
    }
    return r;
}

/*
 * service_answer() - end a call with a response
 * @entity: whose session may be lost meanwhile
 * @number: of its call to method @mid of @riid
 * @res:    set up with nk_req_reset() or nk_err_reset(), or by dispatch
 * @arena:  of @res, or NULL
 * @passed: descriptor to attach, borrowed; -1 for none
 *
 * Return: 0: the entity was told; -ETOOMANYREFS: @passed cannot be passed, because too many of this
 * user's are on their way, and the call is still open; else nobody can be told.
 */
int service_answer(struct entity_run *entity, uint32_t number, nk_iid_t riid, nk_mid_t mid,
                   const struct nk_message *res, const struct nk_arena *arena, int passed)
{
    const struct capchan_method *method = find_method(riid, mid);
    bool is_error = nk_message_is_error_(res);
    struct frame_head head = {.call = number,
                              .riid = riid,
                              .mid = mid,
                              .flags = FRAME_REPLY | (is_error ? FRAME_ERROR : 0)};

    if (entity->session.fd < 0) {
        return -EPIPE;
    }
    if (is_error &&
        (riid != capchan_Broker_connections_iid || mid != capchan_ConnectionManager_Listen_mid)) {
        patience_use(entity); /* to listen in vain is what servers do */
    }
    return sent(entity,
                session_call_send(entity->session.fd, &head, is_error ? method->err : method->res,
                                  res, arena, passed, MSG_DONTWAIT));
}

/* pass() - answer the call of @visit with a descriptor. Return: as service_answer(). */
static int pass(struct visit *visit, nk_iid_t riid, nk_mid_t mid, const struct nk_message *res,
                const struct nk_arena *arena, int fd)
{
    int r = service_answer(visit->entity, visit->number, riid, mid, res, arena, fd);

    visit->is_taken = r != -ETOOMANYREFS;
    return r;
}

/*
 * service_pass() - answer the call of @visit with a descriptor, borrowed
 *
 * Return: 0; ERROR_QUOTA: that cannot be now.
 */
int service_pass(struct visit *visit, nk_iid_t riid, nk_mid_t mid, const struct nk_message *res,
                 const struct nk_arena *arena, int fd)
{
    (void)pass(visit, riid, mid, res, arena, fd);
    return visit->is_taken ? 0 : ERROR_QUOTA;
}

/*
 * service_deliver() - answer the call of @visit with a handle and the end of a channel that comes
 * with it
 * @fd: borrowed; -1: none comes with it, and the answer takes its usual way
 *
 * Return: 0; ERROR_QUOTA: that cannot be now, and the handle is gone again.
 */
int service_deliver(struct visit *visit, nk_iid_t riid, nk_mid_t mid, const struct nk_message *res,
                    const struct nk_arena *arena, Handle handle, int fd)
{
    if (fd < 0) {
        return 0;
    }
    if (pass(visit, riid, mid, res, arena, fd) != 0) {
        (void)handle_give_back(entity_holder(visit->entity), handle);
    }
    return visit->is_taken ? 0 : ERROR_QUOTA;
}

/* service_text() - a name in a request */
const char *service_text(const struct nk_arena *arena, const nk_ptr_t *name)
{
    size_t size;
    const char *text = nk_arena_get(nk_char_t, arena, name, &size);

    return text != NULL ? text : "";
}

/* service_code() - what a function of cm/cm.h returned, for the one who asked; a negative errno is
 * told as lack of memory */
Retcode service_code(int result)
{
    return error_to_retcode(result < 0 ? ERROR_QUOTA : result);
}

/* refuse() - answer a call that no handler saw */
static void refuse(struct entity_run *entity, const struct frame *frame, nk_err_t status)
{
    struct frame_head head = {
        .call = frame->head.call, .riid = frame->head.riid, .mid = frame->head.mid};

    patience_use(entity);
    if (entity->session.fd >= 0) {
        (void)sent(entity, session_call_send_status(entity->session.fd, &head, status));
    }
}

/* dispatch() - have the handler of a call that was understood called, and answer it */
static void dispatch(struct entity_run *entity, const struct frame *frame,
                     const struct nk_message *req, const struct nk_arena *req_arena)
{
    struct visit visit = {.connections.ops = &dynamic_connections,
                          .names.ops = &dynamic_names,
                          .handles.ops = &handle_services,
                          .notices.ops = &notice_services,
                          .entity = entity,
                          .number = frame->head.call};
    char bytes[capchan_Broker_component_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    struct capchan_Broker_component component;
    union capchan_Broker_component_res res;

    capchan_Broker_component_init(&component, &visit.connections, &visit.names, &visit.handles,
                                  &visit.notices);
    nk_err_t r =
        capchan_Broker_component_dispatch(&component, 0, req, req_arena, &res.base_, &arena);
    if (r != NK_EOK) {
        refuse(entity, frame, r);
    } else if (!visit.is_taken) {
        (void)service_answer(entity, visit.number, req->iid, req->mid, &res.base_, &arena, -1);
    }
}

/* service_take() - serve a call. Return: false: it is malformed. */
bool service_take(struct entity_run *entity, const void *bytes, size_t size)
{
    char room[capchan_Broker_component_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    union capchan_Broker_component_req req;
    struct frame frame;

    if (session_call_parse(bytes, size, &frame) != 0 || frame.head.flags != 0) {
        return false;
    }
    const struct capchan_method *method = find_method(frame.head.riid, frame.head.mid);
    if (method == NULL) {
        refuse(entity, &frame, NK_ENOENT);
        return true;
    }
    nk_req_reset(&req);
    nk_msg_set_method_id(&req, frame.head.riid, frame.head.mid);
    int r = decode(method->req, &frame, &req, &arena);
    if (r == 0) {
        dispatch(entity, &frame, &req.base_, &arena);
    } else if (r != ERROR_BAD_MESSAGE) {
        refuse(entity, &frame, error_to_nk(r));
    }
    return r != ERROR_BAD_MESSAGE;
}
