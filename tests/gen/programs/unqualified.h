/* SPDX-License-Identifier: Apache-2.0 */
/* Names without the first part of their package, in C and C++ alike. Compiled only, by
 * test_compile.c. */
#include <guest/Guest.edl.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <bank/IBank.idl.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <echo/Server.edl.h>

/* again, and after others */
#define NK_USE_UNQUALIFIED_NAMES
#include <echo/CPing.cdl.h>
#include <echo/IPing.idl.h>
#include <plant/Control.edl.h>
#include <text/IText.idl.h>

/* a header may be included before the names are wanted, and again after that */
#include <guest/Guest.edl.h>

static char arena[IText_req_arena_size];
static char buffer[Control_entity_req_arena_size + IText_LineLength];

static inline nk_err_t fping(struct IPing *self, const IPing_FPing_req *req,
                             const struct nk_arena *req_arena, struct IPing_FPing_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value + Control_tank_upper_inlet_iid;
    return NK_EOK;
}

static inline nk_err_t serve(Handle handle, struct IPing *ping)
{
    CPing_component component;
    struct Server_entity entity;
    union Server_entity_req req;
    Server_entity_res res;
    Guest_entity guest;

    CPing_component_init(&component, ping);
    Server_entity_init(&entity, &component);
    Guest_entity_init(&guest);
    nk_req_reset(&req);
    nk_req_reset(&res);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(Server, entity);
    return Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL) +
           NkKosDoDispatch(handle, &info) + (int)(sizeof(arena) + sizeof(buffer));
}

static inline nk_err_t call(struct nk_transport *transport)
{
    struct IPing_proxy proxy;
    struct echo_IPing_FPing_req req; /* both spellings, mixed */
    IPing_FPing_res res;

    IPing_proxy_init(&proxy, transport, Server_cserver_ping_iid);
    req.value = IPing_FPing_mid;
    return IPing_FPing(&proxy.base, &req, NULL, &res, NULL);
}
