/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/cm/cm_api.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cm/client/broker_call.h"
#include "core/client.h"
#include "core/control.h"
#include "core/error.h"
#include "core/listener.h"
#include "core/session.h"

/* manager_init() - a proxy for one call */
static void manager_init(struct capchan_ConnectionManager_proxy *manager, struct broker_call *call)
{
    broker_call_init(call);
    capchan_ConnectionManager_proxy_init(manager, &call->transport.base,
                                         capchan_Broker_connections_iid);
}

/* give_back() - a handle that came without what it stands for, or that there is no room for */
static void give_back(Handle handle)
{
    struct session_message reply;
    int fd;

    (void)session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
}

/* adopt_client() - put a client end into the table. Return: 0; -ENOMEM. */
static int adopt_client(Handle handle, int fd)
{
    struct client *client;

    if (fd < 0) {
        return -ENOMEM;
    }
    int r = client_new(fd, control_word(handle), &client);
    return r != 0 ? r : object_table_add(handle, (struct object *)client);
}

/* adopt_listener() - the same for a new listener */
static int adopt_listener(Handle handle, int inbox)
{
    struct listener *listener;

    if (inbox < 0) {
        return -ENOMEM;
    }
    int r = listener_new(inbox, control_word(handle), &listener);
    if (r != 0) {
        return r;
    }
    listener_report_desertion(listener);
    return object_table_add(handle, (struct object *)listener);
}

/* taken_over() - the handle that a response brought, @r says whether with what it stands for */
static Retcode taken_over(int r, Handle handle, Handle *ret_handle)
{
    if (r != 0) {
        give_back(handle);
        return error_to_retcode(r);
    }
    *ret_handle = handle;
    return rcOk;
}

Retcode KnCmConnect(const char *server, const char *service, rtl_uint32_t msecs, Handle *handle,
                    rtl_uint32_t *rsid)
{
    struct capchan_ConnectionManager_proxy manager;
    struct broker_call call;
    struct capchan_ConnectionManager_Connect_req req = {.timeout = msecs};
    struct capchan_ConnectionManager_Connect_res res;

    if (server == NULL || service == NULL || handle == NULL || rsid == NULL) {
        return rcInvalidArgument;
    }
    manager_init(&manager, &call);
    if (!broker_call_put(&call, &req.server, server) ||
        !broker_call_put(&call, &req.service, service)) {
        return rcInvalidArgument;
    }
    nk_err_t r =
        capchan_ConnectionManager_Connect(&manager.base, &req, &call.req_arena, &res, NULL);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    if (nk_msg_check_err(&res)) {
        return res.err_.code;
    }
    Retcode rc = taken_over(adopt_client(res.handle, call.transport.fd), res.handle, handle);
    if (rc == rcOk) {
        *rsid = res.riid;
    }
    return rc;
}

Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service)
{
    struct capchan_ConnectionManager_proxy manager;
    struct broker_call call;
    struct capchan_ConnectionManager_Listen_req req = {.timeout = msecs};
    struct capchan_ConnectionManager_Listen_res res;
    size_t size;

    (void)filter;
    if (client == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    manager_init(&manager, &call);
    nk_err_t r = capchan_ConnectionManager_Listen(&manager.base, &req, NULL, &res, &call.res_arena);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    if (nk_msg_check_err(&res)) {
        return res.err_.code;
    }
    const char *name = broker_call_get(&call, &res.client, &size);
    memcpy(client, name, size);
    name = broker_call_get(&call, &res.service, &size);
    memcpy(service, name, size);
    return rcOk;
}

Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid, Handle listener,
                   Handle *handle)
{
    struct capchan_ConnectionManager_proxy manager;
    struct broker_call call;
    struct capchan_ConnectionManager_Accept_req req = {.riid = rsid, .listener = listener};
    struct capchan_ConnectionManager_Accept_res res;

    if (client == NULL || service == NULL || handle == NULL) {
        return rcInvalidArgument;
    }
    manager_init(&manager, &call);
    if (!broker_call_put(&call, &req.client, client) ||
        !broker_call_put(&call, &req.service, service)) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_ConnectionManager_Accept(&manager.base, &req, &call.req_arena, &res, NULL);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    if (nk_msg_check_err(&res)) {
        return res.err_.code;
    }
    if (listener == INVALID_HANDLE) {
        return taken_over(adopt_listener(res.handle, call.transport.fd), res.handle, handle);
    }
    *handle = res.handle;
    return rcOk;
}

Retcode KnCmDrop(const char *client, const char *service)
{
    struct capchan_ConnectionManager_proxy manager;
    struct broker_call call;
    struct capchan_ConnectionManager_Drop_req req = {0};
    struct capchan_ConnectionManager_Drop_res res;

    if (client == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    manager_init(&manager, &call);
    if (!broker_call_put(&call, &req.client, client) ||
        !broker_call_put(&call, &req.service, service)) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_ConnectionManager_Drop(&manager.base, &req, &call.req_arena, &res, NULL);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    return nk_msg_check_err(&res) ? res.err_.code : rcOk;
}
