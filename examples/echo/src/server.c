/* SPDX-License-Identifier: Apache-2.0 */
/* The server: answers every value with the same value. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo/Server.edl.h>

/* The implementation of echo.IPing: the interface first, then whatever belongs to it. */
struct ping {
    struct echo_IPing base;
    unsigned calls;
};

static nk_err_t ping_fping(struct echo_IPing *self, const echo_IPing_FPing_req *req,
                           const struct nk_arena *req_arena, echo_IPing_FPing_res *res,
                           struct nk_arena *res_arena)
{
    struct ping *ping = (struct ping *)self;

    (void)req_arena;
    (void)res_arena;
    ping->calls++;
    fprintf(stderr, "call %u: FPing(%u)\n", ping->calls, req->value);
    res->result = req->value;
    return NK_EOK;
}

int main(void)
{
    static const struct echo_IPing_ops ops = {.FPing = ping_fping};
    struct ping ping = {.base = {&ops}};
    echo_CPing_component component;
    echo_Server_entity entity;
    echo_Server_entity_req req;
    echo_Server_entity_res res;
    NkKosTransport transport;
    ServiceId id;

    echo_CPing_component_init(&component, &ping.base);
    echo_Server_entity_init(&entity, &component);

    Handle handle = ServiceLocatorRegister("server_connection", NULL, 0, &id);
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "cannot register server_connection; start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);

    for (;;) {
        nk_req_reset(&req);
        if (nk_transport_recv(&transport.base, &req.base_, NULL) != NK_EOK) {
            return EXIT_FAILURE;
        }
        echo_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
        nk_transport_reply(&transport.base, &res.base_, NULL);
    }
}
