/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport whose waits end.
 */
#include <coresrv/nk/transport-kos.h>

#include "core/error.h"
#include "core/transport.h"

/* end_of() - of a wait that begins now. Return: 0: *ret_until is to be ended with until_deinit();
 * ERROR_BAD_HANDLE. */
static int end_of(const NkKosTransportSync *transport, struct until *ret_until)
{
    return until_init(ret_until, transport->timeout, transport->syncHandle);
}

static nk_err_t sync_call(struct nk_transport *self, struct nk_message *req,
                          const struct nk_arena *req_arena, struct nk_message *res,
                          struct nk_arena *res_arena)
{
    const NkKosTransportSync *transport = (const NkKosTransportSync *)self;
    struct until until;

    int r = end_of(transport, &until);
    if (r != 0) {
        return error_to_nk(r);
    }
    nk_err_t result =
        transport_call(transport->handle, until_or_null(&until), req, req_arena, res, res_arena);
    until_deinit(&until);
    return result;
}

static nk_err_t sync_recv(struct nk_transport *self, struct nk_message *req,
                          struct nk_arena *req_arena)
{
    const NkKosTransportSync *transport = (const NkKosTransportSync *)self;
    struct until until;

    int r = end_of(transport, &until);
    if (r != 0) {
        return error_to_nk(r);
    }
    nk_err_t result = transport_recv(transport->handle, until_or_null(&until), req, req_arena);
    until_deinit(&until);
    return result;
}

static nk_err_t sync_reply(struct nk_transport *self, struct nk_message *res,
                           const struct nk_arena *res_arena)
{
    return transport_reply(((const NkKosTransportSync *)self)->handle, res, res_arena);
}

nk_err_t NkKosTransportSync_Init(NkKosTransportSync *transport, Handle handle, rtl_uint32_t timeout,
                                 Handle syncHandle)
{
    static const struct nk_transport_ops ops = {
        .call = sync_call, .recv = sync_recv, .reply = sync_reply};

    transport->base.ops_ = &ops;
    transport->handle = handle;
    transport->timeout = timeout;
    transport->syncHandle = syncHandle;
    return NK_EOK;
}
