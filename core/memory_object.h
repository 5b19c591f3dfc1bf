/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that processes share, as the broker has it: a memfd and who made it, who is charged with
 * it as long as it has a handle.
 *
 * The maker gets the descriptor first, maps it to write and puts pages behind it, so that they are
 * its own in the eyes of the kernel, and the broker never waits for them. Whoever asks for the
 * descriptor later can only read: nobody makes another writable mapping from then on, or a hole.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/derivation.h"

struct holder;

/* What one entity has, or all together. @bytes: whole pages */
struct memory_account {
    size_t n_objects;
    size_t bytes;
};

/*
 * @total: what all entities have; borrowed
 * @maker: borrowed
 * @size:  bytes that were asked for
 */
struct memory_object {
    struct resource resource;
    struct memory_account *total;
    struct holder *maker;
    int fd;
    size_t size;
};

int memory_object_new(struct memory_account *total, struct holder *maker, uint64_t size,
                      struct memory_object **ret_object);
struct memory_object *memory_object_of(struct resource *resource);
int memory_object_share(const struct memory_object *object);
uint32_t memory_object_rights(struct resource *resource, const struct holder *to, uint32_t rights);
