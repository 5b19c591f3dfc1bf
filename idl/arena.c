/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
#define ALIGNMENT ((size_t)16)

struct idl_arena_block {
    struct idl_arena_block *next;
    size_t used;
    size_t size;
    _Alignas(16) char bytes[];
};

/* block_new() - put a block of at least @size bytes in front of @arena's others; NULL without
 * memory */
static struct idl_arena_block *block_new(struct idl_arena *arena, size_t size)
{
    size = size < BLOCK_BYTES ? BLOCK_BYTES : size;
    struct idl_arena_block *block = calloc(1, sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

/**
 * idl_arena_alloc() - hand out zeroed memory, aligned for any type
 * @arena: where from
 * @size:  bytes; 0 is fine
 *
 * Return: memory that lives as long as the arena; NULL without memory.
 */
void *idl_arena_alloc(struct idl_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct idl_arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size) {
        block = block_new(arena, size);
    }
    if (block == NULL) {
        return NULL;
    }
    char *bytes = block->bytes + block->used;
    block->used += size;
    return bytes;
}

/* idl_arena_copy() - @size bytes of @text with a NUL behind them; NULL without memory */
char *idl_arena_copy(struct idl_arena *arena, const char *text, size_t size)
{
    char *copy = idl_arena_alloc(arena, size + 1);
    if (copy != NULL && size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}

/* idl_arena_vprintf() - format into the arena; NULL without memory */
char *idl_arena_vprintf(struct idl_arena *arena, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        return NULL;
    }
    char *text = idl_arena_alloc(arena, (size_t)length + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, arguments);
    }
    return text;
}

/* idl_arena_printf() - format into the arena; NULL without memory */
char *idl_arena_printf(struct idl_arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = idl_arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

/* idl_arena_deinit() - give all memory back; the arena is empty and usable afterwards */
void idl_arena_deinit(struct idl_arena *arena)
{
    while (arena->blocks != NULL) {
        struct idl_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
