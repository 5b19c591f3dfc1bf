/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes its goods, and sells them to one buyer. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <kl/core/Types.idl.h>
#include <market/Seller.edl.h>
#include <rtl/assert.h>
#include <rtl/countof.h>
#include <rtl/retcode_hr.h>

#include "market/names.h"

static struct {
    const char *name;
    rtl_uint32_t price;
    rtl_uint32_t count;
} goods[] = {{"apples", 3, 10}, {"green pears", 4, 1}};

static int find(const struct nk_arena *arena, const nk_ptr_t *name)
{
    nk_size_t size = 0;
    const char *text = nk_arena_get(nk_char_t, arena, name, &size);

    for (rtl_size_t i = 0; text != RTL_NULL && i < rtl_countof(goods); i++) {
        if (strcmp(goods[i].name, text) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static nk_err_t price(__rtl_unused struct market_IGoods *self,
                      const struct market_IGoods_price_req *req, const struct nk_arena *reqArena,
                      struct market_IGoods_price_res *res, __rtl_unused struct nk_arena *resArena)
{
    int i = find(reqArena, &req->name);

    if (i < 0) {
        return NK_ENOENT;
    }
    res->result = goods[i].price;
    return NK_EOK;
}

static nk_err_t buy(__rtl_unused struct market_IGoods *self,
                    const struct market_IGoods_buy_req *req, const struct nk_arena *reqArena,
                    struct market_IGoods_buy_res *res, __rtl_unused struct nk_arena *resArena)
{
    int i = find(reqArena, &req->name);

    if (i < 0 || goods[i].count < req->count) {
        nk_err_reset(res);
        res->err_.status = i < 0 ? rcResourceNotFound : rcOutOfMemory;
        return NK_EOK;
    }
    goods[i].count -= req->count;
    res->res_.result = goods[i].price * req->count;
    return NK_EOK;
}

/* until the buyer has gone */
static void serve(Handle handle)
{
    static struct market_IGoods_ops ops = {.price = price, .buy = buy};
    static struct market_IGoods object = {.ops = &ops};
    char buffer[market_Seller_entity_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    market_CGoods_component component;
    market_Seller_entity entity;
    union market_Seller_entity_req req;
    union market_Seller_entity_res res;
    NkKosTransport transport;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    market_CGoods_component_init(&component, &object);
    market_Seller_entity_init(&entity, &component);
    for (nk_req_reset(&req); nk_transport_recv(&transport.base, &req.base_, &arena) == NK_EOK;
         nk_req_reset(&req), nk_arena_reset(&arena)) {
        nk_err_t err =
            market_Seller_entity_dispatch(&entity, &req.base_, &arena, &res.base_, RTL_NULL);
        if (err != NK_EOK) {
            fprintf(stderr, "dispatch: %d\n", err == NK_ENOENT);
        }
        nk_transport_reply(&transport.base, &res.base_, RTL_NULL);
    }
}

int main(void)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    NsHandle ns = NS_INVALID_HANDLE;
    Handle handle = INVALID_HANDLE;

    Retcode rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns);
    if (rc == rcOk) {
        rc = NsPublishService(ns, GOODS_TYPE, "market.Seller", GOODS_SERVICE);
    }
    fprintf(stderr, "published: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
    rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);
    rtl_assert(rc == rcOk && strcmp(service, GOODS_SERVICE) == 0);
    rc = KnCmAccept(client, service, market_Seller_goods_main_iid, INVALID_HANDLE, &handle);
    fprintf(stderr, "%s is here for %s: %d\n", client, service, rc);
    serve(handle);
    return KnHandleClose(handle) == rcOk ? EXIT_SUCCESS : EXIT_FAILURE;
}
