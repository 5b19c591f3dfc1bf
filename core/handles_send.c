/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles that are sent in messages.
 */
#include <services/ocap.h>

#include "core/container.h"
#include "core/error.h"
#include "core/handles_kinds.h"

/* context_of() - what the provider of @user wants to see when the handle of @node comes back: that
 * of the nearest badge of its own that the handle was given away with, or else the resource's */
static uint64_t context_of(const struct user_resource *user, const struct derivation *node)
{
    for (; node != NULL; node = node->parent) {
        if (node->badge != NULL) {
            const struct badge_resource *badge =
                CONTAINER_OF(node->badge, struct badge_resource, badge);
            if (badge->owner == user->provider) {
                return badge->context;
            }
        }
    }
    return user->described.context;
}

/* origin_of() - the handle of @provider that @node was made from; INVALID_HANDLE: it is closed */
static Handle origin_of(const struct holder *provider, const struct derivation *node)
{
    while (node != NULL && (node->holder != provider || node->state != DERIVATION_LIVE)) {
        node = node->parent;
    }
    return node != NULL ? node->handle : INVALID_HANDLE;
}

/* send_back() - a handle to the provider of its resource: it gets no new one. Return: as
 * handles_send(). */
static int send_back(const struct handles_wish *wish, const struct user_resource *user,
                     const struct derivation *node, struct parcels *parcels,
                     struct parcel_content *content, Handle *ret_handle)
{
    uint32_t rights = wish->keeps_rights ? node->rights : wish->rights;

    int r = derivation_check(node, wish->needed, rights);
    if (r != 0) {
        return r;
    }
    content->label.rights = rights;
    content->label.flags = CONTROL_RETURNED;
    content->label.own = origin_of(user->provider, node);
    content->label.context = context_of(user, node);
    return parcel_new(parcels, content, ret_handle);
}

/* flags_of() - what the receiver has to know of a handle with @rights that is made from @from */
static uint32_t flags_of(const struct capability *from, uint32_t rights)
{
    uint32_t channel = (rights & OCAP_IPC_CALL) != 0 ? CONTROL_CHANNEL : 0;
    uint32_t listener =
        from->kind == CAPABILITY_LISTENER && (rights & OCAP_IPC_RECV) != 0 ? CONTROL_LISTENER : 0;

    return channel | listener;
}

/*
 * handles_send() - make a handle for the other end of a channel, where a message is to take it
 * @wish: wish->to is @peer's
 * @ret_handle: what the message has to call it
 *
 * Return: as handles_derive().
 */
int handles_send(const struct handles_wish *wish, const struct route_peer *peer, Handle *ret_handle)
{
    struct parcel_content content = {.sender = peer->is_server ? wish->from : NULL,
                                     .to = wish->to,
                                     .label = {.source = peer->handle, .own = INVALID_HANDLE}};
    struct capability from;

    int r = handles_find(wish->from, wish->handle, &from);
    if (r != 0) {
        return r;
    }
    const struct user_resource *user =
        from.node->state == DERIVATION_LIVE ? user_resource_of(from.node->resource) : NULL;
    if (user != NULL && user->provider == wish->to) {
        return send_back(wish, user, from.node, peer->parcels, &content, ret_handle);
    }
    r = handles_prepare(wish, &from, &content.node);
    if (r != 0) {
        return r;
    }
    content.label.rights = content.node->rights;
    content.label.flags = flags_of(&from, content.node->rights);
    r = parcel_new(peer->parcels, &content, ret_handle);
    if (r != 0) {
        derivation_close(content.node);
    }
    return r;
}
