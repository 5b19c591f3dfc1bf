/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/ipc/ipc_api.h - breaking off calls, and waits for requests
 *
 * A sync object is either set or clear. Threads of this process that call with CallEx(), receive
 * with RecvEx(), or do either through an NkKosTransportSync, may name one: when it is set the wait
 * ends with rcIpcInterrupt (NK_EAGAIN). It is a state and no event: who begins to wait while it is
 * set is broken off as well. A call can be broken off only as long as the server has not received
 * the request, which it never does then; once it has, the call goes on, set or not. RecvEx() can be
 * only while it waits.
 *
 * The handle is good in this process alone: it has no rights, so it can be neither copied nor
 * transferred. KnHandleClose() deletes the object, and breaks off the waits that use it. Each takes
 * one handle and one descriptor of the process.
 *
 * Source of the semantics: KasperskyOS CE 1.2 to 1.4.
 */
#ifndef CORESRV_IPC_IPC_API_H_
#define CORESRV_IPC_IPC_API_H_

#include <handle/handletype.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * KnIpcCreateSyncObject() - a sync object that stays set until it is cleared
 * @syncHandle: set to its handle, clear at first; owned by the caller, to be closed with
 *              KnHandleClose()
 *
 * Context: any thread; asks the broker, which answers at once. Rights: none.
 * Return:  rcOk; rcInvalidArgument: @syncHandle is RTL_NULL; rcQuotaExceeded: the process has as
 * many handles as it may; rcOutOfMemory: no memory or no descriptors; rcNotReady: there is no
 * broker.
 */
Retcode KnIpcCreateSyncObject(Handle *syncHandle);

/**
 * KnIpcCreateSyncObjectEx() - a sync object that clears itself
 * @syncHandle: as of KnIpcCreateSyncObject()
 *
 * The first wait that it breaks off clears it: of several threads that wait, each time that it is
 * set breaks off one. A wait that it could not break off does not clear it. The published material
 * shows no parameters but the handle.
 *
 * Context, Rights, Return: as KnIpcCreateSyncObject().
 */
Retcode KnIpcCreateSyncObjectEx(Handle *syncHandle);

/**
 * KnIpcSetInterrupt() - break off the waits that use a sync object
 * @syncHandle: borrowed
 *
 * To set what is set already changes nothing.
 *
 * Context: any thread, no signal handler; does not wait. Needs no broker. Rights: none.
 * Return:  rcOk; rcNoCapability: no sync object of this process, or it was closed.
 */
Retcode KnIpcSetInterrupt(Handle syncHandle);

/**
 * KnIpcClearInterrupt() - let waits go on that begin from now on
 * @syncHandle: borrowed
 *
 * A wait that was going on when the object was set, and has not ended yet, may go on too.
 *
 * Context: any thread, no signal handler; does not wait. Needs no broker. Rights: none.
 * Return:  rcOk, also if it was clear; rcNoCapability: no sync object of this process, or it was
 * closed.
 */
Retcode KnIpcClearInterrupt(Handle syncHandle);

#ifdef __cplusplus
}
#endif

#endif
