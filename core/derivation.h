/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which handle was made from which: one tree for each resource, over all capability spaces.
 *
 * Rights only shrink on the way from the root. Revoking a handle takes away all that were made
 * from it; closing one leaves those to whatever it was made from itself. So a closed node stays
 * in its tree while it keeps branches apart, or while a badge can still take them back.
 */
#pragma once

#include <handle/handletype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/watchers.h"

struct derivation;
struct holder;
struct resource;

LIST_HEAD(derivations, derivation);

/* @dead: there is no handle for it any more: it may be freed */
struct resource_class {
    void (*dead)(struct resource *resource);
};

/*
 * What all handles of a tree have in common.
 * @sid:    its number; 0 as long as nobody asked
 * @n_live: handles that are neither closed nor revoked
 * @watchers: of the resource
 */
struct resource {
    const struct resource_class *class;
    uint32_t sid;
    size_t n_live;
    struct watchers watchers;
};

/*
 * Ties together the copies and transfers that were made with it.
 * @resource:    the badge as such; borrowed
 * @was_untied:  something that was tied to it is gone
 */
struct badge {
    struct resource *resource;
    struct derivations tied;
    bool was_untied;
};

enum derivation_state {
    DERIVATION_LIVE,
    DERIVATION_REVOKED, /* out of its tree, and a handle until that is closed */
    DERIVATION_CLOSED,  /* no handle any more */
};

/*
 * @parent:   NULL: it is a root, or out of its tree
 * @resource: NULL once it is revoked
 * @badge:    that it is tied to, or NULL
 * @holder:   in whose capability space @handle is
 * @watchers: of the handle, until it is closed or revoked
 */
struct derivation {
    struct derivation *parent;
    struct derivations children;
    LIST_ENTRY(derivation) in_parent;
    struct resource *resource;
    struct badge *badge;
    LIST_ENTRY(derivation) in_badge;
    uint32_t rights;
    enum derivation_state state;
    struct holder *holder;
    Handle handle;
    struct watchers watchers;
};

/* What is called for each node that is revoked, when it is out of its tree. */
typedef void derivation_revoked(struct derivation *node);

void badge_init(struct badge *badge, struct resource *resource);
void badge_deinit(struct badge *badge);
bool badge_is_closed(const struct badge *badge);

int derivation_new(struct resource *resource, uint32_t rights, struct holder *holder,
                   struct derivation **ret_node);
int derivation_check(const struct derivation *node, uint32_t needed, uint32_t rights);
int derivation_derive(struct derivation *from, uint32_t rights, struct badge *badge,
                      struct holder *holder, struct derivation **ret_node);
void derivation_close(struct derivation *node);
void derivation_revoke_children(struct derivation *node, derivation_revoked *revoked);
void derivation_revoke_tied(struct derivation *node, struct badge *badge,
                            derivation_revoked *revoked);
