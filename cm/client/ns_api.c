/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/ns/ns_api.h>

#include <coresrv/nk/transport-kos.h>
#include <stddef.h>
#include <string.h>

#include "cm/client/broker_call.h"
#include "cm/client/own_server.h"
#include "core/error.h"
#include "core/session.h"

#define NS_BROKER ((NsHandle)1)
#define NS_OWN ((NsHandle)2)

/* A call of one of the two. @own: the transport to the latter */
struct name_call {
    struct broker_call call;
    NkKosTransport own;
    struct capchan_NameServer_proxy proxy;
};

Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns)
{
    Handle handle;

    if (ns == NULL) {
        return rcInvalidArgument;
    }
    if (session_task_name()[0] == '\0') {
        return rcNotReady;
    }
    if (name != NULL && strcmp(name, OWN_SERVER_CHANNEL) != 0) {
        return rcResourceNotFound;
    }
    int r = own_server_connect(&handle);
    if (r == ERROR_DENIED) {
        *ns = NS_BROKER;
        return rcOk;
    }
    Retcode found = r == 0 ? own_server_await(handle, msecs) : error_to_retcode(r);
    if (found == rcOk) {
        *ns = NS_OWN;
    }
    return found;
}

/* name_call_init() - be ready to call @ns. Return: false: that is no name server. */
static bool name_call_init(struct name_call *names, NsHandle ns)
{
    nk_iid_t riid = capchan_Broker_names_iid;
    Handle handle;

    if (ns != NS_BROKER && (ns != NS_OWN || !own_server_get(&handle, &riid))) {
        return false;
    }
    broker_call_init(&names->call);
    if (ns == NS_OWN) {
        NkKosTransport_Init(&names->own, handle, NK_NULL, 0);
    }
    capchan_NameServer_proxy_init(
        &names->proxy, ns == NS_OWN ? &names->own.base : &names->call.transport.base, riid);
    return true;
}

/* refusal() - from an error response; a server that refuses with rcOk has not done it */
static Retcode refusal(Retcode code)
{
    return code != rcOk ? code : rcFail;
}

/* is_caller() - the broker sees to that itself; another one may believe what it reads */
static bool is_caller(NsHandle ns, const char *server)
{
    return ns == NS_BROKER || strcmp(server, session_task_name()) == 0;
}

/* set_published() - from now on, or not any more */
static Retcode set_published(NsHandle ns, const char *type, const char *server, const char *service,
                             bool is_published)
{
    struct name_call names;
    struct capchan_NameServer_Publish_req req = {.isPublished = is_published};
    struct capchan_NameServer_Publish_res res;

    if (type == NULL || server == NULL || service == NULL || !name_call_init(&names, ns)) {
        return rcInvalidArgument;
    }
    if (!is_caller(ns, server)) {
        return rcSecurityDisallow;
    }
    if (!broker_call_put(&names.call, &req.type, type) ||
        !broker_call_put(&names.call, &req.server, server) ||
        !broker_call_put(&names.call, &req.service, service)) {
        return rcInvalidArgument;
    }
    nk_err_t r =
        capchan_NameServer_Publish(&names.proxy.base, &req, &names.call.req_arena, &res, NULL);
    if (r != NK_EOK) {
        return broker_call_result(&names.call, r);
    }
    return nk_msg_check_err(&res) ? refusal(res.err_.code) : rcOk;
}

Retcode NsPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
    return set_published(ns, type, server, service, true);
}

Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
    return set_published(ns, type, server, service, false);
}

Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index, char *server,
                       rtl_size_t serverSize, char *service, rtl_size_t serviceSize)
{
    struct name_call names;
    struct capchan_NameServer_Enumerate_req req = {.index = index};
    struct capchan_NameServer_Enumerate_res res;
    size_t server_size;
    size_t service_size;

    if (type == NULL || server == NULL || service == NULL || !name_call_init(&names, ns)) {
        return rcInvalidArgument;
    }
    if (!broker_call_put(&names.call, &req.type, type)) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_NameServer_Enumerate(&names.proxy.base, &req, &names.call.req_arena, &res,
                                              &names.call.res_arena);
    if (r != NK_EOK) {
        return broker_call_result(&names.call, r);
    }
    if (nk_msg_check_err(&res)) {
        return refusal(res.err_.code);
    }
    const char *found_server = broker_call_get(&names.call, &res.server, &server_size);
    const char *found_service = broker_call_get(&names.call, &res.service, &service_size);
    if (server_size > serverSize || service_size > serviceSize) {
        return rcBufferTooSmall;
    }
    memcpy(server, found_server, server_size);
    memcpy(service, found_service, service_size);
    return rcOk;
}
