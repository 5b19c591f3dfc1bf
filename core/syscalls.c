/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/syscalls.h>

#include <coresrv/nk/transport-kos.h>

#include "core/control.h"
#include "core/error.h"
#include "core/transport.h"

static NkKosTransport transport_over(Handle handle)
{
    NkKosTransport transport;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    return transport;
}

/* call_result() - what a call through @handle came to */
static Retcode call_result(Handle handle, nk_err_t r)
{
    bool is_revoked = r == NK_ENOTCONN && control_is_revoked(handle);

    return is_revoked ? rcHandleRevoked : error_nk_to_retcode(r);
}

Retcode Call(Handle handle, const SMsgHdr *msg_out, SMsgHdr *msg_in)
{
    NkKosTransport transport = transport_over(handle);

    nk_err_t r = nk_transport_call(&transport.base, msg_out->message_, msg_out->arena_,
                                   msg_in->message_, msg_in->arena_);
    return call_result(handle, r);
}

Retcode Recv(Handle handle, SMsgHdr *msg_in)
{
    NkKosTransport transport = transport_over(handle);

    return error_nk_to_retcode(
        nk_transport_recv(&transport.base, msg_in->message_, msg_in->arena_));
}

Retcode CallEx(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn, rtl_uint32_t mdelay,
               Handle syncHandle)
{
    struct until until;

    int r = until_init(&until, mdelay, syncHandle);
    if (r != 0) {
        return error_to_retcode(r);
    }
    nk_err_t err = transport_call(handle, until_or_null(&until), msgOut->message_, msgOut->arena_,
                                  msgIn->message_, msgIn->arena_);
    bool is_ended = err == NK_EAGAIN && until.outcome != 0;
    until_deinit(&until);
    return is_ended ? error_to_retcode(until.outcome) : call_result(handle, err);
}

Retcode RecvEx(Handle handle, SMsgHdr *msgIn, rtl_uint32_t mdelay, Handle syncHandle)
{
    struct until until;

    int r = until_init(&until, mdelay, syncHandle);
    if (r != 0) {
        return error_to_retcode(r);
    }
    nk_err_t err = transport_recv(handle, until_or_null(&until), msgIn->message_, msgIn->arena_);
    until_deinit(&until);
    return err == NK_EAGAIN ? error_to_retcode(until.outcome) : error_nk_to_retcode(err);
}

Retcode Reply(Handle handle, const SMsgHdr *msg_out)
{
    NkKosTransport transport = transport_over(handle);

    return error_nk_to_retcode(
        nk_transport_reply(&transport.base, msg_out->message_, msg_out->arena_));
}
