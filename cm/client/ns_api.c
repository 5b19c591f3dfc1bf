/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/ns/ns_api.h>

#include <stddef.h>
#include <string.h>

#include "cm/client/broker_call.h"
#include "core/session.h"

#define NAME_SERVER "kl.core.NameServer"
#define NS_BROKER ((NsHandle)1) /* the only one there is */

Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns)
{
    (void)msecs;
    if (ns == NULL) {
        return rcInvalidArgument;
    }
    if (session_task_name()[0] == '\0') {
        return rcNotReady;
    }
    if (name != NULL && strcmp(name, NAME_SERVER) != 0) {
        return rcResourceNotFound;
    }
    *ns = NS_BROKER;
    return rcOk;
}

/* server_init() - a proxy for one call */
static void server_init(struct capchan_NameServer_proxy *server, struct broker_call *call)
{
    broker_call_init(call);
    capchan_NameServer_proxy_init(server, &call->transport.base, capchan_Broker_names_iid);
}

/* set_published() - from now on, or not any more */
static Retcode set_published(NsHandle ns, const char *type, const char *server, const char *service,
                             bool is_published)
{
    struct capchan_NameServer_proxy names;
    struct broker_call call;
    struct capchan_NameServer_Publish_req req = {.isPublished = is_published};
    struct capchan_NameServer_Publish_res res;

    if (ns != NS_BROKER || type == NULL || server == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    server_init(&names, &call);
    if (!broker_call_put(&call, &req.type, type) || !broker_call_put(&call, &req.server, server) ||
        !broker_call_put(&call, &req.service, service)) {
        return rcInvalidArgument;
    }
    nk_err_t r = capchan_NameServer_Publish(&names.base, &req, &call.req_arena, &res, NULL);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    return nk_msg_check_err(&res) ? res.err_.code : rcOk;
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
    struct capchan_NameServer_proxy names;
    struct broker_call call;
    struct capchan_NameServer_Enumerate_req req = {.index = index};
    struct capchan_NameServer_Enumerate_res res;
    size_t server_size;
    size_t service_size;

    if (ns != NS_BROKER || type == NULL || server == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    server_init(&names, &call);
    if (!broker_call_put(&call, &req.type, type)) {
        return rcInvalidArgument;
    }
    nk_err_t r =
        capchan_NameServer_Enumerate(&names.base, &req, &call.req_arena, &res, &call.res_arena);
    if (r != NK_EOK) {
        return broker_call_result(&call, r);
    }
    if (nk_msg_check_err(&res)) {
        return res.err_.code;
    }
    const char *found_server = broker_call_get(&call, &res.server, &server_size);
    const char *found_service = broker_call_get(&call, &res.service, &service_size);
    if (server_size > serverSize || service_size > serviceSize) {
        return rcBufferTooSmall;
    }
    memcpy(server, found_server, server_size);
    memcpy(service, found_service, service_size);
    return rcOk;
}
