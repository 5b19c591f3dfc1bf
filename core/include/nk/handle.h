/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/handle.h - handles as parameters of methods
 *
 * Source of the names: KasperskyOS CE 1.1 to 1.4. No handle that exists today has the right to be
 * transferred: a message with any but INVALID_HANDLE is refused with NK_EPERM.
 */
#ifndef NK_HANDLE_H_
#define NK_HANDLE_H_

#include <handle/handletype.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * nk_handle_desc() - put a handle into a message: `req.handle = nk_handle_desc(handle);`
 * @handle: of this process, or INVALID_HANDLE for none; borrowed, sending does not close it
 *
 * Return: the descriptor; it names no rights, which stands for all that the handle has.
 */
static inline nk_handle_desc_t nk_handle_desc(Handle handle)
{
    nk_handle_desc_t desc = {handle, 0, 0};

    return desc;
}

/**
 * nk_get_handle() - the handle in a message that was received
 * @desc: of a request or response; borrowed
 *
 * Return: the handle; INVALID_HANDLE if none was sent.
 */
static inline Handle nk_get_handle(const nk_handle_desc_t *desc)
{
    return desc->handle;
}

#ifdef __cplusplus
}
#endif

#endif
