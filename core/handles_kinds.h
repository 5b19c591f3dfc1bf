/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What core/handles.c and its neighbours know of each other.
 */
#pragma once

#include "core/handles.h"

/* A resource of an entity. @provider: borrowed */
struct user_resource {
    struct resource resource;
    struct holder *provider;
    struct handles_resource described;
};

/* @owner: whose badge it is, and whose @context */
struct badge_resource {
    struct resource resource;
    struct badge badge;
    const struct holder *owner;
    uint64_t context;
};

int handles_name(struct holder *holder, struct capability capability, struct resource *resource,
                 uint32_t rights, Handle *ret_handle);
int handles_find(struct holder *holder, Handle handle, struct capability *ret_capability);
int handles_prepare(const struct handles_wish *wish, struct capability *ret_from,
                    struct derivation **ret_node);
const struct user_resource *user_resource_of(const struct resource *resource);
