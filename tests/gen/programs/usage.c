/* SPDX-License-Identifier: Apache-2.0 */
/* What only C does; see usage.h. */
#include "usage.h"

struct ping {
    struct echo_IPing base;
    int calls;
};

static nk_err_t fping(struct echo_IPing *self, const struct echo_IPing_FPing_req *req,
                      const struct nk_arena *req_arena, struct echo_IPing_FPing_res *res,
                      struct nk_arena *res_arena)
{
    (void)req_arena;
    (void)res_arena;
    ((struct ping *)self)->calls++;
    res->result = req->value;
    return NK_EOK;
}

int main(void)
{
    static const struct echo_IPing_ops ops = {.FPing = fping};
    static const bank_IBank_ops bank_ops = {.Pay = pay};
    static const nk_uint16_t length = text_IText_LineLength;
    struct ping ping = {.base = {&ops}};
    bank_IBank bank = {.ops = &bank_ops};
    echo_CPing_component component;
    struct echo_Server_entity entity;
    guest_Guest_entity guest;
    shop_IShop_Price price = {3, 50};
    shop_IShop_Item item = {.price = price, .size = {1, 2, 3}};
    nk_uint32_t result;

    echo_CPing_component_init(&component, &ping.base);
    echo_Server_entity_init(&entity, &component);
    guest_Guest_entity_init(&guest);
    return call(NULL, &result) + serve_once(NULL, &entity) + classify(length) + item.size[0] +
           (bank.ops != NULL);
}
