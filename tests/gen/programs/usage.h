/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programs in C and C++ do with generated headers alike. Compiled only, by test_compile.c.
 */
#include <bank/IBank.idl.h>
#include <echo/CPing.cdl.h>
#include <echo/IPing.idl.h>
#include <echo/Server.edl.h>
#include <guest/Guest.edl.h>
#include <limits/Values.idl.h>
#include <office/Clerk.edl.h>
#include <plant/Control.edl.h>
#include <shop/IShop.idl.h>
#include <text/IText.idl.h>

/* names that are made by pasting */
#define ENTITY(prefix) prefix##_entity
#define ENTITY_REQ(prefix) prefix##_entity##_req
#define ENTITY_SIZE(prefix) prefix##_entity_req_arena_size

/* sizes and constants as array bounds, case labels and values of enumerators */
static char text_arena[text_IText_req_arena_size];
static char line[text_IText_Print_req_line_size];
static char text_in_struct[shop_IShop_List_res_items_elem_name_size];
static char empty_arena[echo_Server_entity_req_arena_size + 1];
static char pasted_arena[ENTITY_SIZE(plant_Control) + 1];

enum {
    numbered = plant_Control_tank_upper_inlet_iid,
    offset = plant_Control_spare_iidOffset,
    constant = limits_Values_Sum,
};

static inline int classify(nk_sint32_t status)
{
    switch (status) {
    case limits_Values_Ok:
        return 0;
    case limits_Values_Failed:
        return 1;
    default:
        return (int)sizeof(text_arena) + (int)sizeof(line) + (int)sizeof(text_in_struct) +
               (int)sizeof(empty_arena) + (int)sizeof(pasted_arena) + numbered + offset + constant;
    }
}

/* a client */
static inline nk_err_t call(struct nk_transport *transport, nk_uint32_t *result)
{
    struct echo_IPing_proxy proxy;
    echo_IPing_FPing_req req;
    struct echo_IPing_FPing_res res;

    echo_IPing_proxy_init(&proxy, transport, 0);
    req.value = 5;
    nk_err_t r = echo_IPing_FPing(&proxy.base, &req, NULL, &res, NULL);
    *result = res.result == res.res_.result ? res.result : 0;
    return r;
}

/* error parameters */
static inline nk_err_t pay(struct bank_IBank *self, const struct bank_IBank_Pay_req *req,
                           const struct nk_arena *req_arena, struct bank_IBank_Pay_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (req->amount == 0) {
        nk_err_reset(res);
        res->err_.status = -1;
        res->err_.why.code = 7;
        return NK_EOK;
    }
    res->rest = 0;
    return NK_EOK;
}

/* a server's loop */
static inline nk_err_t serve_once(struct nk_transport *transport, ENTITY(echo_Server) * entity)
{
    ENTITY_REQ(echo_Server) req;
    union echo_Server_entity_res res;

    nk_req_reset(&req);
    nk_err_t r = nk_transport_recv(transport, &req.base_, NULL);
    if (r == NK_EOK && req.cserver_ping.FPing.value != 0) {
        r = echo_Server_entity_dispatch(entity, &req.base_, NULL, &res.base_, NULL);
    }
    res.cserver_ping.FPing.res_.result = 1;
    return nk_transport_reply(transport, &res.base_, NULL);
}
