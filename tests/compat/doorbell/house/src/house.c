/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include "House.edl.h"
#include "answers.h"

static struct doorbell_IBell *create_bell(void)
{
    static const struct doorbell_IBell_ops ops = {.Ring = answer_ring};
    static struct doorbell_IBell bell = {.ops = &ops};

    return &bell;
}

int main(void)
{
    static char reqBuffer[doorbell_House_entity_req_arena_size];
    static char resBuffer[doorbell_House_entity_res_arena_size];
    struct nk_arena reqArena = NK_ARENA_INITIALIZER(reqBuffer, reqBuffer + sizeof(reqBuffer));
    struct nk_arena resArena = NK_ARENA_INITIALIZER(resBuffer, resBuffer + sizeof(resBuffer));
    NkKosTransport transport;
    ServiceId id;
    doorbell_CBell_component component;
    doorbell_House_entity entity;
    doorbell_House_entity_req req;
    doorbell_House_entity_res res;
    Handle handle = ServiceLocatorRegister("bell_channel", NULL, 0, &id);

    if (handle == INVALID_HANDLE) {
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    doorbell_CBell_component_init(&component, create_bell());
    doorbell_House_entity_init(&entity, &component);
    for (;;) {
        nk_req_reset(&req);
        nk_arena_reset(&reqArena);
        nk_arena_reset(&resArena);
        if (nk_transport_recv(&transport.base, &req.base_, &reqArena) == NK_EOK) {
            doorbell_House_entity_dispatch(&entity, &req.base_, &reqArena, &res.base_, &resArena);
        }
        nk_transport_reply(&transport.base, &res.base_, &resArena);
    }
}
