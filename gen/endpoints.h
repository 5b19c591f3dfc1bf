/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a component or entity class, flattened: every endpoint and every instance with its
 * RIID.
 */
#pragma once

#include <stdint.h>

#include "idl/model.h"

struct scratch;

/* A step from an object to what a member of it points to. */
struct endpoint_hop {
    const struct idl_file *owner; /* the class that has the member */
    const struct idl_member *member;
    const struct endpoint_hop *previous; /* NULL at the top */
};

/* An endpoint, or an instance with the RIID of the first endpoint in it. */
struct endpoint {
    const char *path; /* "cserver.ping" */
    uint32_t iid;
    struct endpoint_hop hop; /* the last one */
    struct endpoint *next;
};

struct endpoint_tree {
    struct endpoint *endpoints; /* by rising RIID */
    struct endpoint *instances;
    uint32_t n_endpoints;
};

/* Without memory the tree is incomplete and the scratch says so. */
struct endpoint_tree endpoint_tree(struct scratch *scratch, const struct idl_file *file);

/* The path with its dots as underscores: "cserver_ping". */
const char *endpoint_c_name(struct scratch *scratch, const struct endpoint *endpoint);

/* A member of a class itself. */
struct endpoint_slot {
    const struct idl_member *member; /* NULL behind the last one */
};

/* The members block by block as in the source: of the object, and of what initialises it. */
const struct endpoint_slot *endpoint_slots(struct scratch *scratch,
                                           const struct idl_component *component);
