/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/handle/notice_api.h>

#include <capchan/Notices.idl.h>
#include <capchan/notice.h>
#include <errno.h>
#include <nk/arena.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/notice.h"
#include "core/object.h"
#include "core/session_call.h"
#include "core/until.h"

_Static_assert(NOTICE_EVENTS_MAX == capchan_Notices_EventsMax, "one call takes them all");

/* @fd: readable when there is something to take */
struct notice_object {
    struct object object;
    int fd;
};

/* One question to the broker. */
struct question {
    struct session_transport transport;
    struct capchan_Notices_proxy proxy;
};

static struct capchan_Notices *ask(struct question *question)
{
    session_transport_init(&question->transport);
    capchan_Notices_proxy_init(&question->proxy, &question->transport.base,
                               capchan_Notices_Endpoint);
    return &question->proxy.base;
}

/* notice_shut() - who waits is woken by the broker, which closes its end */
static void notice_shut(struct object *object)
{
    (void)object;
}

static void notice_free(struct object *object)
{
    struct notice_object *notice = (struct notice_object *)object;

    fd_close(notice->fd);
    free(notice);
}

/* notice_object_new() - @fd: consumed, on failure too. Return: 0; -ENOMEM. */
int notice_object_new(int fd, struct object **ret_notice)
{
    static const struct object_class class = {
        .kind = OBJECT_NOTICE, .shut = notice_shut, .free = notice_free};
    struct notice_object *notice = malloc(sizeof(*notice));

    if (notice == NULL) {
        fd_close(fd);
        return -ENOMEM;
    }
    object_init(&notice->object, &class);
    notice->fd = fd;
    *ret_notice = &notice->object;
    return 0;
}

/* notice_find() - a new reference; NULL: it is no notice of this process */
static struct notice_object *notice_find(Notice notice)
{
    uintptr_t number = (uintptr_t)notice;

    return number > UINT32_MAX
               ? NULL
               : (struct notice_object *)object_table_find((Handle)number, OBJECT_NOTICE);
}

/* notice_handle() - what the broker knows it by; INVALID_HANDLE: it is no notice of this process */
Handle notice_handle(Notice notice)
{
    CLEANUP(object_unref_p) struct notice_object *found = notice_find(notice);

    return found == NULL ? INVALID_HANDLE : found->object.handle;
}

Retcode KnNoticeCreate(Notice *notice)
{
    capchan_Notices_Create_req req = {0};
    capchan_Notices_Create_res res;
    struct question question;

    if (notice == NULL) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Notices_Create(ask(&question), &req, NULL, &res, NULL);
    Retcode rc = session_call_result(&question.transport, r, &res.base_, res.err_.code);
    if (rc != rcOk) {
        return rc;
    }
    int adopted = adopt_notice(res.notice, question.transport.fd);
    if (adopted == 0) {
        *notice = (Notice)(uintptr_t)res.notice;
    }
    return error_to_retcode(adopted);
}

Retcode KnNoticeSubscribeToObject(Notice notice, Handle object, rtl_uint32_t evMask,
                                  rtl_uintptr_t evId)
{
    capchan_Notices_Subscribe_req req = {
        .notice = notice_handle(notice), .object = object, .events = evMask, .id = evId};
    capchan_Notices_Subscribe_res res;
    struct question question;

    if (req.notice == INVALID_HANDLE) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Notices_Subscribe(ask(&question), &req, NULL, &res, NULL);
    return session_call_result(&question.transport, r, &res.base_, res.err_.code);
}

static Retcode unsubscribe(Notice notice, Handle object, bool has_id, rtl_uintptr_t id)
{
    capchan_Notices_Unsubscribe_req req = {
        .notice = notice_handle(notice), .object = object, .hasId = has_id, .id = id};
    capchan_Notices_Unsubscribe_res res;
    struct question question;

    if (req.notice == INVALID_HANDLE) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Notices_Unsubscribe(ask(&question), &req, NULL, &res, NULL);
    return session_call_result(&question.transport, r, &res.base_, res.err_.code);
}

Retcode KnNoticeUnsubscribeFromObject(Notice notice, Handle object)
{
    return unsubscribe(notice, object, false, 0);
}

Retcode KnNoticeUnsubscribeFromEvent(Notice notice, Handle object, rtl_uintptr_t evId)
{
    return unsubscribe(notice, object, true, evId);
}

/* take() - what there is now. Return: rcTimeout: nothing; else as KnNoticeGetEvent(). */
static Retcode take(Handle notice, rtl_size_t n_max, EventDesc *events, rtl_size_t *ret_n)
{
    capchan_Notices_Take_req req = {.notice = notice,
                                    .most = n_max < NOTICE_EVENTS_MAX ? n_max : NOTICE_EVENTS_MAX};
    capchan_Notices_Take_res res;
    char bytes[capchan_Notices_Take_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    struct question question;
    size_t n = 0;

    nk_err_t r = capchan_Notices_Take(ask(&question), &req, NULL, &res, &arena);
    Retcode rc = session_call_result(&question.transport, r, &res.base_, res.err_.code);
    if (rc != rcOk) {
        return rc == rcInvalidArgument ? rcResourceNotFound : rc; /* it was released meanwhile */
    }
    const capchan_Notices_Event *taken =
        nk_arena_get(capchan_Notices_Event, &arena, &res.events, &n);
    for (size_t i = 0; i < n && i < n_max; i++) {
        events[i] =
            (EventDesc){.eventId = (rtl_uintptr_t)taken[i].id, .eventMask = taken[i].events};
    }
    if (n == 0) {
        return rcTimeout;
    }
    *ret_n = n;
    return rcOk;
}

Retcode KnNoticeGetEvent(Notice notice, rtl_uint64_t msec, rtl_size_t countMax, EventDesc *events,
                         rtl_size_t *count)
{
    CLEANUP(object_unref_p) struct notice_object *found = notice_find(notice);
    rtl_uint32_t timeout = msec < INFINITE_TIMEOUT ? (rtl_uint32_t)msec : INFINITE_TIMEOUT;
    struct until until;
    Retcode rc = rcTimeout;

    if (found == NULL || countMax == 0 || events == NULL || count == NULL) {
        return rcInvalidArgument;
    }
    (void)until_init(&until, timeout, INVALID_HANDLE);
    do {
        if (until_poll(&until, found->fd, POLLIN)) {
            rc = take(found->object.handle, countMax, events, count); /* or others were faster */
        }
    } while (rc == rcTimeout && !until_is_due(&until));
    until_deinit(&until);
    return rc;
}

Retcode KnNoticeSetObjectEvent(Handle object, rtl_uint32_t evMask)
{
    capchan_Notices_SetEvent_req req = {.object = object, .events = evMask};
    capchan_Notices_SetEvent_res res;
    struct question question;

    nk_err_t r = capchan_Notices_SetEvent(ask(&question), &req, NULL, &res, NULL);
    return session_call_result(&question.transport, r, &res.base_, res.err_.code);
}

Retcode KnNoticeDropAndWake(Notice notice)
{
    capchan_Notices_Drop_req req = {.notice = notice_handle(notice)};
    capchan_Notices_Drop_res res;
    struct question question;

    if (req.notice == INVALID_HANDLE) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_Notices_Drop(ask(&question), &req, NULL, &res, NULL);
    return session_call_result(&question.transport, r, &res.base_, res.err_.code);
}

Retcode KnNoticeRelease(Notice notice)
{
    Handle handle = notice_handle(notice);
    Retcode rc = handle == INVALID_HANDLE ? rcInvalidArgument : KnHandleClose(handle);

    return rc == rcNoCapability ? rcInvalidArgument : rc;
}

int capchan_notice_fd(Notice notice)
{
    CLEANUP(object_unref_p) struct notice_object *found = notice_find(notice);

    return found == NULL ? -1 : found->fd;
}
