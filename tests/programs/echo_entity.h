/* SPDX-License-Identifier: Apache-2.0 */
/* The entity actor.Server, both of whose components have the same endpoint, in one piece. */
#pragma once

#include <actor/Server.edl.h>

struct echo_entity {
    struct actor_IEcho echo;
    actor_CEcho_component component;
    actor_Server_entity entity;
};

/* echo_entity_init() - @ops must last as long as @echo */
static inline void echo_entity_init(struct echo_entity *echo, const struct actor_IEcho_ops *ops)
{
    echo->echo.ops = ops;
    actor_CEcho_component_init(&echo->component, &echo->echo);
    actor_Server_entity_init(&echo->entity, &echo->component, &echo->component);
}

/* serve_number() - Number() of an entity that does nothing else */
static inline nk_err_t serve_number(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                                    const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                                    struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value;
    return NK_EOK;
}

static const struct actor_IEcho_ops number_ops = {.Number = serve_number};
