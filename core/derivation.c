/* SPDX-License-Identifier: Apache-2.0 */
#include "core/derivation.h"

#include <assert.h>
#include <errno.h>
#include <handle/event_descr.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/holder.h"
#include "core/limits.h"

/* badge_init() - nothing is tied to it yet; @resource is borrowed */
void badge_init(struct badge *badge, struct resource *resource)
{
    *badge = (struct badge){.resource = resource};
    LIST_INIT(&badge->tied);
}

/* badge_is_closed() - whether all that was tied to it, and all that was made from that, is gone */
bool badge_is_closed(const struct badge *badge)
{
    return badge->was_untied && LIST_EMPTY(&badge->tied);
}

static bool is_leaf(const struct derivation *node)
{
    return LIST_EMPTY(&node->children);
}

static bool has_one_child(const struct derivation *node)
{
    const struct derivation *first = LIST_FIRST(&node->children);

    return first != NULL && LIST_NEXT(first, in_parent) == NULL;
}

/* adopt() - hang @node below @parent, which may be NULL */
static void adopt(struct derivation *node, struct derivation *parent)
{
    node->parent = parent;
    if (parent != NULL) {
        LIST_INSERT_HEAD(&parent->children, node, in_parent);
    }
}

/* unhang() - from its parent. Return: that, or NULL. */
static struct derivation *unhang(struct derivation *node)
{
    struct derivation *parent = node->parent;

    if (parent != NULL) {
        LIST_REMOVE(node, in_parent);
        node->parent = NULL;
    }
    return parent;
}

/* untie() - from its badge, if it has one. That it is gone is news only if it ever had a handle. */
static void untie(struct derivation *node)
{
    struct badge *badge = node->badge;

    if (badge == NULL) {
        return;
    }
    LIST_REMOVE(node, in_badge);
    node->badge = NULL;
    if (node->state == DERIVATION_CLOSED) {
        node->holder->n_closed_tied--;
    }
    if (node->handle != 0) {
        badge->was_untied = true;
        if (badge_is_closed(badge)) {
            watchers_tell(&badge->resource->watchers, EVENT_BADGE_CLOSED);
        }
    }
}

/*
 * prune() - free @node and its ancestors, as far as nobody can tell that they are gone
 *
 * Those that stay have two branches each, or a badge. Of the former there are fewer than handles;
 * the latter are counted at who closed them.
 */
static void prune(struct derivation *node)
{
    while (node != NULL && node->state == DERIVATION_CLOSED) {
        struct derivation *child = LIST_FIRST(&node->children);
        if (!is_leaf(node) && (node->badge != NULL || !has_one_child(node))) {
            return;
        }
        struct derivation *parent = unhang(node);
        if (child != NULL) {
            (void)unhang(child);
            adopt(child, parent);
        }
        untie(node);
        free(node);
        node = parent;
    }
}

/* badge_deinit() - nobody can take back any more what is tied to it */
void badge_deinit(struct badge *badge)
{
    struct derivation *node;

    while ((node = LIST_FIRST(&badge->tied)) != NULL) {
        untie(node);
        prune(node);
    }
}

/*
 * derivation_new() - the root of a tree, that of @resource
 * @resource, @holder: borrowed; its handle is to be filled in
 *
 * Return: 0; -ENOMEM.
 */
int derivation_new(struct resource *resource, uint32_t rights, struct holder *holder,
                   struct derivation **ret_node)
{
    struct derivation *node = calloc(1, sizeof(*node));

    if (node == NULL) {
        return -ENOMEM;
    }
    node->resource = resource;
    node->rights = rights;
    node->holder = holder;
    LIST_INIT(&node->children);
    resource->n_live++;
    *ret_node = node;
    return 0;
}

/* is_deep() - whether nothing more may be made from @node, since it was made from too many others
 */
static bool is_deep(const struct derivation *node)
{
    int depth = 1;

    while ((node = node->parent) != NULL) {
        depth++;
    }
    return depth >= HANDLE_DEPTH_MAX;
}

/*
 * derivation_check() - whether a handle with @rights may be made from @node, for which it takes
 * the right @needed
 *
 * Return: 0; ERROR_REVOKED; ERROR_DENIED: it lacks some of these rights.
 */
int derivation_check(const struct derivation *node, uint32_t needed, uint32_t rights)
{
    if (node->state != DERIVATION_LIVE) {
        return ERROR_REVOKED;
    }
    return (node->rights & needed) == needed && (rights & ~node->rights) == 0 ? 0 : ERROR_DENIED;
}

/*
 * derivation_derive() - a handle that is made from that of @from, which derivation_check() allows
 * @badge:  to tie it to, or NULL; borrowed until badge_deinit()
 * @holder: who will have it; borrowed
 *
 * Return: 0; ERROR_QUOTA: it would be too far from the root, or @holder has closed too many that
 * were tied to badges and this would be another one; -ENOMEM.
 */
int derivation_derive(struct derivation *from, uint32_t rights, struct badge *badge,
                      struct holder *holder, struct derivation **ret_node)
{
    struct derivation *node;

    if (is_deep(from) || (badge != NULL && holder->n_closed_tied >= HANDLES_CLOSED_TIED_MAX)) {
        return ERROR_QUOTA;
    }
    int r = derivation_new(from->resource, rights, holder, &node);
    if (r != 0) {
        return r;
    }
    adopt(node, from);
    if (badge != NULL) {
        node->badge = badge;
        LIST_INSERT_HEAD(&badge->tied, node, in_badge);
    }
    *ret_node = node;
    return 0;
}

/* lose() - one handle less for a resource */
static void lose(struct resource *resource)
{
    if (--resource->n_live == 0) {
        watchers_tell_last(&resource->watchers, EVENT_OBJECT_DESTROYED);
        resource->class->dead(resource);
    }
}

/* derivation_close() - the handle of @node is gone; what was made from it stays. @node is consumed.
 */
void derivation_close(struct derivation *node)
{
    struct resource *resource = node->resource;
    bool was_live = node->state == DERIVATION_LIVE;

    assert(LIST_EMPTY(&node->watchers));
    node->state = DERIVATION_CLOSED;
    node->holder->n_closed_tied += node->badge != NULL;
    prune(node);
    if (was_live) {
        lose(resource);
    }
}

/* revoke_leaf() - a node without children */
static void revoke_leaf(struct derivation *node, derivation_revoked *revoked)
{
    struct resource *resource = node->resource;
    bool was_live = node->state == DERIVATION_LIVE;

    untie(node);
    (void)unhang(node);
    if (!was_live) {
        free(node);
        return;
    }
    node->state = DERIVATION_REVOKED;
    node->resource = NULL;
    watchers_lose_handle(&node->watchers, EVENT_HANDLE_REVOKED);
    revoked(node);
    lose(resource);
}

/*
 * derivation_revoke_children() - take away whatever was made from @node, but not its own handle
 *
 * The tree is taken down from its leaves, without recursion: its depth is somebody else's choice.
 */
void derivation_revoke_children(struct derivation *node, derivation_revoked *revoked)
{
    struct derivation *at = node;

    while (!is_leaf(node)) {
        while (!is_leaf(at)) {
            at = LIST_FIRST(&at->children);
        }
        struct derivation *parent = at->parent;
        revoke_leaf(at, revoked);
        at = parent;
    }
}

/* is_below() - whether @node was made from @ancestor, or from something that was */
static bool is_below(const struct derivation *node, const struct derivation *ancestor)
{
    while (node != NULL && node != ancestor) {
        node = node->parent;
    }
    return node == ancestor;
}

/*
 * derivation_revoke_tied() - take away what was made from @node with @badge, and all that was made
 * from that
 *
 * Revoking one may revoke others that are tied, hence they wait in a list that these leave, too.
 */
void derivation_revoke_tied(struct derivation *node, struct badge *badge,
                            derivation_revoked *revoked)
{
    struct derivations doomed = LIST_HEAD_INITIALIZER(doomed);
    struct derivation *next;

    for (struct derivation *tied = LIST_FIRST(&badge->tied); tied != NULL; tied = next) {
        next = LIST_NEXT(tied, in_badge);
        if (tied != node && is_below(tied, node)) {
            LIST_REMOVE(tied, in_badge);
            LIST_INSERT_HEAD(&doomed, tied, in_badge);
        }
    }
    while (!LIST_EMPTY(&doomed)) {
        struct derivation *tied = LIST_FIRST(&doomed);
        struct derivation *parent = tied->parent;
        derivation_revoke_children(tied, revoked);
        revoke_leaf(tied, revoked);
        prune(parent);
    }
}
