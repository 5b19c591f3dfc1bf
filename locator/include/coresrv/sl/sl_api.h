/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/sl/sl_api.h - the service locator: static channels by name
 *
 * A static channel is declared in init.yaml, in the client's `connections`. The broker makes it
 * when the client asks for it, and gives every process no more than what is declared for it. Source
 * of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_SL_SL_API_H_
#define CORESRV_SL_SL_API_H_

#include <coresrv/handle/handle_api.h>
#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Filled in by ServiceLocatorRegister(); of no use to programs. CE 1.1 called its type nk_iid_t.
 */
typedef nk_iid_t ServiceId;

/**
 * ServiceLocatorConnect() - get the client end of a static channel
 * @channel: the channel's id in init.yaml; 1 to 1,023 bytes; borrowed
 *
 * Does not wait for the server: a call through the handle does. Asked again for a channel that is
 * still open, it returns the same handle.
 *
 * Context: any thread; waits for the broker only.
 * Rights:  init.yaml must declare a connection of this id for the calling entity.
 * Return:  a client handle, owned by the caller, to be given back with KnHandleClose().
 * INVALID_HANDLE: no such channel for this entity, the channel has ended, or the process has no
 * broker.
 */
Handle ServiceLocatorConnect(const char *channel);

/**
 * ServiceLocatorRegister() - start serving a static channel
 * @channel:        the channel's id in init.yaml; 1 to 1,023 bytes; borrowed
 * @endpoints:      unused, pass NULL
 * @endpoints_size: unused, pass 0
 * @id:             set to a number of no use, or NULL
 *
 * One listener serves every client that has a connection of this id to the calling entity. Asked
 * again for an id whose listener is still open, it returns the same handle.
 *
 * Context: any thread; waits for the broker only.
 * Rights:  some connection of this id in init.yaml must name the calling entity as its target.
 * Return:  a listener handle, owned by the caller, to be given back with KnHandleClose().
 * INVALID_HANDLE: no such channel leads to this entity, its listener was closed, or the process has
 * no broker.
 */
Handle ServiceLocatorRegister(const char *channel, const void *endpoints, unsigned endpoints_size,
                              ServiceId *id);

/**
 * ServiceLocatorGetRiid() - look up an endpoint of the server behind a channel
 * @channel:  a client handle; borrowed
 * @endpoint: qualified name of the endpoint: "instance.endpoint", "pkg.ComponentClass.endpoint", or
 * just "endpoint" where the EDL declares it itself; borrowed
 *
 * Context: any thread; the server need not have registered, but its program must have been loaded:
 * waits for that. Return:  the RIID; INVALID_RIID: @channel is no client handle of this process or
 * is stale, the server has no such endpoint, or it ended before it was loaded.
 */
nk_iid_t ServiceLocatorGetRiid(Handle channel, const char *endpoint);

#ifdef __cplusplus
}
#endif

#endif
