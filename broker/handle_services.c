/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service of <capchan/Handles.idl.h>: what entities ask about their handles. All of it is
 * answered at once.
 */
#include <errno.h>
#include <stddef.h>

#include <services/ocap.h>

#include "broker/service.h"
#include "core/container.h"
#include "core/error.h"
#include "core/fd.h"

static struct visit *visit_of(struct capchan_Handles *self)
{
    return CONTAINER_OF(self, struct visit, handles);
}

static struct broker *broker_of(struct capchan_Handles *self)
{
    return visit_of(self)->entity->broker;
}

static struct holder *holder_of(struct capchan_Handles *self)
{
    return entity_holder(visit_of(self)->entity);
}

/* serve_create() - KnHandleCreateUserObject(), KnHandleCreateUserObjectEx() */
static nk_err_t serve_create(struct capchan_Handles *self,
                             const capchan_Handles_CreateResource_req *req,
                             const struct nk_arena *req_arena,
                             capchan_Handles_CreateResource_res *res, struct nk_arena *res_arena)
{
    const struct handles_resource resource = {.rights = req->rights,
                                              .context = req->context,
                                              .listener = req->listener,
                                              .riid = req->riid};

    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_make_resource(holder_of(self), &resource, &res->handle));
    return NK_EOK;
}

/* serve_badge() - KnHandleCreateBadge() */
static nk_err_t serve_badge(struct capchan_Handles *self,
                            const capchan_Handles_CreateBadge_req *req,
                            const struct nk_arena *req_arena, capchan_Handles_CreateBadge_res *res,
                            struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_make_badge(holder_of(self), req->context, &res->handle));
    return NK_EOK;
}

/* serve_copy() - KnHandleCopy() */
static nk_err_t serve_copy(struct capchan_Handles *self, const capchan_Handles_Copy_req *req,
                           const struct nk_arena *req_arena, capchan_Handles_Copy_res *res,
                           struct nk_arena *res_arena)
{
    const struct handles_wish wish = {.from = holder_of(self),
                                      .handle = req->handle,
                                      .needed = OCAP_HANDLE_COPY,
                                      .rights = req->rights,
                                      .badge = req->badge,
                                      .to = holder_of(self)};
    int fd;

    (void)req_arena;
    (void)res_arena;
    int r = handles_derive(&broker_of(self)->handles, &wish, &res->copy, &fd);
    if (r == 0) {
        res->isChannel = fd >= 0;
        r = service_deliver(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_Copy_mid,
                            &res->base_, res->copy, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* wake() - whoever waits for something that has just been taken away */
static void wake(struct broker *broker)
{
    holders_ring(broker->holders, broker->config->n_entities);
    broker->look_again = true; /* also for names of what an end led to that is closed now */
}

/* serve_revoke() - KnHandleRevoke() */
static nk_err_t serve_revoke(struct capchan_Handles *self, const capchan_Handles_Revoke_req *req,
                             const struct nk_arena *req_arena, capchan_Handles_Revoke_res *res,
                             struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_revoke(holder_of(self), req->handle));
    wake(broker_of(self));
    return NK_EOK;
}

/* serve_revoke_subtree() - KnHandleRevokeSubtree() */
static nk_err_t serve_revoke_subtree(struct capchan_Handles *self,
                                     const capchan_Handles_RevokeSubtree_req *req,
                                     const struct nk_arena *req_arena,
                                     capchan_Handles_RevokeSubtree_res *res,
                                     struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_revoke_tied(holder_of(self), req->handle, req->badge));
    wake(broker_of(self));
    return NK_EOK;
}

/* serve_sid() - KnHandleGetSidByHandle() */
static nk_err_t serve_sid(struct capchan_Handles *self, const capchan_Handles_GetSid_req *req,
                          const struct nk_arena *req_arena, capchan_Handles_GetSid_res *res,
                          struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res,
                   handles_sid(&broker_of(self)->handles, holder_of(self), req->handle, &res->sid));
    return NK_EOK;
}

/* serve_listen() - KnHandleConnect(), its listener */
static nk_err_t serve_listen(struct capchan_Handles *self, const capchan_Handles_Listen_req *req,
                             const struct nk_arena *req_arena, capchan_Handles_Listen_res *res,
                             struct nk_arena *res_arena)
{
    int fd;

    (void)req;
    (void)req_arena;
    (void)res_arena;
    int r = handles_listen(&broker_of(self)->handles, holder_of(self), &res->listener, &fd);
    if (r == 0) {
        r = service_deliver(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_Listen_mid,
                            &res->base_, res->listener, fd);
        fd_close(fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_connect() - KnHandleConnect(), its client */
static nk_err_t serve_connect(struct capchan_Handles *self, const capchan_Handles_Connect_req *req,
                              const struct nk_arena *req_arena, capchan_Handles_Connect_res *res,
                              struct nk_arena *res_arena)
{
    int fd;

    (void)req_arena;
    (void)res_arena;
    int r = handles_connect(&broker_of(self)->handles, holder_of(self), req->listener, &res->client,
                            &fd);
    if (r == 0) {
        r = service_deliver(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_Connect_mid,
                            &res->base_, res->client, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

const struct capchan_Handles_ops handle_services = {
    .CreateResource = serve_create,
    .CreateBadge = serve_badge,
    .Copy = serve_copy,
    .Revoke = serve_revoke,
    .RevokeSubtree = serve_revoke_subtree,
    .GetSid = serve_sid,
    .Listen = serve_listen,
    .Connect = serve_connect,
};
