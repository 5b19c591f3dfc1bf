/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/syscalls.h - the IPC system calls
 *
 * The same as nk_transport_call(), nk_transport_recv() and nk_transport_reply() on a handle, with
 * Retcodes. Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_SYSCALLS_H_
#define CORESRV_SYSCALLS_H_

#include <handle/handletype.h>
#include <ipc/if_rend.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Call() - send a request and wait for its response
 * @handle:  a client end; borrowed
 * @msg_out: the request, packed with PackOutMsg(); borrowed
 * @msg_in:  where the response goes, packed with PackInMsg(); borrowed
 *
 * Context: any thread; blocks until the server replies or the channel ends.
 * Rights:  OCAP_IPC_CALL.
 * Return:  rcOk; rcInvalidArgument: the request or the response is malformed; rcNotConnected: the
 * server or the broker ended, or a handle of the channel was closed; rcHandleRevoked: @handle was
 * taken back; rcNoCapability: @handle is bad or stale, or a listener; rcResourceNotFound: no such
 * endpoint or method; rcSecurityDisallow: @handle lacks the right, or the server said NK_EPERM;
 * rcOutOfMemory, rcQuotaExceeded, rcBufferTooSmall as NK_ENOMEM of
 * nk_transport_call(); rcFail: the server's handler returned a code of its own.
 */
Retcode Call(Handle handle, const SMsgHdr *msg_out, SMsgHdr *msg_in);

/**
 * Recv() - wait for a request
 * @handle: a listener; borrowed
 * @msg_in: where the request goes, packed with PackInMsg() after nk_req_reset(); borrowed
 *
 * Context: any thread, several at once for one handle; blocks.
 * Return:  rcOk; rcNoCapability: @handle is bad or stale, or no listener, or the object was not
 * reset; rcNotConnected: the broker ended and no client is left, or the handle was closed;
 * rcOutOfMemory.
 */
Retcode Recv(Handle handle, SMsgHdr *msg_in);

/**
 * Reply() - answer the request that this thread received last from the same handle
 * @handle:  a listener; borrowed
 * @msg_out: the response, packed with PackOutMsg(); borrowed
 *
 * Context: any thread; never waits for the client.
 * Return:  rcOk; rcInvalidOperation: there is no request to reply to; rcNoCapability: @handle is
 * bad or stale, or no listener; rcNotConnected: the client is gone; rcInvalidArgument: the response
 * is malformed; rcOutOfMemory.
 */
Retcode Reply(Handle handle, const SMsgHdr *msg_out);

#ifdef __cplusplus
}
#endif

#endif
