/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/syscalls.h>

#include <coresrv/nk/transport-kos.h>

#include "core/control.h"
#include "core/error.h"

static NkKosTransport transport_over(Handle handle)
{
    NkKosTransport transport;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    return transport;
}

Retcode Call(Handle handle, const SMsgHdr *msg_out, SMsgHdr *msg_in)
{
    NkKosTransport transport = transport_over(handle);

    nk_err_t r = nk_transport_call(&transport.base, msg_out->message_, msg_out->arena_,
                                   msg_in->message_, msg_in->arena_);
    bool is_revoked = r == NK_ENOTCONN && atomic_load(control_word(handle)) == CONTROL_REVOKED;
    return is_revoked ? rcHandleRevoked : error_nk_to_retcode(r);
}

Retcode Recv(Handle handle, SMsgHdr *msg_in)
{
    NkKosTransport transport = transport_over(handle);

    return error_nk_to_retcode(
        nk_transport_recv(&transport.base, msg_in->message_, msg_in->arena_));
}

Retcode Reply(Handle handle, const SMsgHdr *msg_out)
{
    NkKosTransport transport = transport_over(handle);

    return error_nk_to_retcode(
        nk_transport_reply(&transport.base, msg_out->message_, msg_out->arena_));
}
