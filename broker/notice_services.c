/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service of <capchan/Notices.idl.h>: what entities hear of resources. All of it is answered at
 * once; who has to wait for events does so without us.
 */
#include <errno.h>
#include <nk/arena.h>

#include "broker/service.h"
#include "core/container.h"
#include "core/error.h"

static struct visit *visit_of(struct capchan_Notices *self)
{
    return CONTAINER_OF(self, struct visit, notices);
}

static struct holder *holder_of(struct capchan_Notices *self)
{
    return entity_holder(visit_of(self)->entity);
}

/* serve_create() - KnNoticeCreate() */
static nk_err_t serve_create(struct capchan_Notices *self, const capchan_Notices_Create_req *req,
                             const struct nk_arena *req_arena, capchan_Notices_Create_res *res,
                             struct nk_arena *res_arena)
{
    struct broker *broker = visit_of(self)->entity->broker;
    int fd;

    (void)req;
    (void)req_arena;
    (void)res_arena;
    int r = notice_new(&broker->notices, holder_of(self), &res->notice, &fd);
    if (r == 0) {
        r = service_deliver(visit_of(self), capchan_Broker_notices_iid, capchan_Notices_Create_mid,
                            &res->base_, NULL, res->notice, fd);
    }
    service_settle(res, r);
    return NK_EOK;
}

/* serve_subscribe() - KnNoticeSubscribeToObject() */
static nk_err_t serve_subscribe(struct capchan_Notices *self,
                                const capchan_Notices_Subscribe_req *req,
                                const struct nk_arena *req_arena,
                                capchan_Notices_Subscribe_res *res, struct nk_arena *res_arena)
{
    const struct notice_wish wish = {.object = req->object, .events = req->events, .id = req->id};

    (void)req_arena;
    (void)res_arena;
    service_settle(res, notice_subscribe(holder_of(self), req->notice, &wish));
    return NK_EOK;
}

/* serve_unsubscribe() - KnNoticeUnsubscribeFromObject(), KnNoticeUnsubscribeFromEvent() */
static nk_err_t serve_unsubscribe(struct capchan_Notices *self,
                                  const capchan_Notices_Unsubscribe_req *req,
                                  const struct nk_arena *req_arena,
                                  capchan_Notices_Unsubscribe_res *res, struct nk_arena *res_arena)
{
    const uint64_t id = req->id;

    (void)req_arena;
    (void)res_arena;
    service_settle(res, notice_unsubscribe(holder_of(self), req->notice, req->object,
                                           req->hasId != 0 ? &id : NULL));
    return NK_EOK;
}

/* put_events() - into a response. Return: 0; -ENOMEM. */
static int put_events(capchan_Notices_Take_res *res, struct nk_arena *arena,
                      const struct notice_event *events, size_t n_events)
{
    capchan_Notices_Event *put =
        nk_arena_alloc(capchan_Notices_Event, arena, &res->events, n_events);

    if (put == NULL && n_events != 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < n_events; i++) {
        put[i].id = events[i].id;
        put[i].events = events[i].events;
    }
    return 0;
}

/* serve_take() - KnNoticeGetEvent() */
static nk_err_t serve_take(struct capchan_Notices *self, const capchan_Notices_Take_req *req,
                           const struct nk_arena *req_arena, capchan_Notices_Take_res *res,
                           struct nk_arena *res_arena)
{
    struct notice_event events[capchan_Notices_EventsMax];
    size_t most = req->most < capchan_Notices_EventsMax ? req->most : capchan_Notices_EventsMax;
    size_t n;

    (void)req_arena;
    int r = notice_take(holder_of(self), req->notice, most, events, &n);
    service_settle(res, r != 0 ? r : put_events(res, res_arena, events, n));
    return NK_EOK;
}

/* serve_event() - KnNoticeSetObjectEvent() */
static nk_err_t serve_event(struct capchan_Notices *self, const capchan_Notices_SetEvent_req *req,
                            const struct nk_arena *req_arena, capchan_Notices_SetEvent_res *res,
                            struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, notice_set_event(holder_of(self), req->object, req->events));
    return NK_EOK;
}

/* serve_drop() - KnNoticeDropAndWake() */
static nk_err_t serve_drop(struct capchan_Notices *self, const capchan_Notices_Drop_req *req,
                           const struct nk_arena *req_arena, capchan_Notices_Drop_res *res,
                           struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    service_settle(res, notice_drop(holder_of(self), req->notice));
    return NK_EOK;
}

const struct capchan_Notices_ops notice_services = {
    .Create = serve_create,
    .Subscribe = serve_subscribe,
    .Unsubscribe = serve_unsubscribe,
    .Take = serve_take,
    .SetEvent = serve_event,
    .Drop = serve_drop,
};
