/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/endpoints.h"

#include <stdbool.h>

#include "gen/names.h"
#include "gen/scratch.h"

struct walk {
    struct scratch *scratch;
    struct endpoint_tree tree;
    struct endpoint **endpoints_tail;
    struct endpoint **instances_tail;
};

/* new_endpoint() - an endpoint or instance below @parent, which is NULL at the top; NULL without
 * memory */
static struct endpoint *new_endpoint(struct walk *walk, const struct endpoint *parent,
                                     const struct idl_file *owner, const struct idl_member *member)
{
    struct endpoint *endpoint = scratch_alloc(walk->scratch, sizeof(*endpoint));

    if (endpoint == NULL) {
        return NULL;
    }
    endpoint->path = parent == NULL
                         ? member->name
                         : scratch_format(walk->scratch, "%s.%s", parent->path, member->name);
    endpoint->iid = walk->tree.n_endpoints;
    endpoint->hop = (struct endpoint_hop){
        .owner = owner,
        .member = member,
        .previous = parent == NULL ? NULL : &parent->hop,
    };
    return endpoint;
}

/* walk_class() - endpoints of the class itself, then those of each instance; as deep as components
 * nest */
static void walk_class(struct walk *walk, const struct endpoint *parent,
                       const struct idl_file *file)
{
    for (const struct idl_member *member = file->component->endpoints; member != NULL;
         member = member->next) {
        struct endpoint *endpoint = new_endpoint(walk, parent, file, member);
        if (endpoint == NULL) {
            return;
        }
        *walk->endpoints_tail = endpoint;
        walk->endpoints_tail = &endpoint->next;
        walk->tree.n_endpoints++;
    }
    for (const struct idl_member *member = file->component->components; member != NULL;
         member = member->next) {
        struct endpoint *instance = new_endpoint(walk, parent, file, member);
        if (instance == NULL) {
            return;
        }
        *walk->instances_tail = instance;
        walk->instances_tail = &instance->next;
        walk_class(walk, instance, member->file);
    }
}

/**
 * endpoint_tree() - all endpoints and instances of a class
 * @scratch: for the tree
 * @file:    a CDL or EDL file
 *
 * Return: the tree, which lives as long as @scratch.
 */
struct endpoint_tree endpoint_tree(struct scratch *scratch, const struct idl_file *file)
{
    struct walk walk = {.scratch = scratch};

    walk.endpoints_tail = &walk.tree.endpoints;
    walk.instances_tail = &walk.tree.instances;
    walk_class(&walk, NULL, file);
    return walk.tree;
}

const char *endpoint_c_name(struct scratch *scratch, const struct endpoint *endpoint)
{
    return name_underscored(scratch, endpoint->path);
}

/* components_first() - whether the block of components stands above that of endpoints */
static bool components_first(const struct idl_component *component)
{
    const struct idl_member *endpoint = component->endpoints;
    const struct idl_member *instance = component->components;

    if (endpoint == NULL || instance == NULL) {
        return endpoint == NULL;
    }
    return instance->position.line < endpoint->position.line ||
           (instance->position.line == endpoint->position.line &&
            instance->position.column < endpoint->position.column);
}

/* count_members() - the length of a list */
static size_t count_members(const struct idl_member *member)
{
    size_t n = 0;

    for (; member != NULL; member = member->next) {
        n++;
    }
    return n;
}

const struct endpoint_slot *endpoint_slots(struct scratch *scratch,
                                           const struct idl_component *component)
{
    static const struct endpoint_slot none = {NULL};
    bool is_swapped = components_first(component);
    const struct idl_member *blocks[] = {
        is_swapped ? component->components : component->endpoints,
        is_swapped ? component->endpoints : component->components,
    };
    size_t n = count_members(blocks[0]) + count_members(blocks[1]);
    struct endpoint_slot *slots = scratch_alloc(scratch, (n + 1) * sizeof(slots[0]));
    struct endpoint_slot *end = slots;

    if (slots == NULL) {
        return &none;
    }
    for (size_t i = 0; i < 2; i++) {
        for (const struct idl_member *member = blocks[i]; member != NULL; member = member->next) {
            end++->member = member;
        }
    }
    return slots;
}
