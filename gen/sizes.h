/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much room values take: in C structures and in arenas.
 */
#pragma once

#include <stdint.h>

#include "idl/model.h"

/* sizeof and alignment of a C type, on every platform that we build for. */
struct size_layout {
    uint64_t size;
    uint64_t align;
};

/* Bytes of arena that a message can take at most. */
struct size_arenas {
    uint64_t req;
    uint64_t res; /* of the response or the error response, whichever is larger */
};

struct size_layout size_layout(const struct idl_type *type);
uint64_t size_arena(const struct idl_type *type);

struct size_arenas size_method_arenas(const struct idl_method *method);
struct size_arenas size_interface_arenas(const struct idl_interface *interface);
struct size_arenas size_component_arenas(const struct idl_component *component);

static inline uint64_t size_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}
