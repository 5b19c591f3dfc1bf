/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/cm/cm_api.h>

#include <stddef.h>
#include <string.h>

#include "cm/client/broker_call.h"
#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/listener.h"
#include "core/spin.h"

/* manager_init() - a proxy for one call */
static void manager_init(struct capchan_ConnectionManager_proxy *manager, struct broker_call *call)
{
    broker_call_init(call);
    capchan_ConnectionManager_proxy_init(manager, &call->transport.base,
                                         capchan_Broker_connections_iid);
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
    int adopted = adopt_client(res.handle, call.transport.fd);
    if (adopted == 0) {
        *handle = res.handle;
        *rsid = res.riid;
    }
    return error_to_retcode(adopted);
}

Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service)
{
    struct capchan_ConnectionManager_proxy manager;
    struct broker_call call;
    struct capchan_ConnectionManager_Listen_req req = {.timeout = msecs, .cpu = spin_cpu()};
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

/* serve_with() - put the server's end of the channel of @client, consumed, into @listener. If it
 * cannot be, since the listener was closed meanwhile or there is no memory, the client is told that
 * the channel has ended. */
static Retcode serve_with(Handle listener, int fd, Handle served, const char *client)
{
    CLEANUP(object_unref_p)
    struct listener *server = (struct listener *)object_table_find(listener, OBJECT_LISTENER);

    if (fd < 0) {
        return served == 0 ? rcOk : rcOutOfMemory; /* it was sent, and there was no descriptor */
    }
    if (server == NULL) {
        fd_close(fd);
        return rcOk;
    }
    int r = listener_add(server, fd, served, client);
    return r == ERROR_NOT_CONNECTED ? rcOk : error_to_retcode(r);
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
    if (listener != INVALID_HANDLE) {
        *handle = res.handle;
        return serve_with(listener, call.transport.fd, res.served, client);
    }
    int adopted = adopt_listener(res.handle, call.transport.fd, true);
    if (adopted == 0) {
        *handle = res.handle;
    }
    return error_to_retcode(adopted);
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
