/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/nk/transport-kos-dispatch.h - a ready-made server loop
 *
 * Source of the semantics: KasperskyOS CE 1.2 to 1.4.
 */
#ifndef CORESRV_NK_TRANSPORT_KOS_DISPATCH_H_
#define CORESRV_NK_TRANSPORT_KOS_DISPATCH_H_

#include <coresrv/nk/transport-kos.h>

#ifdef __cplusplus
extern "C" {
#endif

struct capchan_component;

/**
 * struct NkKosDispatchInfo - what NkKosDoDispatch() serves
 * @component_: tables of the entity's class
 * @object_:    the entity object, after E_entity_init(); borrowed
 */
typedef struct NkKosDispatchInfo {
    const struct capchan_component *component_;
    void *object_;
} NkKosDispatchInfo;

/**
 * NK_ENTITY_DISPATCH_INFO_INITIALIZER() - initialiser of an NkKosDispatchInfo
 * @prefix: the C prefix of the class: echo_Server for `entity echo.Server`
 * @entity: the entity object itself, not a pointer to it
 */
#define NK_ENTITY_DISPATCH_INFO_INITIALIZER(prefix, entity)                                        \
    {                                                                                              \
        &prefix##_component_stub_, (void *)&(entity)                                               \
    }

/**
 * NkKosDoDispatch() - receive, dispatch and reply until the handle can no longer be used
 * @handle: a listener; borrowed
 * @info:   borrowed until the function returns
 *
 * Clients may come and go meanwhile, also all of them.
 *
 * Buffers and arenas are the function's own, as large as the class's constants ask for.
 *
 * Context: any thread, several at once for one handle; blocks.
 * Return:  never NK_EOK; NK_EINVAL, NK_ENOTCONN, NK_ENOMEM as from nk_transport_recv().
 */
nk_err_t NkKosDoDispatch(Handle handle, NkKosDispatchInfo *info);

/**
 * NkKosDoDispatchSync() - the same, until a sync object is set or no request comes for some time
 * @handle:     a listener; borrowed
 * @info:       borrowed until the function returns
 * @timeout:    of each wait for a request: milliseconds, or INFINITE_TIMEOUT; 0: serve only what is
 *              there already
 * @syncHandle: of a sync object, see <coresrv/ipc/ipc_api.h>, or INVALID_HANDLE; borrowed
 *
 * Every request that was received is answered. Ours: the published material names no such function.
 *
 * Context: any thread, several at once for one handle; blocks.
 * Return:  never NK_EOK; NK_EAGAIN: @syncHandle was set, or the time is over; NK_EINVAL,
 * NK_ENOTCONN, NK_ENOMEM as from nk_transport_recv().
 */
nk_err_t NkKosDoDispatchSync(Handle handle, NkKosDispatchInfo *info, rtl_uint32_t timeout,
                             Handle syncHandle);

#ifdef __cplusplus
}
#endif

#endif
