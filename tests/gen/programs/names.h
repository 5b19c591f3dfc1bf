/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of name that programs take from generated headers, in C and C++ alike, where usage.h
 * does not have it. Compiled only, by test_contract_names.c.
 */
#include <Mast.edl.h>
#include <Radio.idl.h>
#include <air/traffic/Center.edl.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <tower/Logger.edl.h>
#include <tower/Tower.edl.h>
#include <tower/Tower.edl.h>

/* what programs paste together */
#define PASTE_OBJECT(prefix) prefix##_entity
#define PASTE_MESSAGE(prefix, direction) prefix##_entity##_##direction
#define PASTE_SIZE(prefix, direction) prefix##_entity##_##direction##_arena_size
#define PASTE_CALL(prefix, function) prefix##_entity_##function

/* sizes: of arenas by method, interface, component and entity; of arguments; inside structs and
 * elements */
static char arenas[tower_IToken_Issue_req_arena_size + tower_IToken_Issue_res_arena_size + 1 +
                   tower_IToken_req_arena_size + tower_IToken_res_arena_size +
                   tower_IToken_arena_size + tower_Write_component_req_arena_size +
                   tower_Write_component_res_arena_size + tower_Tower_entity_req_arena_size +
                   tower_Tower_entity_res_arena_size + tower_Tower_entity_arena_size];
static char salt[tower_IToken_Issue_req_salt_size];
static char token_text[tower_IToken_Issue_req_token_text_size];
static char page_text[tower_IToken_Pages_res_page_tokens_elem_text_size];
static char pages_text[tower_IToken_Pages_req_pages_elem_tokens_elem_text_size];
static char name[tower_IToken_Pages_req_names_elem_size];
static tower_IToken_Token tokens[tower_IToken_Limit];
static nk_ptr_t names[tower_IToken_Pages_req_names_size];
static char radio_name[Radio_Radio_req_name_size];
static air_traffic_IPlan_Point way[air_traffic_IPlan_Follow_req_way_size];

enum {
    no_handles = tower_IToken_Issue_req_handles + tower_IToken_Issue_res_handles +
                 tower_IToken_Issue_err_handles + tower_IToken_req_handles +
                 tower_Tower_entity_req_handles + tower_Tower_entity_res_handles,
    n_endpoints = tower_Tower_iidMax,
    n_methods = tower_IToken_mid_max,
    channels = Radio_Channels,
    offsets = tower_Tower_iidOffset + tower_Tower_stair_iidOffset +
              tower_Tower_stair_floor_iidOffset + tower_Tower_stair_floor_right_iidOffset +
              tower_Tower_desk_iidOffset + Mast_radio_iidOffset + air_traffic_Center_plan_iidOffset,
};

/* endpoints differ within a class, and their numbers are constants */
static inline int endpoint(nk_iid_t iid)
{
    switch (iid) {
    case tower_Tower_stair_step_iid:
    case tower_Tower_stair_floor_left_door_iid:
    case tower_Tower_stair_floor_left_window_iid:
    case tower_Tower_stair_floor_right_door_iid:
    case tower_Tower_stair_floor_right_window_iid:
    case tower_Tower_desk_write_iid:
        return 1;
    default:
        return iid == tower_Logger_interface_iid || iid == tower_Logger_log_iid ||
               iid == Mast_radio_radio_iid || iid == air_traffic_Center_plan_plan_iid;
    }
}

static inline int method(nk_mid_t mid)
{
    switch (mid) {
    case tower_Initialization_Initialization_mid:
    case tower_Initialization_WaitForInit_mid:
    case tower_Initialization_report_mid:
    case tower_Initialization_set_mid:
        return 1;
    default:
        return mid == Radio_Radio_mid || mid == tower_Write_Write_mid;
    }
}

/* a method called like its interface, its request and response by tag and by name */
static inline nk_err_t write_text(struct tower_Write *self, const tower_Write_Write_req *req,
                                  const struct nk_arena *req_arena,
                                  struct tower_Write_Write_res *res, struct nk_arena *res_arena)
{
    nk_uint32_t size = 0;
    const nk_char_t *text = nk_arena_get(nk_char_t, req_arena, &req->text, &size);

    (void)self;
    (void)res_arena;
    res->result = text != NK_NULL && size <= tower_Write_MaxTextLength + 1 ? size : 0;
    return NK_EOK;
}

/* an argument called like what others return */
static inline nk_err_t wait_for_init(struct tower_Initialization *self,
                                     const struct tower_Initialization_WaitForInit_req *req,
                                     const nk_arena *req_arena,
                                     tower_Initialization_WaitForInit_res *res, nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->res_.state = req->result + req->problem;
    return NK_EOK;
}

/* an error response, with constants of a named type */
static inline nk_err_t issue(struct tower_IToken *self, const struct tower_IToken_Issue_req *req,
                             const struct nk_arena *req_arena, struct tower_IToken_Issue_res *res,
                             struct nk_arena *res_arena)
{
    tower_IToken_Status status = req->token.expires == 0 ? tower_IToken_Busy : tower_IToken_Ok;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (status != tower_IToken_Ok) {
        nk_err_reset(res);
        res->err_.status = status;
    }
    return NK_EOK;
}

/* the unions of an entity: every way to a member, with components three deep */
static inline nk_err_t edit(union tower_Tower_entity_req *req, union tower_Tower_entity_res *res)
{
    const struct nk_message *header = &req->base_;

    res->stair_step.WaitForInit.state = req->stair_step.WaitForInit.result;
    res->stair_step.WaitForInit.res_.state += 1;
    res->stair_floor_left_door.Write.result = req->desk_write.Write.text.size;
    res->stair_floor_right_window.Issue.err_.status = tower_IToken_Ok;
    return header->iid == tower_Tower_desk_write_iid ? NK_EOK : NK_ENOENT;
}

static inline nk_err_t edit_log(PASTE_MESSAGE(tower_Logger, req) * req,
                                PASTE_MESSAGE(tower_Logger, res) * res)
{
    res->interface.set.result = req->interface.set.mode;
    res->interface.report.res_.result = req->interface.report.value;
    res->log.Issue.res_.number = res->log.Issue.number;
    return res->write.Write.base_.mid == 0 ? NK_EOK : NK_ENOENT;
}

/* components of components, and the class of a task as a component */
static inline nk_err_t assemble(struct tower_Write *write, struct tower_Initialization *step,
                                struct tower_IToken *token, Handle handle)
{
    tower_Write_component desk;
    struct tower_CRoom_component room;
    tower_CFloor_component floor;
    tower_CStair_component stair;
    struct tower_Tower_entity tower;
    tower_Logger_component log;
    PASTE_OBJECT(tower_Logger) logger;

    tower_Write_component_init(&desk, write);
    tower_CRoom_component_init(&room, write, token);
    tower_CFloor_component_init(&floor, &room, &room);
    tower_CStair_component_init(&stair, step, &floor);
    PASTE_CALL(tower_Tower, init)(&tower, &stair, &desk);
    tower_Logger_component_init(&log, write, step, token);
    tower_Logger_entity_init(&logger, log.write, log.interface, log.log);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(tower_Tower, tower);
    NkKosDispatchInfo log_info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(tower_Logger, logger);
    return NkKosDoDispatch(handle, &info) + NkKosDoDispatch(handle, &log_info);
}

/* a request for one method is a legal buffer too; an interface and a component can be dispatched
 * to without an entity */
static inline nk_err_t dispatch_by_hand(struct nk_transport *transport, struct tower_Write *write)
{
    tower_Write_Write_req req;
    tower_Write_res res;
    tower_Write_component desk = {write};

    nk_req_reset(&req);
    nk_err_t r = nk_transport_recv(transport, &req.base_, NK_NULL);
    r += tower_Write_interface_dispatch(write, req.base_.iid, &req.base_, NK_NULL, &res.base_,
                                        NK_NULL);
    return r + tower_Write_component_dispatch(&desk, 0, &req.base_, NK_NULL, &res.base_, NK_NULL);
}

/* calls, with every size of count that programs take */
static inline nk_err_t call(struct nk_transport *transport, nk_iid_t riid)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(arenas, arenas + sizeof(arenas));
    tower_IToken_proxy proxy;
    tower_IToken_Pages_req req;
    struct tower_IToken_Pages_res res;
    nk_size_t size = 0;
    uint64_t wide = 0;

    tower_IToken_proxy_init(&proxy, transport, riid);
    tower_IToken_Page *page = nk_arena_alloc(tower_IToken_Page, &arena, &req.pages, 1);
    if (page == NK_NULL || NkKosCopyStringToArena(&arena, &page->head.text, token_text) != NK_EOK) {
        return NK_ENOMEM;
    }
    page->marks[2] = 1;
    nk_err_t r = tower_IToken_Pages(&proxy.base, &req, &arena, &res, NK_NULL);
    (void)nk_arena_get(tower_IToken_Token, &arena, &res.page.tokens, &size);
    (void)nk_arena_get(nk_char_t, &arena, &res.res_.page.head.text, &wide);
    return r + (int)(size + wide);
}

static inline size_t all_sizes(void)
{
    return sizeof(salt) + sizeof(token_text) + sizeof(page_text) + sizeof(pages_text) +
           sizeof(name) + sizeof(tokens) + sizeof(names) + sizeof(radio_name) + sizeof(way) +
           no_handles + n_endpoints + n_methods + channels + offsets;
}
