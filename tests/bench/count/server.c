/* SPDX-License-Identifier: Apache-2.0 */
/* Sends back what it gets, and has callgrind write down what each request took. */
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <valgrind/callgrind.h>

#include <count/Server.edl.h>

static nk_err_t serve_number(struct count_IEcho *self, const count_IEcho_Number_req *req,
                             const struct nk_arena *req_arena, count_IEcho_Number_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value;
    return NK_EOK;
}

static nk_err_t serve_text(struct count_IEcho *self, const count_IEcho_Text_req *req,
                           const struct nk_arena *req_arena, count_IEcho_Text_res *res,
                           struct nk_arena *res_arena)
{
    size_t n;
    const nk_char_t *text = nk_arena_get(nk_char_t, req_arena, &req->value, &n);

    (void)self;
    return nk_arena_store(nk_char_t, res_arena, &res->result, text, n);
}

static nk_err_t serve_data(struct count_IEcho *self, const count_IEcho_Data_req *req,
                           const struct nk_arena *req_arena, count_IEcho_Data_res *res,
                           struct nk_arena *res_arena)
{
    size_t n;
    const nk_uint8_t *bytes = nk_arena_get(nk_uint8_t, req_arena, &req->value, &n);

    (void)self;
    return nk_arena_store(nk_uint8_t, res_arena, &res->result, bytes, n);
}

static nk_err_t serve_refuse(struct count_IEcho *self, const count_IEcho_Refuse_req *req,
                             const struct nk_arena *req_arena, count_IEcho_Refuse_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    nk_err_reset(res);
    res->err_.reason = req->value;
    return NK_EOK;
}

/* serve() - one request. Return: what the client calls it; NULL if there is none any more. */
static const char *serve(struct nk_transport *transport, count_Server_entity *entity)
{
    static const char *const names[count_IEcho_mid_max] = {"number", "text", "data", "error"};
    static char buffers[2][count_Server_entity_arena_size];
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(buffers[0], buffers[0] + sizeof(buffers[0]));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(buffers[1], buffers[1] + sizeof(buffers[1]));
    count_Server_entity_req req;
    count_Server_entity_res res;

    nk_req_reset(&req);
    CALLGRIND_TOGGLE_COLLECT;
    nk_err_t err = nk_transport_recv(transport, &req.base_, &req_arena);
    if (err == NK_EOK) {
        count_Server_entity_dispatch(entity, &req.base_, &req_arena, &res.base_, &res_arena);
        err = nk_transport_reply(transport, &res.base_, &res_arena);
    }
    CALLGRIND_TOGGLE_COLLECT;
    return err == NK_EOK ? names[req.base_.mid] : NULL;
}

int main(void)
{
    static const struct count_IEcho_ops ops = {serve_number, serve_text, serve_data, serve_refuse};
    struct count_IEcho echo = {&ops};
    count_CEcho_component component;
    count_Server_entity entity;
    NkKosTransport transport;
    const char *name;
    ServiceId id;

    count_CEcho_component_init(&component, &echo);
    count_Server_entity_init(&entity, &component);
    Handle handle = ServiceLocatorRegister("echo", NULL, 0, &id);
    if (handle == INVALID_HANDLE) {
        fprintf(stderr, "cannot register\n");
        return EXIT_FAILURE;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    while ((name = serve(&transport.base, &entity)) != NULL) {
        CALLGRIND_DUMP_STATS_AT(name);
    }
    return EXIT_SUCCESS;
}
