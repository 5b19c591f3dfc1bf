/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service of <capchan/Handles.idl.h>: what entities ask about their handles. All of it is
 * answered at once.
 */
#include <errno.h>
#include <coresrv/nk/transport-kos.h>
#include <handle/event_descr.h>
#include <services/ocap.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

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

/* make_badge() - with a notice that hears of it, if that is wanted */
static int make_badge(struct holder *holder, const capchan_Handles_CreateBadge_req *req,
                      Handle *ret_handle)
{
    struct notice_wish wish = {.events = EVENT_OBJECT_DESTROYED | EVENT_BADGE_CLOSED,
                               .id = req->eventId};

    int r = handles_make_badge(holder, req->context, &wish.object);
    if (r == 0 && req->notice != INVALID_HANDLE) {
        r = notice_subscribe(holder, req->notice, &wish);
        if (r != 0) {
            (void)handle_give_back(holder, wish.object);
        }
    }
    *ret_handle = wish.object;
    return r;
}

/* serve_badge() - KnHandleCreateBadge() */
static nk_err_t serve_badge(struct capchan_Handles *self,
                            const capchan_Handles_CreateBadge_req *req,
                            const struct nk_arena *req_arena, capchan_Handles_CreateBadge_res *res,
                            struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, make_badge(holder_of(self), req, &res->handle));
    return NK_EOK;
}

/* interface_of() - the interface of the one endpoint that a handle leads to; "" if it may be any */
static const char *interface_of(struct capchan_Handles *self, Handle handle)
{
    const char *interface = NULL;
    uint32_t riid;
    size_t server;

    if (handles_endpoint(holder_of(self), handle, &server, &riid) == 0) {
        interface = locator_served(broker_of(self)->locator, server, riid);
    }
    return interface != NULL ? interface : "";
}

/* fetch() - what belongs to @handle, owned by the caller, and where it leads. Return: 0; an enum
 * error; negative errno. */
static int fetch(struct capchan_Handles *self, Handle handle, struct nk_arena *arena,
                 nk_ptr_t *ret_interface, int *ret_fd)
{
    int r = handles_fetch(&broker_of(self)->handles, holder_of(self), handle, ret_fd);

    if (r != 0) {
        return r;
    }
    if (NkKosCopyStringToArena(arena, ret_interface, interface_of(self, handle)) != NK_EOK) {
        fd_close(*ret_fd);
        return -ENOMEM;
    }
    return 0;
}

/* serve_copy() - KnHandleCopy(); what may be called through comes with its channel */
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
    int fd = -1;

    (void)req_arena;
    int r = handles_derive(&wish, &res->copy);
    res->isChannel = (req->rights & OCAP_IPC_CALL) != 0;
    res->interface = (nk_ptr_t){0, 0};
    if (r == 0 && res->isChannel) {
        r = fetch(self, res->copy, res_arena, &res->interface, &fd);
        if (r != 0) {
            (void)handle_give_back(holder_of(self), res->copy);
        }
    }
    if (r == 0) {
        r = service_deliver(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_Copy_mid,
                            &res->base_, res_arena, res->copy, fd);
        fd_close(fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_fetch() - the first use of a handle that came in a message; what is not delivered now can
 * be fetched again */
static nk_err_t serve_fetch(struct capchan_Handles *self, const capchan_Handles_Fetch_req *req,
                            const struct nk_arena *req_arena, capchan_Handles_Fetch_res *res,
                            struct nk_arena *res_arena)
{
    int fd;

    (void)req_arena;
    int r = fetch(self, req->handle, res_arena, &res->interface, &fd);
    if (r == 0) {
        r = service_pass(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_Fetch_mid,
                         &res->base_, res_arena, fd);
        fd_close(fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* leads_to() - whether @handle may be sent where one of @interface is expected */
static bool leads_to(struct capchan_Handles *self, Handle handle, const char *interface)
{
    return strcmp(interface_of(self, handle), interface) == 0;
}

/* send_one() - a handle for @peer. Return: as handles_send(); ERROR_DENIED: it has another
 * interface; ERROR_BAD_MESSAGE: it is to have one that does not come along. */
static int send_one(struct capchan_Handles *self, const capchan_Handles_Send_req *req,
                    const struct nk_arena *req_arena, const capchan_Handles_Sent *sent,
                    const struct route_peer *peer, Handle *ret_number)
{
    const struct handles_wish wish = {.from = holder_of(self),
                                      .handle = sent->handle,
                                      .needed = OCAP_HANDLE_TRANSFER,
                                      .rights = sent->rights,
                                      .keeps_rights = sent->rights == capchan_Handles_AllRights,
                                      .badge = sent->badge,
                                      .to = peer->holder};
    size_t n_names = 0;
    const nk_ptr_t *names = nk_arena_get(nk_ptr_t, req_arena, &req->interfaces, &n_names);

    if (sent->interface > n_names) {
        return ERROR_BAD_MESSAGE;
    }
    if (sent->interface > 0 &&
        !leads_to(self, sent->handle, service_text(req_arena, &names[sent->interface - 1]))) {
        return ERROR_DENIED;
    }
    return handles_send(&wish, peer, ret_number);
}

/* serve_send() - the handles of a message that is about to be sent: all or none */
static nk_err_t serve_send(struct capchan_Handles *self, const capchan_Handles_Send_req *req,
                           const struct nk_arena *req_arena, capchan_Handles_Send_res *res,
                           struct nk_arena *res_arena)
{
    struct route_peer peer;
    size_t n_sent = 0;
    size_t n = 0;

    const capchan_Handles_Sent *sent =
        nk_arena_get(capchan_Handles_Sent, req_arena, &req->handles, &n);
    nk_uint32_t *numbers = nk_arena_alloc(nk_uint32_t, res_arena, &res->numbers, n);
    int r = sent == NULL || numbers == NULL ? ERROR_BAD_MESSAGE
                                            : route_find_peer(holder_of(self), req->channel, &peer);
    while (r == 0 && n_sent < n) {
        r = send_one(self, req, req_arena, &sent[n_sent], &peer, &numbers[n_sent]);
        n_sent += r == 0;
    }
    while (r != 0 && n_sent > 0) {
        (void)handle_give_back(peer.holder, numbers[--n_sent]);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* handles_settle_lost() - take back what was sent over channels that have ended, once there is
 * nothing more that the receiver may have said about it */
void handles_settle_lost(struct broker *broker)
{
    for (size_t i = 0; i < broker->config->n_entities; i++) {
        struct parcels *lost = &broker->holders[i].lost;
        int n_unread = 0;

        if (lost->n > 0 &&
            (ioctl(broker->entities[i].session.fd, FIONREAD, &n_unread) < 0 || n_unread == 0)) {
            parcels_give_back(lost);
        }
    }
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
                            &res->base_, NULL, res->listener, fd);
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
                            &res->base_, NULL, res->client, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_create_memory() - KnPmmMdlCreate(), KnPmmMdlCreateFromBuf() */
static nk_err_t serve_create_memory(struct capchan_Handles *self,
                                    const capchan_Handles_CreateMemory_req *req,
                                    const struct nk_arena *req_arena,
                                    capchan_Handles_CreateMemory_res *res,
                                    struct nk_arena *res_arena)
{
    int fd;

    (void)req_arena;
    (void)res_arena;
    int r = handles_make_memory(&broker_of(self)->handles, holder_of(self), req->size,
                                req->isWritable != 0, &res->handle, &fd);
    if (r == 0) {
        r = service_deliver(visit_of(self), capchan_Broker_handles_iid,
                            capchan_Handles_CreateMemory_mid, &res->base_, NULL, res->handle, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_open_memory() - KnPmmMdlMap(), its descriptor */
static nk_err_t serve_open_memory(struct capchan_Handles *self,
                                  const capchan_Handles_OpenMemory_req *req,
                                  const struct nk_arena *req_arena,
                                  capchan_Handles_OpenMemory_res *res, struct nk_arena *res_arena)
{
    int fd;

    (void)req_arena;
    (void)res_arena;
    int r = handles_open_memory(holder_of(self), req->handle, &res->size, &fd);
    if (r == 0) {
        r = service_pass(visit_of(self), capchan_Broker_handles_iid, capchan_Handles_OpenMemory_mid,
                         &res->base_, NULL, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_map() - KnPmmMdlMap() */
static nk_err_t serve_map(struct capchan_Handles *self, const capchan_Handles_Map_req *req,
                          const struct nk_arena *req_arena, capchan_Handles_Map_res *res,
                          struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_map(holder_of(self), req->handle, req->rights, &res->mapping));
    return NK_EOK;
}

/* serve_memory_size() - KnPmmMdlGetSize() */
static nk_err_t serve_memory_size(struct capchan_Handles *self,
                                  const capchan_Handles_GetMemorySize_req *req,
                                  const struct nk_arena *req_arena,
                                  capchan_Handles_GetMemorySize_res *res,
                                  struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, handles_memory_size(holder_of(self), req->handle, &res->size));
    return NK_EOK;
}

const struct capchan_Handles_ops handle_services = {
    .CreateResource = serve_create,
    .CreateBadge = serve_badge,
    .Copy = serve_copy,
    .Fetch = serve_fetch,
    .Send = serve_send,
    .Revoke = serve_revoke,
    .RevokeSubtree = serve_revoke_subtree,
    .GetSid = serve_sid,
    .Listen = serve_listen,
    .Connect = serve_connect,
    .CreateMemory = serve_create_memory,
    .OpenMemory = serve_open_memory,
    .Map = serve_map,
    .GetMemorySize = serve_memory_size,
};
