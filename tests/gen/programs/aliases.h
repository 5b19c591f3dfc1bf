/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short names that are words of others too: Write is an interface and a method of two, radio has
 * one more, Handle is a type, register a keyword. Compiled only, by test_compile.c.
 */
#include <guest/Guest.edl.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <tower/Desk.edl.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <tower/Tower.edl.h>

/* again, without #undef, and by another package of the same short name */
#define NK_USE_UNQUALIFIED_NAMES
#include <air/traffic/Center.edl.h>
#include <air/traffic/IPlan.idl.h>
#include <radio/Write.idl.h>
#include <tower/Handle.idl.h>
#include <tower/Logger.edl.h>
#include <tower/register.idl.h>

/* what comes later is not harmed, be it ours, the library's or the system's */
#include <Mast.edl.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/syscalls.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static char text[Write_Write_req_text_size];
static char names[IToken_Pages_req_names_elem_size];
static char arena[Tower_entity_req_arena_size];
static char plan_arena[traffic_IPlan_req_arena_size];

/* a member called Write, by name and by position */
static inline nk_err_t write_text(struct Write *self, const struct Write_Write_req *req,
                                  const struct nk_arena *req_arena, Write_Write_res *res,
                                  struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->text.size;
    return NK_EOK;
}

static inline nk_err_t write_token(struct IToken *self, const IToken_Write_req *req,
                                   const struct nk_arena *req_arena, struct IToken_Write_res *res,
                                   struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return req->text.size <= IToken_Write_req_text_size ? NK_EOK : NK_EBADMSG;
}

static inline nk_err_t initialize(struct tower_Initialization *self,
                                  const Initialization_Initialization_req *req,
                                  const struct nk_arena *req_arena,
                                  struct tower_Initialization_Initialization_res *res,
                                  struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return NK_EOK;
}

/* members called Write and Initialization in unions too */
static inline nk_err_t edit(Tower_entity_req *req, union tower_Tower_entity_res *res,
                            union Logger_entity_res *log_res)
{
    res->stair_floor_left_door.Write.result = req->desk_write.Write.text.size;
    log_res->write.Write.res_.result = 1;
    log_res->log.Issue.err_.status = IToken_Busy;
    return req->stair_step.Initialization.base_.mid == Initialization_Initialization_mid
               ? NK_EOK
               : NK_ENOENT;
}

static inline nk_err_t assemble(struct Write *write_, IToken *token, struct Initialization *step)
{
    struct Write_component desk;
    CRoom_component room;
    CFloor_component floor;
    CStair_component stair;
    struct Tower_entity entity;
    traffic_CPlan_component plan;
    air_traffic_Center_entity center;

    Write_component_init(&desk, write_);
    CRoom_component_init(&room, write_, token);
    CFloor_component_init(&floor, &room, &room);
    CStair_component_init(&stair, step, &floor);
    Tower_entity_init(&entity, &stair, &desk);
    traffic_CPlan_component_init(&plan, NK_NULL);
    traffic_Center_entity_init(&center, &plan);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(Tower, entity);
    NkKosDispatchInfo center_info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(traffic_Center, center);
    return NkKosDoDispatch(INVALID_HANDLE, &info) + NkKosDoDispatch(INVALID_HANDLE, &center_info);
}

static inline nk_err_t close_handle(struct tower_Handle *object, Handle handle)
{
    Handle_Close_req req;
    struct Handle_Close_res res;

    req.handle = nk_handle_desc(handle);
    return Handle_Close(object, &req, NK_NULL, &res, NK_NULL);
}

static inline nk_err_t call(NkKosTransport *transport)
{
    register_register_req request;
    struct Write_proxy proxy;
    struct Write_Write_req req;
    Write_Write_res res;
    radio_Write_proxy radio; /* the short name is taken */

    Write_proxy_init(&proxy, &transport->base, Tower_desk_write_iid);
    radio_Write_proxy_init(&radio, &transport->base, Write_Write_mid);
    (void)memset(&req, 0, sizeof(req));
    nk_req_reset(&request);
    return Write_Write(&proxy.base, &req, NK_NULL, &res, NK_NULL) + (int)sizeof(text) +
           (int)sizeof(names) + (int)sizeof(arena) + (int)sizeof(plan_arena);
}
