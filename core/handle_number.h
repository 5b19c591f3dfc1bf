/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a handle is made of: its lower half is an index into the capability space of its process,
 * the upper one the generation, which tells it from those that had the index before.
 */
#pragma once

#include <handle/handletype.h>
#include <stddef.h>
#include <stdint.h>

#define HANDLE_INDEX_BITS 16
#define HANDLE_INDEXES ((size_t)1 << HANDLE_INDEX_BITS)

static inline size_t handle_index(Handle handle)
{
    return handle % HANDLE_INDEXES;
}

static inline uint32_t handle_generation(Handle handle)
{
    return handle >> HANDLE_INDEX_BITS;
}

static inline Handle handle_number(uint32_t generation, size_t index)
{
    return generation << HANDLE_INDEX_BITS | (Handle)index;
}
