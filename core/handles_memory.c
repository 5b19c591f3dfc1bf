/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entities ask the broker about memory that they share.
 */
#include <services/ocap.h>

#include "core/error.h"
#include "core/handles_kinds.h"

/*
 * handles_make_memory() - a memory object that @holder makes
 * @is_writable: by @holder
 * @ret_fd:      the only descriptor that can be mapped to write, borrowed
 *
 * Return: 0; ERROR_BAD_MESSAGE: @size is 0; ERROR_QUOTA; negative errno.
 */
int handles_make_memory(struct handles *handles, struct holder *holder, uint64_t size,
                        bool is_writable, Handle *ret_handle, int *ret_fd)
{
    const struct capability capability = {.kind = CAPABILITY_RESOURCE};
    uint32_t rights = is_writable ? OCAP_MDL_FULL : OCAP_MDL_FULL & ~OCAP_MDL_WRITE;
    struct memory_object *memory;

    int r = memory_object_new(&handles->memory, holder, size, &memory);
    if (r == 0) {
        r = handles_name(holder, capability, &memory->resource, rights, ret_handle);
    }
    if (r == 0) {
        *ret_fd = memory->fd;
    }
    return r;
}

/*
 * find_memory() - the node of a handle of a memory object
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_REVOKED; ERROR_DENIED: it lacks @needed, or is the handle of
 * something else; -ENOMEM.
 */
static int find_memory(struct holder *holder, Handle handle, uint32_t needed,
                       struct capability *ret_capability, struct memory_object **ret_memory)
{
    int r = handles_find(holder, handle, ret_capability);

    if (r == 0) {
        r = derivation_check(ret_capability->node, needed, 0);
    }
    if (r != 0) {
        return r;
    }
    *ret_memory = memory_object_of(ret_capability->node->resource);
    return *ret_memory != NULL ? 0 : ERROR_DENIED;
}

/*
 * handles_open_memory() - what it takes to map a memory object to read
 * @ret_fd: borrowed
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_REVOKED; ERROR_DENIED: the handle lacks the right, or is that
 * of something else, or who made it has made that impossible; -ENOMEM.
 */
int handles_open_memory(struct holder *holder, Handle handle, uint64_t *ret_size, int *ret_fd)
{
    struct capability capability;
    struct memory_object *memory;

    int r = find_memory(holder, handle, OCAP_MDL_READ, &capability, &memory);
    if (r == 0) {
        r = memory_object_share(memory);
    }
    if (r == 0) {
        *ret_size = memory->size;
        *ret_fd = memory->fd;
    }
    return r;
}

/*
 * handles_map() - a handle for a mapping of a memory object, which keeps that alive
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_REVOKED; ERROR_DENIED: the handle lacks @needed, or is that of
 * something else; ERROR_QUOTA; -ENOMEM.
 */
int handles_map(struct holder *holder, Handle handle, uint32_t needed, Handle *ret_mapping)
{
    const struct handles_wish wish = {
        .from = holder, .handle = handle, .needed = needed, .badge = INVALID_HANDLE, .to = holder};
    struct capability capability;
    struct memory_object *memory;

    int r = find_memory(holder, handle, needed, &capability, &memory);
    return r != 0 ? r : handles_derive(&wish, ret_mapping);
}

/* handles_memory_size() - bytes that a memory object was made with. Return: as handles_map(). */
int handles_memory_size(struct holder *holder, Handle handle, uint64_t *ret_size)
{
    struct capability capability;
    struct memory_object *memory;

    int r = find_memory(holder, handle, 0, &capability, &memory);
    if (r == 0) {
        *ret_size = memory->size;
    }
    return r;
}
