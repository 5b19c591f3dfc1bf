/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/cm/cm_api.h - the connection manager: channels between processes that find each other at
 * run time
 *
 * A client asks a server by name, and waits. The server listens, hears who asks for what, and
 * accepts or refuses. Names of processes come from the broker: nobody can ask, listen or accept
 * under another one's. What a service is called is agreed on between client and server; the name
 * server (<coresrv/ns/ns_api.h>) helps those who have not.
 *
 * A request is known by who asks and for which service. It waits in the server's queue until it is
 * accepted or dropped, its time is over, or one of the two processes ends. A queue holds 128
 * requests, of which a client has 16 at most.
 *
 * Which client may ask which server for which service is said in init.yaml under `capchan:
 * dynamic:`; if that is not there, everybody may ask anybody. A server hears of no request that is
 * not allowed, and the client learns no more than if nobody listened.
 *
 * A channel ends when either side closes its handle with KnHandleClose(), or ends: the client's
 * next call gets NK_ENOTCONN. When its last client is gone, a listener that KnCmAccept() made lets
 * one nk_transport_recv() return NK_ENOTCONN; the next one waits for new clients. Another channel
 * can be asked for at any time.
 *
 * Names are 1 to 1,023 bytes of UTF-8 without control characters. They are never shortened.
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4; where that is silent, this file.
 */
#ifndef CORESRV_CM_CM_API_H_
#define CORESRV_CM_CM_API_H_

#include <coresrv/handle/handle_api.h>
#include <coresrv/time/timeout.h>
#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * KnCmConnect() - ask a server for a channel
 * @server:  its name in init.yaml: `task`, or else `name`; borrowed
 * @service: what is asked for; borrowed
 * @msecs:   how long to wait for the server's answer, in milliseconds; 0 does not wait, and so
 * never connects; INFINITE_TIMEOUT
 * @handle:  set to a client handle, owned by the caller, to be given back with KnHandleClose()
 * @rsid:    set to the RIID that the server chose, at most NK_IID_MAX; for the proxy
 *
 * Threads may ask for different services at once. Each success is a channel of its own, of which a
 * process can have 4,096, connections in init.yaml included; @handle counts until it is closed,
 * though its server ended.
 *
 * A process whose requests keep failing, more than 256 of them and then more than 256 per second,
 * waits longer than that, for the broker to read the next one.
 *
 * Context: any thread; blocks for @msecs at most.
 * Rights:  the rules in init.yaml must allow it, and this process hold what they require, now; then
 * the server decides.
 * Return:  rcOk. Else nothing is set: rcTimeout: the server has not answered, or the rules do not
 * allow it; rcSecurityDisallow: the server refused; rcResourceNotFound: no process is called so, or
 * it has ended, and the rules allow to ask it for something;
 * rcNotConnected: it ended meanwhile, or closed its listener at once; rcAlreadyExists: another
 * thread is asking for the same; rcQuotaExceeded: one of the limits above, or descriptors;
 * rcInvalidArgument: NULL, something that is no name, or the process itself; rcOutOfMemory: this
 * process has no memory or no descriptor left; rcNotReady: there is no broker.
 */
Retcode KnCmConnect(const char *server, const char *service, rtl_uint32_t msecs, Handle *handle,
                    rtl_uint32_t *rsid);

/**
 * KnCmListen() - hear who asks for a channel
 * @filter:  not looked at
 * @msecs:   how long to wait for a request, in milliseconds; 0 does not wait; INFINITE_TIMEOUT
 * @client:  set to the name of the client's process; kl_core_Types_UCoreStringSize bytes of
 * <kl/core/Types.idl.h>, 1,024, of which no more than the name and its NUL is written
 * @service: likewise what it asks for
 *
 * Takes nothing out of the queue: it tells of the first request and puts that at the end. Asked
 * again before the request is accepted or dropped, it tells of it again in its turn. Of several
 * threads that wait, the one that has waited longest is told of a new request, and only that.
 *
 * Context: any thread, 128 of a process at once; blocks for @msecs at most.
 * Rights:  none.
 * Return:  rcOk. Else nothing is set: rcTimeout: nobody asked; rcQuotaExceeded: too many threads
 * wait; rcInvalidArgument: NULL; rcOutOfMemory; rcNotReady: there is no broker.
 */
Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service);

/**
 * KnCmAccept() - make the channel that a client asked for
 * @client:   from KnCmListen(); borrowed
 * @service:  likewise
 * @rsid:     the RIID that the client is to call, at most NK_IID_MAX
 * @listener: a listener of the caller's, where the client is served beside the others; it may as
 * well be from ServiceLocatorRegister(); INVALID_HANDLE: a new one
 * @handle:   set to the listener, for nk_transport_recv(); a new one is owned by the caller, to be
 * given back with KnHandleClose(), which ends the channels of all its clients
 *
 * A new listener counts as a channel of the caller's, of which a process can have 4,096.
 *
 * Context: any thread; waits for the broker only.
 * Rights:  none; only requests to the caller itself can be accepted.
 * Return:  rcOk. Else nothing is set: rcResourceNotFound: there is no such request, perhaps not any
 * more; rcNoCapability: @listener is no listener of this process, or was closed; the request waits
 * on; rcQuotaExceeded: too many handles, channels or descriptors; the request waits on;
 * rcInvalidArgument: NULL, a name that is too long or not UTF-8, or @rsid is too large;
 * rcOutOfMemory: this process has no memory or no descriptor left, and the channel has ended;
 * rcNotReady: there is no broker.
 */
Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid, Handle listener,
                   Handle *handle);

/**
 * KnCmDrop() - refuse a request
 * @client:  from KnCmListen(); borrowed
 * @service: likewise
 *
 * The client gets rcSecurityDisallow, and may ask again.
 *
 * Context: any thread; waits for the broker only.
 * Rights:  none; only requests to the caller itself can be dropped.
 * Return:  rcOk; rcResourceNotFound: there is no such request, perhaps not any more;
 * rcInvalidArgument: NULL, or a name that is too long or not UTF-8; rcOutOfMemory; rcNotReady:
 * there is no broker.
 */
Retcode KnCmDrop(const char *client, const char *service);

#ifdef __cplusplus
}
#endif

#endif
