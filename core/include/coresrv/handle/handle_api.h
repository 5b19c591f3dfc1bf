/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/handle/handle_api.h - managing handles
 *
 * A handle and its rights (<services/ocap.h>) are a capability. Handles are made from one another,
 * with the same rights or fewer, and so are related in a tree for each resource; the broker keeps
 * the trees, over all processes. A handle that was taken back stays until its process closes it;
 * till then, functions say rcHandleRevoked to it, and calls NK_ENOTCONN.
 *
 * Every function may be called by any thread, waits for the broker and for no other process, and
 * says rcNotReady if there is no broker. 65,536 handles of a process may exist at a time. A child
 * made by fork() has none.
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_HANDLE_HANDLE_API_H_
#define CORESRV_HANDLE_HANDLE_API_H_

#include <handle/handletype.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>
#include <services/ocap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What hears of events, see <coresrv/handle/notice_api.h>; RTL_NULL is none. */
typedef struct KosNotice *Notice;

/**
 * KnHandleClose() - give a handle back
 * @handle: a handle of this process; stale from here on
 *
 * Closing either end of a channel ends that channel: the other side gets NK_ENOTCONN, and calls in
 * progress on the handle are broken off. For a static channel that is for good, the locator does
 * not hand it out again; a dynamic one can be asked for again with KnCmConnect(). The handle of a
 * channel whose server has ended is as good as any other until it is closed.
 *
 * What was made from the handle stays, and belongs to what the handle itself was made from. What a
 * badge could take back when it was open, the badge still can.
 *
 * Rights:  none. A handle that was taken back is closed as well.
 * Context: any thread; waits for the broker if @handle is a listener, a notice, memory that this
 * process made or a mapping, and for nothing otherwise: in the broker's eyes the handle is closed
 * before anything else that this process asks, and others may see it open for a moment.
 * Return:  rcOk; rcNoCapability: @handle is no handle of this process, or is stale.
 */
Retcode KnHandleClose(Handle handle);

/**
 * KnHandleCreateUserObject() - a resource of this process
 * @type:    HANDLE_TYPE_USER_FIRST to HANDLE_TYPE_USER_LAST; makes no difference
 * @rights:  of the handle, of the general part but OCAP_IPC_CALL, and OCAP_HANDLE_SPEC() ones
 * @context: what this process knows the resource by; any value, never looked at
 * @handle:  set to the resource's first handle, to be given back with KnHandleClose()
 *
 * The resource is gone when all its handles, in all processes, are closed or were taken back.
 *
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: @type is none of those, there are no such rights, or @handle is
 *          NULL; rcQuotaExceeded: this process has 65,536 handles; rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleCreateUserObject(rtl_uint32_t type, rtl_uint32_t rights, void *context,
                                 Handle *handle);

/**
 * KnHandleCreateUserObjectEx() - a resource of this process that can be called
 * @type, @context, @handle: as above
 * @rights:     as above; who gets a copy that has OCAP_IPC_CALL can call through that
 * @ipcChannel: listener of this process where the calls arrive; INVALID_HANDLE if @rights are
 *              without OCAP_IPC_CALL
 * @riid:       the endpoint that they are for, 0 to 65,534
 *
 * A copy with OCAP_IPC_CALL is the end of a channel to the listener, which leads to that endpoint
 * and to no other: proxies are made with INVALID_RIID, and what they say is not looked at.
 *
 * Rights:  none.
 * Return:  rcOk; rcNoCapability: @ipcChannel is no listener of this process; rcInvalidArgument,
 *          also if @rights have OCAP_IPC_CALL and @ipcChannel is INVALID_HANDLE, or @riid is none;
 *          rcQuotaExceeded; rcOutOfMemory; rcNotReady: as above.
 */
Retcode KnHandleCreateUserObjectEx(rtl_uint32_t type, rtl_uint32_t rights, void *context,
                                   Handle ipcChannel, rtl_uint32_t riid, Handle *handle);

/**
 * KnHandleCreateBadge() - what ties copies and transfers together
 * @notice:  subscribed to the badge, for EVENT_BADGE_CLOSED and EVENT_OBJECT_DESTROYED; or RTL_NULL
 * @eventId: what it hears of them with; any value, never looked at
 * @context: what this process knows the badge by; any value, never looked at
 * @handle:  set to the badge's handle, which cannot be copied or handed on
 *
 * Closing the badge leaves what is tied to it as it is.
 *
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: @handle is NULL, or @notice is neither RTL_NULL nor a notice of
 *          this process; rcResourceNotFound: it was dropped; rcQuotaExceeded: this process has
 *          65,536 handles, or 4,096 subscriptions; rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleCreateBadge(Notice notice, rtl_uintptr_t eventId, void *context, Handle *handle);

/**
 * KnHandleCopy() - another handle for the same resource, in this process
 * @inHandle:      what it is made from
 * @newRightsMask: its rights, all of which @inHandle has
 * @copyBadge:     badge of this process to tie it to, or INVALID_HANDLE
 * @outHandle:     set to the new handle
 *
 * A copy that has OCAP_IPC_CALL is the end of a channel of its own to the same listener, and counts
 * as such; a process can have 256 of those and of what KnHandleConnect() makes, at a time.
 *
 * Rights:  OCAP_HANDLE_COPY on @inHandle.
 * Return:  rcOk; rcInvalidArgument: @outHandle is NULL; rcNoCapability: @inHandle is no handle of
 *          this process, or @copyBadge no badge; rcHandleRevoked; rcSecurityDisallow: @inHandle
 *          lacks OCAP_HANDLE_COPY or a right of @newRightsMask; rcNotConnected: it is the end of a
 *          channel that is closed, or its listener is; rcQuotaExceeded: of handles or channels, the
 * copy would be the 33rd of a row of handles each of which was made from the one before, or this
 * process has closed 4,096 handles that a badge can still take back; rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleCopy(Handle inHandle, rtl_uint32_t newRightsMask, Handle copyBadge,
                     Handle *outHandle);

/**
 * KnHandleRevoke() - close a handle, and take back all that were made from it, everywhere
 * @handle: a handle of this process; stale from here on
 *
 * When this returns, no call that begins later reaches a server through any of them, and calls in
 * progress have been broken off.
 *
 * Rights:  none.
 * Return:  rcOk; rcNoCapability: @handle is no handle of this process; rcHandleRevoked: it was
 * taken back itself, and is still to be closed; rcNotReady.
 */
Retcode KnHandleRevoke(Handle handle);

/**
 * KnHandleRevokeSubtree() - take back what was made from a handle with a badge, everywhere
 * @handle: a handle of this process, which stays
 * @badge:  a badge of this process
 *
 * What was made in turn from the copies and transfers that are tied to @badge is taken back too.
 *
 * Rights:  none.
 * Return:  rcOk, also if there was nothing to take back; rcNoCapability: @handle is no handle of
 *          this process, or @badge no badge; rcHandleRevoked: @handle was taken back itself;
 *          rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleRevokeSubtree(Handle handle, Handle badge);

/**
 * KnHandleGetSidByHandle() - the number of a resource
 * @handle: of the resource
 * @sid:    set to the number, never 0: all handles of the resource have it, in all processes, and
 * no handle of another one has it as long as the broker runs
 *
 * Rights:  OCAP_HANDLE_GET_SID.
 * Return:  rcOk; rcInvalidArgument: @sid is NULL; rcNoCapability: @handle is no handle of this
 *          process; rcHandleRevoked; rcSecurityDisallow: it lacks the right; rcQuotaExceeded:
 * 2^32-1 resources have been asked for; rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleGetSidByHandle(Handle handle, rtl_uint32_t *sid);

/**
 * KnHandleConnect() - a channel within this process
 * @handle:   listener of this process to add it to; INVALID_HANDLE makes a new one
 * @listener: set to the listener
 * @server:   set to where requests are received: the same handle
 * @client:   set to the client's end, with the rights OCAP_IPC_CLIENT
 *
 * @listener and @server are one handle, to be closed once.
 *
 * Rights:  none.
 * Return:  rcOk; rcInvalidArgument: one of the pointers is NULL; rcNoCapability: @handle is no
 *          listener of this process; rcQuotaExceeded: of handles or channels, as KnHandleCopy();
 *          rcOutOfMemory; rcNotReady.
 */
Retcode KnHandleConnect(Handle handle, Handle *listener, Handle *server, Handle *client);

#ifdef __cplusplus
}
#endif

#endif
