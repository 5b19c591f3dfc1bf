/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service of <capchan/Handles.idl.h>: what entities ask about their handles. All of it is
 * answered at once.
 */
#include <errno.h>
#include <stddef.h>

#include <services/ocap.h>

#include "broker/service.h"
#include "core/error.h"
#include "core/fd.h"

/* refuse() - make @res say why there is none */
#define refuse(res, result) (nk_err_reset(res), (res)->err_.code = service_code(result))

/* settle() - the same, unless nothing went wrong */
#define settle(res, result)                                                                        \
    do {                                                                                           \
        int result_ = (result);                                                                    \
        if (result_ != 0) {                                                                        \
            refuse(res, result_);                                                                  \
        }                                                                                          \
    } while (0)

static struct visit *visit_of(struct capchan_Handles *self)
{
    return (struct visit *)((char *)self - offsetof(struct visit, handles));
}

static struct broker *broker_of(struct capchan_Handles *self)
{
    return visit_of(self)->entity->broker;
}

static struct holder *holder_of(struct capchan_Handles *self)
{
    return &broker_of(self)->holders[visit_of(self)->entity->number];
}

/*
 * deliver() - answer with a handle and the end of a channel that comes with it
 * @fd: borrowed; -1: none comes with it, and the answer takes its usual way
 *
 * Return: 0; ERROR_QUOTA: that cannot be now, and the handle is gone again.
 */
static int deliver(struct capchan_Handles *self, nk_mid_t mid, const struct nk_message *res,
                   Handle handle, int fd)
{
    struct visit *visit = visit_of(self);

    if (fd < 0) {
        return 0;
    }
    int r = service_answer(visit->entity, visit->number, capchan_Broker_handles_iid, mid, res, NULL,
                           fd);
    if (r != 0) {
        (void)handle_give_back(holder_of(self), handle);
    }
    visit->is_taken = r != -ETOOMANYREFS;
    return visit->is_taken ? 0 : ERROR_QUOTA;
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
    settle(res, handles_make_resource(holder_of(self), &resource, &res->handle));
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
    settle(res, handles_make_badge(holder_of(self), req->context, &res->handle));
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
        r = deliver(self, capchan_Handles_Copy_mid, &res->base_, res->copy, fd);
    }
    settle(res, r);
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
    settle(res, handles_revoke(holder_of(self), req->handle));
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
    settle(res, handles_revoke_tied(holder_of(self), req->handle, req->badge));
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
    settle(res, handles_sid(&broker_of(self)->handles, holder_of(self), req->handle, &res->sid));
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
        r = deliver(self, capchan_Handles_Listen_mid, &res->base_, res->listener, fd);
        fd_close(fd);
    }
    settle(res, r);
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
        r = deliver(self, capchan_Handles_Connect_mid, &res->base_, res->client, fd);
    }
    settle(res, r);
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
