/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The services of <capchan/Broker.cdl.h>: what entities ask about dynamic channels and published
 * names. Who has to wait is answered by dynamic_answer(), later.
 */
#include <errno.h>
#include <stddef.h>

#include <coresrv/nk/transport-kos.h>

#include "broker/channel_log.h"
#include "broker/patience.h"
#include "broker/service.h"
#include "core/container.h"
#include "core/error.h"
#include "core/fd.h"

static struct visit *connections_visit(struct capchan_ConnectionManager *self)
{
    return CONTAINER_OF(self, struct visit, connections);
}

static struct visit *names_visit(struct capchan_NameServer *self)
{
    return CONTAINER_OF(self, struct visit, names);
}

/* serve_connect() - KnCmConnect() */
static nk_err_t serve_connect(struct capchan_ConnectionManager *self,
                              const capchan_ConnectionManager_Connect_req *req,
                              const struct nk_arena *req_arena,
                              capchan_ConnectionManager_Connect_res *res,
                              struct nk_arena *res_arena)
{
    struct visit *visit = connections_visit(self);
    struct entity_run *entity = visit->entity;

    (void)res_arena;
    channel_log_no_rules(entity->broker);
    company_meet(&entity->broker->company, entity_holder(entity)->control.hints);
    int r = cm_connect(entity->broker->cm, entity->number, visit->number,
                       service_text(req_arena, &req->server),
                       service_text(req_arena, &req->service), req->timeout, broker_now_ns());
    visit->is_taken = r == 0;
    service_settle(res, r);
    return NK_EOK;
}

/* serve_listen() - KnCmListen() */
static nk_err_t serve_listen(struct capchan_ConnectionManager *self,
                             const capchan_ConnectionManager_Listen_req *req,
                             const struct nk_arena *req_arena,
                             capchan_ConnectionManager_Listen_res *res, struct nk_arena *res_arena)
{
    struct visit *visit = connections_visit(self);
    struct entity_run *entity = visit->entity;

    (void)req_arena;
    (void)res_arena;
    channel_log_no_rules(entity->broker);
    company_join(&entity->broker->company, entity_holder(entity)->control.hints, req->cpu,
                 broker_now_ns());
    int r =
        cm_listen(entity->broker->cm, entity->number, visit->number, req->timeout, broker_now_ns());
    visit->is_taken = r == 0;
    service_settle(res, r);
    return NK_EOK;
}

/*
 * deliver_end() - answer with the server's end of a new channel
 *
 * If it cannot be passed now, or the channel has ended, the answer is still to be sent, without it;
 * what can be passed later is posted.
 */
static void deliver_end(struct visit *visit, capchan_ConnectionManager_Accept_res *res,
                        const struct cm_accepted *accepted)
{
    struct route *route =
        route_find(&visit->entity->broker->holders[accepted->client], accepted->channel);

    if (route == NULL || route->server_end < 0 || route_name_end(route) != 0) {
        return;
    }
    res->served = route->served;
    int r =
        service_answer(visit->entity, visit->number, capchan_Broker_connections_iid,
                       capchan_ConnectionManager_Accept_mid, &res->base_, NULL, route->server_end);
    visit->is_taken = r != -ETOOMANYREFS;
    if (r == 0) {
        route_handed_over(route);
    } else {
        res->served = 0;
    }
}

/* serve_accept() - KnCmAccept() */
static nk_err_t serve_accept(struct capchan_ConnectionManager *self,
                             const capchan_ConnectionManager_Accept_req *req,
                             const struct nk_arena *req_arena,
                             capchan_ConnectionManager_Accept_res *res, struct nk_arena *res_arena)
{
    struct visit *visit = connections_visit(self);
    struct entity_run *entity = visit->entity;
    struct cm_accepted accepted;

    (void)res_arena;
    int r = cm_accept(entity->broker->cm, entity->number, service_text(req_arena, &req->client),
                      service_text(req_arena, &req->service), req->riid, req->listener, &accepted);
    if (r == 0) {
        res->handle = accepted.listener;
    }
    if (r == 0 && accepted.fd >= 0) {
        r = service_deliver(visit, capchan_Broker_connections_iid,
                            capchan_ConnectionManager_Accept_mid, &res->base_, NULL, res->handle,
                            accepted.fd);
        fd_close(accepted.fd);
    } else if (r == 0) {
        dynamic_answer(entity->broker); /* the client has waited longer */
        deliver_end(visit, res, &accepted);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_drop() - KnCmDrop() */
static nk_err_t serve_drop(struct capchan_ConnectionManager *self,
                           const capchan_ConnectionManager_Drop_req *req,
                           const struct nk_arena *req_arena,
                           capchan_ConnectionManager_Drop_res *res, struct nk_arena *res_arena)
{
    struct entity_run *entity = connections_visit(self)->entity;

    (void)res_arena;
    int r = cm_drop(entity->broker->cm, entity->number, service_text(req_arena, &req->client),
                    service_text(req_arena, &req->service));
    service_settle(res, r);
    return NK_EOK;
}

const struct capchan_ConnectionManager_ops dynamic_connections = {
    .Connect = serve_connect,
    .Listen = serve_listen,
    .Accept = serve_accept,
    .Drop = serve_drop,
};

/* serve_publish() - NsPublishService() and NsUnPublishService() */
static nk_err_t serve_publish(struct capchan_NameServer *self,
                              const capchan_NameServer_Publish_req *req,
                              const struct nk_arena *req_arena, capchan_NameServer_Publish_res *res,
                              struct nk_arena *res_arena)
{
    struct entity_run *entity = names_visit(self)->entity;
    const char *type = service_text(req_arena, &req->type);
    const char *server = service_text(req_arena, &req->server);
    const char *service = service_text(req_arena, &req->service);
    struct cm *cm = entity->broker->cm;

    (void)res_arena;
    channel_log_no_rules(entity->broker);
    int r = req->isPublished != 0 ? cm_publish(cm, entity->number, type, server, service)
                                  : cm_unpublish(cm, entity->number, type, server, service);
    service_settle(res, r);
    if (r == 0) {
        patience_use(entity); /* nobody has so much to publish */
    }
    return NK_EOK;
}

/* serve_enumerate() - NsEnumServices() */
static nk_err_t serve_enumerate(struct capchan_NameServer *self,
                                const capchan_NameServer_Enumerate_req *req,
                                const struct nk_arena *req_arena,
                                capchan_NameServer_Enumerate_res *res, struct nk_arena *res_arena)
{
    struct entity_run *entity = names_visit(self)->entity;
    const char *server;
    const char *service;

    int r = cm_enumerate(entity->broker->cm, entity->number, service_text(req_arena, &req->type),
                         req->index, &server, &service);
    service_settle(res, r);
    if (r != 0) {
        return NK_EOK;
    }
    nk_err_t stored = NkKosCopyStringToArena(res_arena, &res->server, server);
    return stored != NK_EOK ? stored : NkKosCopyStringToArena(res_arena, &res->service, service);
}

const struct capchan_NameServer_ops dynamic_names = {
    .Publish = serve_publish,
    .Enumerate = serve_enumerate,
};

/* tell_client() - the end of its KnCmConnect(). Return: whether it was told just that. */
static bool tell_client(struct entity_run *client, uint32_t number,
                        capchan_ConnectionManager_Connect_res *res, int passed)
{
    int r = service_answer(client, number, capchan_Broker_connections_iid,
                           capchan_ConnectionManager_Connect_mid, &res->base_, NULL, passed);
    if (r == -ETOOMANYREFS) {
        service_settle(res, ERROR_QUOTA);
        (void)service_answer(client, number, capchan_Broker_connections_iid,
                             capchan_ConnectionManager_Connect_mid, &res->base_, NULL, -1);
    }
    return r == 0;
}

/*
 * answer_connect() - tell a client of its channel, or why there is none
 *
 * The channel may have ended already, together with its listener. If the client cannot be told, its
 * channel ends.
 */
static void answer_connect(struct entity_run *client, const struct cm_answer *answer)
{
    capchan_ConnectionManager_Connect_res res = {.handle = answer->handle, .riid = answer->riid};
    struct route *route =
        answer->result == 0 ? route_find(entity_holder(client), answer->handle) : NULL;
    int passed = route != NULL ? route->client_end : -1;
    int result = answer->result == 0 && passed < 0 ? ERROR_NOT_CONNECTED : answer->result;

    nk_req_reset(&res);
    service_settle(&res, result);
    bool is_told = tell_client(client, answer->number, &res, passed);
    if (route != NULL && (!is_told || result != 0)) {
        route_release(route);
    }
}

/* answer_listen() - tell a server of a request, or that there is none */
static void answer_listen(struct entity_run *server, const struct cm_answer *answer)
{
    char bytes[capchan_ConnectionManager_Listen_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    capchan_ConnectionManager_Listen_res res = {0};

    nk_req_reset(&res);
    service_settle(&res, answer->result);
    if (answer->result == 0) {
        (void)NkKosCopyStringToArena(&arena, &res.client, server->broker->tasks[answer->client]);
        (void)NkKosCopyStringToArena(&arena, &res.service, answer->service);
    }
    (void)service_answer(server, answer->number, capchan_Broker_connections_iid,
                         capchan_ConnectionManager_Listen_mid, &res.base_, &arena, -1);
}

/* dynamic_answer() - tell everybody whose wait is over */
void dynamic_answer(struct broker *broker)
{
    struct cm_answer answer;

    cm_expire(broker->cm, broker_now_ns());
    while (cm_take_answer(broker->cm, &answer)) {
        struct entity_run *entity = &broker->entities[answer.entity];
        if (answer.kind == ANSWER_CONNECT) {
            answer_connect(entity, &answer);
        } else {
            answer_listen(entity, &answer);
        }
    }
}
