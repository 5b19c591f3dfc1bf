/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much room values take: in C structures and in arenas.
 */
#pragma once

#include <stdint.h>

#include "idl/model.h"

struct scratch;

/* sizeof and alignment of a C type, on every platform that we build for. */
struct size_layout {
    uint64_t size;
    uint64_t align;
};

/* What messages can take at most: bytes of arena, and handles. */
struct size_limits {
    uint64_t req_arena;
    uint64_t res_arena; /* of the response or the error response, whichever is larger */
    uint64_t req_handles;
    uint64_t res_handles;
    uint64_t err_handles;
};

struct size_layout size_layout(const struct idl_type *type);
uint64_t size_arena(const struct idl_type *type);

struct size_limits size_method_limits(const struct idl_method *method);
struct size_limits size_interface_limits(const struct idl_interface *interface);
struct size_limits size_component_limits(struct scratch *scratch,
                                         const struct idl_component *component);

static inline uint64_t size_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}
