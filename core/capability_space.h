/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capability space of one entity, kept by the broker: which handle names what.
 *
 * A handle is an index and a generation. The generation changes whenever the index is used again,
 * and an index whose generations are used up is never used again, so a stale or guessed number
 * never names another object.
 */
#pragma once

#include <handle/handletype.h>
#include <stddef.h>
#include <stdint.h>

struct derivation;

/* What a handle names. @kind: one of core/route.h, from 1; @object: borrowed; @node: where in which
 * tree, NULL as long as nothing was asked that it takes one for */
struct capability {
    uint32_t kind;
    void *object;
    struct derivation *node;
};

struct capability_slot;

struct capability_space {
    struct capability_slot *slots;
    size_t n_slots;
    size_t first_free; /* index of a free slot, or n_slots */
};

void capability_space_init(struct capability_space *space);
void capability_space_deinit(struct capability_space *space);
int capability_space_add(struct capability_space *space, struct capability capability,
                         Handle *ret_handle);
const struct capability *capability_space_find(const struct capability_space *space, Handle handle);
void capability_space_attach(struct capability_space *space, Handle handle,
                             struct derivation *node);
void capability_space_turn(struct capability_space *space, Handle handle, uint32_t kind,
                           void *object);
void capability_space_remove(struct capability_space *space, Handle handle);
Handle capability_space_at(const struct capability_space *space, size_t index);
