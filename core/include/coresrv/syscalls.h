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
#include <rtl/stdint.h>

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
 * CallEx() - Call(), for a limited time, and so that it can be broken off
 * @handle:     a client end; borrowed
 * @msgOut:     the request, packed with PackOutMsg(); borrowed
 * @msgIn:      where the response goes, packed with PackInMsg(); borrowed
 * @mdelay:     milliseconds from now, on a clock that nobody sets, or INFINITE_TIMEOUT; 0: the
 *              request is made, and hardly ever answered in time
 * @syncHandle: of a sync object, see <coresrv/ipc/ipc_api.h>, or INVALID_HANDLE; borrowed
 *
 * The sync object breaks a call off only before the server has received the request; the time may
 * be over in any stage. A request that the server has not received by then never reaches a handler;
 * of one that it has, the response is thrown away when it comes, with the handles in it, and never
 * reaches another call. Until the server has answered, or has noticed that it need not, the call
 * counts as one of those in flight: the 129th gets rcQuotaExceeded.
 *
 * When another thread closes @handle, or when it is taken back, the call ends at once, in any
 * stage: rcNotConnected, rcHandleRevoked. Whether a handler has had the request is not known then.
 *
 * Context: any thread; blocks until the server replies, the channel ends, or as above.
 * Rights:  OCAP_IPC_CALL.
 * Return:  as Call(); rcTimeout: the time is over, or the server's handler returned NK_EAGAIN;
 * rcIpcInterrupt: @syncHandle was set, and the server has never received the request;
 * rcNoCapability also: @syncHandle is bad or stale, or no sync object.
 */
Retcode CallEx(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn, rtl_uint32_t mdelay,
               Handle syncHandle);

/**
 * RecvEx() - Recv(), for a limited time, and so that it can be broken off
 * @handle:     a listener; borrowed
 * @msgIn:      where the request goes, packed with PackInMsg() after nk_req_reset(); borrowed
 * @mdelay:     milliseconds from now, on a clock that nobody sets, or INFINITE_TIMEOUT; 0: only a
 *              request that is there already
 * @syncHandle: of a sync object, see <coresrv/ipc/ipc_api.h>, or INVALID_HANDLE; borrowed
 *
 * A sync object that is set when the wait begins comes before requests that are there already; a
 * request that comes while it waits comes before both. No request is lost.
 *
 * Context: any thread, several at once for one handle, together with Recv(); blocks.
 * Return:  as Recv(); rcTimeout: the time is over; rcIpcInterrupt: @syncHandle was set;
 * rcNoCapability also: @syncHandle is bad or stale, or no sync object.
 */
Retcode RecvEx(Handle handle, SMsgHdr *msgIn, rtl_uint32_t mdelay, Handle syncHandle);

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
