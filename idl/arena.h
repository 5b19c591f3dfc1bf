/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of one run: handed out piece by piece, zeroed, and given back as a whole.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct idl_arena_block;

struct idl_arena {
    struct idl_arena_block *blocks; /* the one in use first */
};

#define IDL_ARENA_NULL ((struct idl_arena){.blocks = NULL})

void *idl_arena_alloc(struct idl_arena *arena, size_t size);
char *idl_arena_copy(struct idl_arena *arena, const char *text, size_t size);
char *idl_arena_vprintf(struct idl_arena *arena, const char *format, va_list arguments);
char *idl_arena_printf(struct idl_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void idl_arena_deinit(struct idl_arena *arena);
