/* SPDX-License-Identifier: Apache-2.0 */
#include <nk/arena.h>

#include <stdint.h>

#include "core/copy.h"

/* arena_used() - bytes of @arena in use; 0 for an arena without a buffer or with nonsense in it */
static size_t arena_used(const struct nk_arena *arena)
{
    if (arena == NULL || arena->start == NULL ||
        (uintptr_t)arena->current < (uintptr_t)arena->start) {
        return 0;
    }
    return (uintptr_t)arena->current - (uintptr_t)arena->start;
}

/* arena_reserve() - nk_arena_alloc_(), but what is in the chunk is left to the caller */
static char *arena_reserve(struct nk_arena *arena, nk_ptr_t *chunk, size_t element_size,
                           size_t element_align, size_t count)
{
    size_t size;

    *chunk = (nk_ptr_t){0, 0};
    if (arena == NULL || arena->start == NULL ||
        __builtin_mul_overflow(element_size, count, &size)) {
        return NULL;
    }
    size_t used = arena_used(arena);
    size_t offset = (used + element_align - 1) & ~(element_align - 1);
    uintptr_t start = (uintptr_t)arena->start;
    if ((uintptr_t)arena->end < start || offset > (uintptr_t)arena->end - start ||
        size > (uintptr_t)arena->end - start - offset || offset > UINT32_MAX ||
        size > UINT32_MAX - offset) {
        return NULL;
    }
    char *bytes = (char *)arena->start + offset;
    memset(bytes - (offset - used), 0, offset - used);
    arena->current = bytes + size;
    chunk->offset = (nk_uint32_t)offset;
    chunk->size = (nk_uint32_t)size;
    return bytes;
}

void *nk_arena_alloc_(struct nk_arena *arena, nk_ptr_t *chunk, size_t element_size,
                      size_t element_align, size_t count)
{
    char *bytes = arena_reserve(arena, chunk, element_size, element_align, count);

    if (bytes != NULL) {
        memset(bytes, 0, chunk->size);
    }
    return bytes;
}

void *nk_arena_get_(const struct nk_arena *arena, const nk_ptr_t *chunk, size_t element_size,
                    size_t *count)
{
    size_t used = arena_used(arena);

    *count = 0;
    if (chunk == NULL || chunk->size == 0 || chunk->offset > used ||
        chunk->size > used - chunk->offset) {
        return NULL;
    }
    *count = chunk->size / element_size;
    return (char *)arena->start + chunk->offset;
}

nk_err_t nk_arena_store_(struct nk_arena *arena, nk_ptr_t *chunk, size_t element_size,
                         size_t element_align, const void *source, size_t count)
{
    char *bytes = arena_reserve(arena, chunk, element_size, element_align, count);
    if (bytes == NULL) {
        return NK_ENOMEM;
    }
    if (count > 0) {
        copy_bytes(bytes, source, element_size * count);
    }
    return NK_EOK;
}
