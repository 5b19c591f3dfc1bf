/* SPDX-License-Identifier: Apache-2.0 */
/**
 * coresrv/nk/transport-kos.h - the transport over IPC handles
 *
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef CORESRV_NK_TRANSPORT_KOS_H_
#define CORESRV_NK_TRANSPORT_KOS_H_

#include <coresrv/time/timeout.h>
#include <handle/handletype.h>
#include <nk/transport.h>
#include <rtl/assert.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct NkKosTransport - a transport over one handle
 * @base:   what nk_transport_call() and its kin take
 * @handle: the client end or listener that messages go through; borrowed
 *
 * Plain data: may be copied, zeroed and kept in static memory.
 */
typedef struct NkKosTransport {
    struct nk_transport base;
    Handle handle;
} NkKosTransport;

/**
 * NkKosTransport_Init() - make @transport send and receive through @handle
 * @transport: filled in
 * @handle:    a client end or a listener; borrowed, and not looked at before the first message
 * @buffer:    unused, pass NK_NULL
 * @size:      unused, pass 0
 *
 * Context: any thread; does not block.
 * Return:  NK_EOK, always.
 */
nk_err_t NkKosTransport_Init(NkKosTransport *transport, Handle handle, void *buffer,
                             nk_size_t size);

/**
 * struct NkKosTransportSync - a transport whose waits end
 * @base:       what nk_transport_call() and its kin take
 * @handle:     the client end or listener that messages go through; borrowed
 * @timeout:    of each call and each wait for a request: milliseconds, or INFINITE_TIMEOUT; 0 polls
 * @syncHandle: of a sync object, see <coresrv/ipc/ipc_api.h>, or INVALID_HANDLE; borrowed
 *
 * Plain data, like an NkKosTransport, and good wherever the base of one is. The published material
 * does not show the members but the first; the others may be changed between two uses.
 */
typedef struct NkKosTransportSync {
    struct nk_transport base;
    Handle handle;
    rtl_uint32_t timeout;
    Handle syncHandle;
} NkKosTransportSync;

/**
 * NkKosTransportSync_Init() - make @transport send and receive through @handle, as CallEx() and
 * RecvEx() do
 * @transport:  filled in
 * @handle:     a client end or a listener; borrowed, and not looked at before the first message
 * @timeout:    see above
 * @syncHandle: see above; not looked at before the first message
 *
 * Calls and waits end as those of <coresrv/syscalls.h>: with NK_EAGAIN when their time is over or
 * @syncHandle was set, with NK_EINVAL if it is bad or stale. The published material does not show
 * the parameters.
 *
 * Context: any thread; does not block.
 * Return:  NK_EOK, always.
 */
nk_err_t NkKosTransportSync_Init(NkKosTransportSync *transport, Handle handle, rtl_uint32_t timeout,
                                 Handle syncHandle);

/**
 * NkKosCopyStringToArena() - put a string, with its terminating NUL, into a chunk of an arena
 * @arena:  where to allocate
 * @chunk:  set to the chunk, strlen(@string) + 1 bytes
 * @string: borrowed
 *
 * Return: NK_EOK; NK_ENOMEM: no room in @arena; NK_EINVAL: @string or @chunk is NULL.
 */
nk_err_t NkKosCopyStringToArena(struct nk_arena *arena, nk_ptr_t *chunk, const char *string);

#ifdef __cplusplus
}
#endif

#endif
