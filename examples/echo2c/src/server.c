/* SPDX-License-Identifier: Apache-2.0 */
/* The server of both clients: one registration, one listener, one ready-made loop. Adds 1000. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>

#include <echo2c/Server.edl.h>

static nk_err_t ping_fping(struct echo2c_IPing *self, const echo2c_IPing_FPing_req *req,
                           const struct nk_arena *req_arena, echo2c_IPing_FPing_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value + 1000;
    return NK_EOK;
}

int main(void)
{
    static const struct echo2c_IPing_ops ops = {.FPing = ping_fping};
    struct echo2c_IPing ping = {&ops};
    echo2c_CPing_component component;
    echo2c_Server_entity entity;
    ServiceId id;

    echo2c_CPing_component_init(&component, &ping);
    echo2c_Server_entity_init(&entity, &component);

    Handle handle = ServiceLocatorRegister("server_connection", NULL, 0, &id);
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(echo2c_Server, entity);
    NkKosDoDispatch(handle, &info);
    return EXIT_FAILURE;
}
