/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/handle/handle_api.h>

#include <nk/arena.h>
#include <stddef.h>

#include "core/adopt.h"
#include "core/error.h"
#include "core/handle_question.h"
#include "core/notice.h"
#include "core/object.h"
#include "core/own_memory.h"
#include "core/session.h"

/* taken() - a new handle, if it could be put into the table */
static Retcode taken(int r, Handle handle, Handle *ret_handle)
{
    if (r == 0) {
        *ret_handle = handle;
    }
    return error_to_retcode(r);
}

/* announce_closed() - tell the broker that a client's handle is closed. Return: false: there is no
 * broker. */
static bool announce_closed(Handle handle)
{
    return session_announce(SESSION_GIVE_BACK, handle, 0, NULL);
}

Retcode KnHandleClose(Handle handle)
{
    struct object *object = object_table_remove(handle);
    struct session_message reply;
    int fd;

    if (object == NULL) {
        return rcNoCapability;
    }
    bool is_client = object->class->kind == OBJECT_CLIENT;
    bool is_over = object->class->is_over_when_shut;
    int r = 0;
    /* The broker ends the channel, which has calls in progress only if somebody else uses it. */
    if (is_client && object_is_unused(object) && announce_closed(handle)) {
        object_unref(object);
        return rcOk;
    }
    if (!is_over) {
        /* Before peers see that it is over: they are refused when they connect again. */
        r = session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
    }
    object->class->shut(object);
    object_unref(object);
    if (is_over) {
        (void)announce_closed(handle);
    }
    /* Without a broker the handle is gone all the same. */
    return r == ERROR_NO_BROKER ? rcOk : error_to_retcode(r);
}

/* create() - a resource of this process, of any kind */
static Retcode create(rtl_uint32_t type, const capchan_Handles_CreateResource_req *described,
                      Handle *ret_handle)
{
    capchan_Handles_CreateResource_req req = *described;
    capchan_Handles_CreateResource_res res;
    struct question question;

    if (ret_handle == NULL || type < HANDLE_TYPE_USER_FIRST || type > HANDLE_TYPE_USER_LAST) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Handles_CreateResource(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    return rc != rcOk ? rc : taken(adopt_resource(res.handle), res.handle, ret_handle);
}

Retcode KnHandleCreateUserObject(rtl_uint32_t type, rtl_uint32_t rights, void *context,
                                 Handle *handle)
{
    const capchan_Handles_CreateResource_req req = {
        .rights = rights, .context = (uintptr_t)context, .listener = INVALID_HANDLE};

    return create(type, &req, handle);
}

Retcode KnHandleCreateUserObjectEx(rtl_uint32_t type, rtl_uint32_t rights, void *context,
                                   Handle ipcChannel, rtl_uint32_t riid, Handle *handle)
{
    const capchan_Handles_CreateResource_req req = {
        .rights = rights, .context = (uintptr_t)context, .listener = ipcChannel, .riid = riid};

    return create(type, &req, handle);
}

Retcode KnHandleCreateBadge(Notice notice, rtl_uintptr_t eventId, void *context, Handle *handle)
{
    capchan_Handles_CreateBadge_req req = {
        .context = (uintptr_t)context, .notice = notice_handle(notice), .eventId = eventId};
    capchan_Handles_CreateBadge_res res;
    struct question question;

    if (handle == NULL || (notice != NULL && req.notice == INVALID_HANDLE)) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Handles_CreateBadge(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    return rc != rcOk ? rc : taken(adopt_resource(res.handle), res.handle, handle);
}

Retcode KnHandleCopy(Handle inHandle, rtl_uint32_t newRightsMask, Handle copyBadge,
                     Handle *outHandle)
{
    capchan_Handles_Copy_req req = {
        .handle = inHandle, .rights = newRightsMask, .badge = copyBadge};
    capchan_Handles_Copy_res res;
    char room[capchan_Handles_Copy_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    struct question question;

    if (outHandle == NULL) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Handles_Copy(question_ask(&question), &req, NULL, &res, &arena);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    if (rc != rcOk) {
        return rc;
    }
    if (res.isChannel == 0) {
        return taken(own_memory_copy(inHandle, newRightsMask, res.copy), res.copy, outHandle);
    }
    nk_size_t size;
    const char *interface = nk_arena_get(nk_char_t, &arena, &res.interface, &size);
    return taken(adopt_channel(res.copy, question.transport.fd, interface != NULL ? interface : ""),
                 res.copy, outHandle);
}

Retcode KnHandleRevoke(Handle handle)
{
    capchan_Handles_Revoke_req req = {.handle = handle};
    capchan_Handles_Revoke_res res;
    struct question question;

    nk_err_t r = capchan_Handles_Revoke(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    struct object *object = rc == rcOk ? object_table_remove(handle) : NULL;
    if (object != NULL) {
        object->class->shut(object);
        object_unref(object);
    }
    return rc;
}

Retcode KnHandleRevokeSubtree(Handle handle, Handle badge)
{
    capchan_Handles_RevokeSubtree_req req = {.handle = handle, .badge = badge};
    capchan_Handles_RevokeSubtree_res res;
    struct question question;

    nk_err_t r = capchan_Handles_RevokeSubtree(question_ask(&question), &req, NULL, &res, NULL);
    return question_answer(&question, r, &res.base_, res.err_.code);
}

Retcode KnHandleGetSidByHandle(Handle handle, rtl_uint32_t *sid)
{
    capchan_Handles_GetSid_req req = {.handle = handle};
    capchan_Handles_GetSid_res res;
    struct question question;

    if (sid == NULL) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Handles_GetSid(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    if (rc == rcOk) {
        *sid = res.sid;
    }
    return rc;
}

/* listen_for() - a new listener */
static Retcode listen_for(Handle *ret_listener)
{
    capchan_Handles_Listen_req req = {0};
    capchan_Handles_Listen_res res;
    struct question question;

    nk_err_t r = capchan_Handles_Listen(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    return rc != rcOk ? rc
                      : taken(adopt_listener(res.listener, question.transport.fd, false),
                              res.listener, ret_listener);
}

/* connect_to() - the client's end of a new channel to a listener of this process */
static Retcode connect_to(Handle listener, Handle *ret_client)
{
    capchan_Handles_Connect_req req = {.listener = listener};
    capchan_Handles_Connect_res res;
    struct question question;

    nk_err_t r = capchan_Handles_Connect(question_ask(&question), &req, NULL, &res, NULL);
    Retcode rc = question_answer(&question, r, &res.base_, res.err_.code);
    return rc != rcOk
               ? rc
               : taken(adopt_client(res.client, question.transport.fd), res.client, ret_client);
}

Retcode KnHandleConnect(Handle handle, Handle *listener, Handle *server, Handle *client)
{
    Handle listening = handle;

    if (listener == NULL || server == NULL || client == NULL) {
        return rcInvalidArgument;
    }
    Retcode rc = handle == INVALID_HANDLE ? listen_for(&listening) : rcOk;
    if (rc != rcOk) {
        return rc;
    }
    rc = connect_to(listening, client);
    if (rc == rcOk) {
        *listener = *server = listening;
    } else if (handle == INVALID_HANDLE) {
        (void)KnHandleClose(listening);
    }
    return rc;
}
