/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/ns/ns_api.h - the name server: who serves an interface
 *
 * Servers publish what they serve, and clients look through it before they ask for a channel with
 * <coresrv/cm/cm_api.h>. The broker is the name server: every process that it launched can reach
 * it. What a process published vanishes when it ends. A process publishes 256 services at most.
 *
 * An entity may be the name server of those that init.yaml connects to it by a channel called
 * "kl.core.NameServer": an endpoint "names" of the interface capchan.NameServer, which comes with
 * idlc. What it lets them see, and how many services it takes from them, is its own affair; it may
 * refuse with any code. The functions below let nobody publish under another one's name. Whoever
 * calls it without them may try, so it asks capchan_caller_name() of <capchan/caller.h> as well.
 *
 * Names are 1 to 1,023 bytes of UTF-8 without control characters. They are never shortened.
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4; where that is silent, this file.
 */
#ifndef CORESRV_NS_NS_API_H_
#define CORESRV_NS_NS_API_H_

#include <coresrv/time/timeout.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Access to a name server; no IPC handle, and nothing that would have to be given back. */
typedef rtl_uint32_t NsHandle;

/** Never names anything. 0 does not either. */
#define NS_INVALID_HANDLE ((NsHandle)UINT32_MAX)

/**
 * NsCreate() - get access to the name server
 * @name:  RTL_NULL, or "kl.core.NameServer"; borrowed
 * @msecs: how long to wait for an entity that is the name server, in milliseconds; 0 asks whether
 * it has answered yet, INFINITE_TIMEOUT waits until it does. The broker is there before any program
 * @ns:    set to what the other functions want; the same every time
 *
 * An entity is waited for until it has answered once, in this call or since an earlier one. When it
 * has ended nothing takes its place.
 *
 * Context: any thread; waits for @msecs.
 * Rights:  none.
 * Return:  rcOk; rcTimeout: the entity has not answered; rcNotConnected: it has ended, or its
 * channel was closed; rcResourceNotFound: there is no name server called @name, or the entity has
 * no such endpoint; rcInvalidArgument: @ns is NULL; rcQuotaExceeded: the process has as many
 * channels as it can; rcOutOfMemory; rcNotReady: there is no broker. Nothing is set but for rcOk.
 */
Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns);

/**
 * NsPublishService() - let others find a service
 * @ns:      from NsCreate()
 * @type:    its interface, as in `package` of the IDL; borrowed
 * @server:  name of the calling process, see KnTaskGetName(); borrowed
 * @service: what clients are to ask for with KnCmConnect(); borrowed
 *
 * Context: any thread; waits for the broker, or until the entity answers.
 * Rights:  @server must be the caller.
 * Return:  rcOk; rcSecurityDisallow: @server is not the caller; rcAlreadyExists: it is published
 * already; rcQuotaExceeded: 256 are; rcInvalidArgument: @ns, or something that is no name;
 * rcOutOfMemory; rcNotReady: there is no broker; rcNotConnected: the entity has ended.
 */
Retcode NsPublishService(NsHandle ns, const char *type, const char *server, const char *service);

/**
 * NsUnPublishService() - take that back; arguments as of NsPublishService()
 *
 * Channels go on.
 *
 * Context: any thread; waits for the broker, or until the entity answers.
 * Rights:  @server must be the caller.
 * Return:  rcOk; rcResourceNotFound: it is not published; rcSecurityDisallow: @server is not the
 * caller; rcInvalidArgument: @ns, or something that is no name; rcOutOfMemory; rcNotReady: there is
 * no broker; rcNotConnected: the entity has ended.
 */
Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server, const char *service);

/**
 * NsEnumServices() - look through the services with one interface
 * @ns:          from NsCreate()
 * @type:        the interface; borrowed
 * @index:       0, 1, 2 ... in the order in which they were published; when one is taken back the
 * later ones move up
 * @server:      set to the name of its process
 * @serverSize:  bytes there are; kl_core_Types_UCoreStringSize of <kl/core/Types.idl.h> is always
 * enough
 * @service:     set to what to ask for with KnCmConnect()
 * @serviceSize: bytes there are, likewise
 *
 * Services that the process may not ask for, by the rules in init.yaml, are passed over, but for
 * its own.
 *
 * Context: any thread; waits for the broker, or until the entity answers.
 * Rights:  none.
 * Return:  rcOk. Else nothing is set: rcResourceNotFound: there are not so many;
 * rcBufferTooSmall; rcInvalidArgument: @ns, NULL, or @type is no name; rcOutOfMemory;
 * rcNotReady: there is no broker; rcNotConnected: the entity has ended.
 */
Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index, char *server,
                       rtl_size_t serverSize, char *service, rtl_size_t serviceSize);

#ifdef __cplusplus
}
#endif

#endif
