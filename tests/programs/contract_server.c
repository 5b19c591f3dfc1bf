/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server as public programs are: its objects start as garbage, its response is never reset, its
 * arenas end somewhere, and it edits responses behind the handler's back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <contract/Server.edl.h>

/* nested() - the message is a list of chunks of which the IDL knows nothing */
static nk_err_t nested(struct contract_IBox *self, const contract_IBox_Nested_req *req,
                       const struct nk_arena *req_arena, contract_IBox_Nested_res *res,
                       struct nk_arena *res_arena)
{
    nk_uint32_t n_chunks = 0;
    nk_uint32_t length = 0;
    nk_ptr_t *chunks = nk_arena_get(nk_ptr_t, req_arena, &req->message, &n_chunks);

    (void)self, (void)res_arena;
    if (chunks == RTL_NULL || n_chunks != 2) {
        return NK_EBADMSG;
    }
    nk_char_t *text = nk_arena_get(nk_char_t, req_arena, &chunks[1], &length);
    if (text == RTL_NULL || strcmp(text, "behind") != 0) {
        return NK_EBADMSG;
    }
    res->length = length - 1;
    return NK_EOK;
}

/* stale() - answers with an error or with a value, in turn, on one and the same response */
static nk_err_t stale(struct contract_IBox *self, const contract_IBox_Stale_req *req,
                      const struct nk_arena *req_arena, contract_IBox_Stale_res *res,
                      struct nk_arena *res_arena)
{
    (void)self, (void)req_arena, (void)res_arena;
    if (req->refuse != 0) {
        nk_err_reset(res);
        res->err_.status = req->refuse;
    } else {
        res->value = 0x00110011;
    }
    return NK_EOK;
}

static nk_err_t edited(struct contract_IBox *self, const contract_IBox_Edited_req *req,
                       const struct nk_arena *req_arena, contract_IBox_Edited_res *res,
                       struct nk_arena *res_arena)
{
    (void)self, (void)req_arena, (void)res_arena;
    res->res_.result = req->value;
    return NK_EOK;
}

static nk_err_t name(struct contract_IBox *self, const contract_IBox_Name_req *req,
                     const struct nk_arena *req_arena, contract_IBox_Name_res *res,
                     struct nk_arena *res_arena)
{
    nk_size_t length = 0;
    nk_char_t *text = nk_arena_get(nk_char_t, req_arena, &req->name, &length);

    (void)self, (void)res_arena;
    res->length = text == RTL_NULL ? 0 : (nk_uint32_t)strlen(text);
    return NK_EOK;
}

static nk_err_t back(struct contract_IBox *self, const contract_IBox_Back_req *req,
                     const struct nk_arena *req_arena, contract_IBox_Back_res *res,
                     struct nk_arena *res_arena)
{
    (void)self, (void)req_arena;
    if (req->count == 0) {
        return NK_EOK; /* and res->data is whatever it was */
    }
    nk_uint8_t *bytes = nk_arena_alloc(nk_uint8_t, res_arena, &res->data, req->count);
    if (bytes == RTL_NULL) {
        return NK_ENOMEM;
    }
    memset(bytes, 7, req->count);
    return NK_EOK;
}

/* far_behind() - an end that has nothing to do with the buffer's own */
static char *far_behind(char *buffer)
{
    char *volatile hidden = buffer;

    return hidden + 1000000;
}

int main(void)
{
    static const struct contract_IBox_ops ops = {nested, stale, edited, name, back};
    static struct contract_IBox box = {&ops};
    char req_buffer[contract_Server_entity_req_arena_size + 64];
    char res_buffer[contract_Server_entity_res_arena_size + 64];
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_buffer, far_behind(req_buffer));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_buffer, far_behind(res_buffer));
    contract_CBox_component component;
    contract_Server_entity entity;
    contract_Server_entity_req req;
    contract_Server_entity_res res;
    NkKosTransport transport;
    ServiceId id;

    memset(&req, 0xA5, sizeof(req));
    memset(&res, 0xA5, sizeof(res));
    NkKosTransport_Init(&transport, ServiceLocatorRegister("box_connection", RTL_NULL, 0, &id),
                        NK_NULL, 0);
    contract_CBox_component_init(&component, &box);
    contract_Server_entity_init(&entity, &component);
    for (;;) {
        nk_req_reset(&req);
        nk_arena_reset(&req_arena);
        nk_arena_reset(&res_arena);
        if (nk_transport_recv(&transport.base, &req.base_, &req_arena) != NK_EOK) {
            return EXIT_FAILURE;
        }
        contract_Server_entity_dispatch(&entity, &req.base_, &req_arena, &res.base_, &res_arena);
        if (req.base_.mid == contract_IBox_Edited_mid) {
            res.box_box.Edited.result += req.box_box.Edited.value * 1000;
        }
        nk_transport_reply(&transport.base, &res.base_, &res_arena);
    }
}
