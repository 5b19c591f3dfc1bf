/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/nk/transport-kos-dispatch.h>

#include <capchan/stub.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/listener.h"

/* Generated code computes the arena sizes for the IDL's own types; programs may put more behind
 * them. */
#define ARENA_SPARE_BYTES 4096u

/* can_go_on() - whether a server without clients may get new ones */
static bool can_go_on(Handle handle)
{
    struct object *object = object_table_find(handle, OBJECT_LISTENER);
    bool can_receive = object != NULL && listener_can_receive((struct listener *)object);

    object_unref(object);
    return can_receive;
}

/* serve() - the loop, over buffers that are large enough for the class */
static nk_err_t serve(NkKosTransportSync *transport, const NkKosDispatchInfo *info,
                      struct nk_message *req, struct nk_arena *req_arena, struct nk_message *res,
                      struct nk_arena *res_arena)
{
    for (;;) {
        nk_message_init_(req, info->component_->req_size);
        nk_arena_reset(res_arena);
        nk_err_t r = nk_transport_recv(&transport->base, req, req_arena);
        if (r == NK_ENOTCONN && can_go_on(transport->handle)) {
            continue;
        }
        if (r != NK_EOK) {
            return r;
        }
        (void)capchan_component_dispatch(info->component_, info->object_, 0, req, req_arena, res,
                                         res_arena);
        (void)nk_transport_reply(&transport->base, res, res_arena);
    }
}

nk_err_t NkKosDoDispatchSync(Handle handle, NkKosDispatchInfo *info, rtl_uint32_t timeout,
                             Handle syncHandle)
{
    const struct capchan_component *component = info->component_;
    size_t req_arena_size = (size_t)component->req_arena_size + ARENA_SPARE_BYTES;
    size_t res_arena_size = (size_t)component->res_arena_size + ARENA_SPARE_BYTES;
    struct nk_message *req = calloc(1, component->req_size);
    struct nk_message *res = calloc(1, component->res_size);
    char *req_bytes = malloc(req_arena_size);
    char *res_bytes = malloc(res_arena_size);
    nk_err_t result = NK_ENOMEM;
    NkKosTransportSync transport;

    NkKosTransportSync_Init(&transport, handle, timeout, syncHandle);
    if (req != NULL && res != NULL && req_bytes != NULL && res_bytes != NULL) {
        struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes + req_arena_size);
        struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes + res_arena_size);
        result = serve(&transport, info, req, &req_arena, res, &res_arena);
    }
    free(req);
    free(res);
    free(req_bytes);
    free(res_bytes);
    return result;
}

nk_err_t NkKosDoDispatch(Handle handle, NkKosDispatchInfo *info)
{
    return NkKosDoDispatchSync(handle, info, INFINITE_TIMEOUT, INVALID_HANDLE);
}
