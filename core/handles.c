/* SPDX-License-Identifier: Apache-2.0 */
#include "core/handles_kinds.h"

#include <errno.h>
#include <fcntl.h>
#include <services/ocap.h>
#include <stdlib.h>

#include "core/container.h"
#include "core/error.h"
#include "core/limits.h"

/* The resource of a tree of handles that the kernel of KasperskyOS would own: a channel's end.
 * @lead: of a listener's: to itself */
struct channel_resource {
    struct resource resource;
    struct lead lead;
};

/* A channel and a listener that are made here; each is charged to its entity as a channel. */
struct own_channel {
    struct route route;
    struct handles *handles;
};
struct own_listener {
    struct inbox inbox;
    struct handles *handles;
};

/* handles_init() - @backlog is borrowed */
void handles_init(struct handles *handles, struct backlog *backlog)
{
    *handles = (struct handles){.backlog = backlog, .n_to_spare = HANDLE_CHANNELS_MAX};
}

/* charge() - let @holder make a channel. Return: 0; ERROR_QUOTA. */
static int charge(struct handles *handles, struct holder *holder)
{
    if (handles->n_to_spare == 0 || holder->n_to_spare == 0 ||
        holder->n_own_channels >= HANDLE_CHANNELS_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    handles->n_to_spare--;
    holder->n_to_spare--;
    holder->n_own_channels++;
    return 0;
}

static void refund(struct handles *handles, struct holder *holder)
{
    handles->n_to_spare++;
    holder->n_to_spare++;
    holder->n_own_channels--;
}

static void resource_free(struct resource *resource)
{
    free(resource); /* the first member of what it is in */
}

static void channel_free(struct resource *resource)
{
    struct channel_resource *channel = (struct channel_resource *)resource;

    lead_forget(&channel->lead);
    free(channel);
}

static void badge_free(struct resource *resource)
{
    struct badge_resource *badge = (struct badge_resource *)resource;

    badge_deinit(&badge->badge);
    free(badge);
}

static const struct resource_class channel_resource_class = {.dead = channel_free};
static const struct resource_class user_class = {.dead = resource_free};
static const struct resource_class badge_class = {.dead = badge_free};

/* user_resource_of() - @resource, if an entity provides it; else NULL */
const struct user_resource *user_resource_of(const struct resource *resource)
{
    return resource->class == &user_class ? (const struct user_resource *)resource : NULL;
}

/*
 * handles_name() - the first handle of a resource
 * @resource: consumed, on failure too
 *
 * Return: 0; ERROR_QUOTA; -ENOMEM.
 */
int handles_name(struct holder *holder, struct capability capability, struct resource *resource,
                 uint32_t rights, Handle *ret_handle)
{
    int r = derivation_new(resource, rights, holder, &capability.node);

    if (r != 0) {
        resource->class->dead(resource);
        return r;
    }
    r = holder_name(holder, capability, &capability.node->handle);
    if (r != 0) {
        derivation_close(capability.node);
        return r;
    }
    *ret_handle = capability.node->handle;
    return 0;
}

/*
 * handles_make_resource() - a resource that @holder provides
 *
 * Return: 0; ERROR_BAD_HANDLE: its listener is none of its own; ERROR_BAD_MESSAGE: there are no
 * such rights, or it may be called but has no listener, or a listener and no such endpoint is
 * possible; ERROR_QUOTA; -ENOMEM.
 */
int handles_make_resource(struct holder *holder, const struct handles_resource *described,
                          Handle *ret_handle)
{
    const struct capability capability = {.kind = CAPABILITY_RESOURCE};
    bool has_listener = described->listener != INVALID_HANDLE;

    if (has_listener && inbox_find(holder, described->listener) == NULL) {
        return ERROR_BAD_HANDLE;
    }
    if ((described->rights & ~(OCAP_HANDLE_GENERAL_FULL | OCAP_HANDLE_SPEC_FULL)) != 0 ||
        (!has_listener && (described->rights & OCAP_IPC_CALL) != 0) ||
        (has_listener && described->riid >= UINT16_MAX)) {
        return ERROR_BAD_MESSAGE;
    }
    struct user_resource *user = calloc(1, sizeof(*user));
    if (user == NULL) {
        return -ENOMEM;
    }
    user->resource.class = &user_class;
    user->provider = holder;
    user->described = *described;
    return handles_name(holder, capability, &user->resource, described->rights, ret_handle);
}

/* handles_make_badge() - for copies and transfers of @holder. Return: 0; ERROR_QUOTA; -ENOMEM. */
int handles_make_badge(struct holder *holder, uint64_t context, Handle *ret_handle)
{
    struct badge_resource *badge = calloc(1, sizeof(*badge));

    if (badge == NULL) {
        return -ENOMEM;
    }
    const struct capability capability = {.kind = CAPABILITY_BADGE, .object = &badge->badge};
    badge->resource.class = &badge_class;
    badge->owner = holder;
    badge->context = context;
    badge_init(&badge->badge, &badge->resource);
    return handles_name(holder, capability, &badge->resource, OCAP_HANDLE_GET_EVENT, ret_handle);
}

static void channel_ended(struct route *route)
{
    (void)route;
}

static void channel_released(struct route *route)
{
    struct own_channel *channel = (struct own_channel *)route;

    refund(channel->handles, route->client);
    free(channel);
}

static void listener_closed(struct inbox *inbox)
{
    struct own_listener *listener = (struct own_listener *)inbox;

    refund(listener->handles, inbox->server);
    free(listener);
}

static const struct route_class channel_class = {.ended = channel_ended,
                                                 .released = channel_released};
static const struct inbox_class listener_class = {.closed = listener_closed};

/* listener_new() - without an inbox yet. Return: 0; ERROR_QUOTA; -ENOMEM. */
static int listener_new(struct handles *handles, struct holder *holder,
                        struct own_listener **ret_listener)
{
    int r = charge(handles, holder);

    if (r != 0) {
        return r;
    }
    *ret_listener = calloc(1, sizeof(**ret_listener));
    if (*ret_listener == NULL) {
        refund(handles, holder);
        return -ENOMEM;
    }
    inbox_init(&(*ret_listener)->inbox, &listener_class, holder, handles->backlog);
    (*ret_listener)->handles = handles;
    return 0;
}

/*
 * handles_listen() - a listener of @holder, for channels that are made here
 * @ret_fd: its inbox, owned by the caller
 *
 * Return: 0; ERROR_QUOTA; negative errno.
 */
int handles_listen(struct handles *handles, struct holder *holder, Handle *ret_handle, int *ret_fd)
{
    struct own_listener *listener;

    int r = listener_new(handles, holder, &listener);
    if (r != 0) {
        return r;
    }
    r = inbox_open(&listener->inbox, ret_fd);
    if (r != 0) {
        listener_closed(&listener->inbox);
        return r;
    }
    *ret_handle = listener->inbox.handle;
    return 0;
}

/* open_channel() - from @holder to @inbox; @handle: its name, if it has one, or INVALID_HANDLE.
 * Return: 0; ERROR_QUOTA; negative errno. */
static int open_channel(struct handles *handles, struct holder *holder, struct inbox *inbox,
                        Handle handle, struct route **ret_route)
{
    int r = charge(handles, holder);

    if (r != 0) {
        return r;
    }
    struct own_channel *channel = calloc(1, sizeof(*channel));
    if (channel == NULL) {
        r = -ENOMEM;
    } else if (handle == INVALID_HANDLE) {
        r = route_open(&channel->route, &channel_class, holder, inbox);
    } else {
        r = route_open_as(&channel->route, &channel_class, holder, inbox, handle);
    }
    if (r != 0) {
        free(channel);
        refund(handles, holder);
        return r;
    }
    channel->handles = handles;
    *ret_route = &channel->route;
    return 0;
}

/*
 * handles_connect() - a channel from @holder to its own listener
 * @ret_fd: the client's end, borrowed
 *
 * Return: 0; ERROR_BAD_HANDLE: @listener is no listener of @holder; ERROR_QUOTA; negative errno.
 */
int handles_connect(struct handles *handles, struct holder *holder, Handle listener,
                    Handle *ret_handle, int *ret_fd)
{
    struct inbox *inbox = inbox_find(holder, listener);
    struct route *route;

    if (inbox == NULL) {
        return ERROR_BAD_HANDLE;
    }
    int r = open_channel(handles, holder, inbox, INVALID_HANDLE, &route);
    if (r == 0) {
        *ret_handle = route->handle;
        *ret_fd = route->client_end;
    }
    return r;
}

/* attach_root() - the node of an end of a channel that has none yet. Return: 0; -ENOMEM. */
static int attach_root(struct holder *holder, Handle handle, const struct capability *capability)
{
    bool is_client = capability->kind == CAPABILITY_CLIENT;
    struct channel_resource *channel = calloc(1, sizeof(*channel));
    struct derivation *node;

    if (channel == NULL) {
        return -ENOMEM;
    }
    channel->resource.class = &channel_resource_class;
    int r = derivation_new(&channel->resource, is_client ? OCAP_IPC_CLIENT : OCAP_IPC_LISTENER,
                           holder, &node);
    if (r != 0) {
        free(channel);
        return r;
    }
    if (is_client) {
        lead_follow(&channel->lead, capability->object);
    } else if (capability->kind == CAPABILITY_LISTENER) {
        lead_to(&channel->lead, capability->object);
    }
    node->handle = handle;
    capability_space_attach(&holder->space, handle, node);
    return 0;
}

/* is_handle() - whether something can be asked about what was found */
static bool is_handle(const struct capability *found)
{
    return found != NULL && found->kind != CAPABILITY_SERVED && found->kind != CAPABILITY_NOTICE &&
           found->kind != CAPABILITY_PARCEL;
}

/*
 * handles_find() - what @handle names, and its node, which is made if there is none
 *
 * Return: 0; ERROR_BAD_HANDLE; -ENOMEM.
 */
int handles_find(struct holder *holder, Handle handle, struct capability *ret_capability)
{
    const struct capability *found = capability_space_find(&holder->space, handle);

    if (!is_handle(found)) {
        return ERROR_BAD_HANDLE;
    }
    int r = found->node != NULL ? 0 : attach_root(holder, handle, found);
    *ret_capability = *found;
    return r;
}

/* find_badge() - a badge of @holder; NULL without one. Return: 0; ERROR_BAD_HANDLE. */
static int find_badge(struct holder *holder, Handle handle, struct badge **ret_badge)
{
    const struct capability *found = capability_space_find(&holder->space, handle);

    *ret_badge = NULL;
    if (handle == INVALID_HANDLE) {
        return 0;
    }
    if (found == NULL || found->kind != CAPABILITY_BADGE) {
        return ERROR_BAD_HANDLE;
    }
    *ret_badge = found->object;
    return 0;
}

/* find_target() - where the calls of a resource go that may be called */
static struct lead find_target(const struct resource *resource)
{
    if (resource->class == &channel_resource_class) {
        return ((const struct channel_resource *)resource)->lead;
    }
    const struct user_resource *user = (const struct user_resource *)resource;
    return (struct lead){.inbox = inbox_find(user->provider, user->described.listener),
                         .is_bound = true,
                         .riid = user->described.riid};
}

/* leads_nowhere() - whether @capability, which may be called, is the end of a channel that has
 * ended, or leads to a listener that is gone */
static bool leads_nowhere(const struct capability *capability)
{
    const struct route *route = capability->object;

    return (capability->kind == CAPABILITY_CLIENT && !route->is_open) ||
           find_target(capability->node->resource).inbox == NULL;
}

/*
 * handles_prepare() - check @wish, and make the node of the new handle, which is to be named
 * @ret_from: what it is made from
 *
 * Return: as handles_derive().
 */
int handles_prepare(const struct handles_wish *wish, struct capability *ret_from,
                    struct derivation **ret_node)
{
    struct badge *badge;

    int r = handles_find(wish->from, wish->handle, ret_from);
    if (r != 0) {
        return r;
    }
    const struct derivation *from = ret_from->node;
    uint32_t rights = wish->keeps_rights ? from->rights : wish->rights;
    r = derivation_check(from, wish->needed, rights);
    if (r == 0) {
        r = find_badge(wish->from, wish->badge, &badge);
    }
    if (r == 0 && (rights & OCAP_IPC_CALL) != 0 && leads_nowhere(ret_from)) {
        r = ERROR_NOT_CONNECTED;
    }
    return r != 0 ? r
                  : derivation_derive(ret_from->node,
                                      memory_object_rights(from->resource, wish->to, rights), badge,
                                      wish->to, ret_node);
}

/*
 * handles_derive() - make a handle from another one
 *
 * Return: 0; ERROR_BAD_HANDLE: the handle, or the badge, is none; ERROR_REVOKED; ERROR_DENIED: the
 * handle lacks the right that this takes, or some of those that the new one is to have;
 * ERROR_NOT_CONNECTED: it is the end of a channel that has ended; ERROR_QUOTA; negative errno.
 */
int handles_derive(const struct handles_wish *wish, Handle *ret_handle)
{
    struct capability capability = {.kind = CAPABILITY_RESOURCE};
    struct capability from;

    int r = handles_prepare(wish, &from, &capability.node);
    if (r != 0) {
        return r;
    }
    r = holder_name(wish->to, capability, &capability.node->handle);
    if (r != 0) {
        derivation_close(capability.node);
        return r;
    }
    *ret_handle = capability.node->handle;
    return 0;
}

/* fetch_channel() - the client's end that belongs to @found, the first time or again. Return: as
 * handles_fetch(). */
static int fetch_channel(struct handles *handles, struct holder *holder, Handle handle,
                         const struct capability *found, int *ret_fd)
{
    struct route *route = found->kind == CAPABILITY_CLIENT ? found->object : NULL;

    if (leads_nowhere(found)) {
        return ERROR_NOT_CONNECTED;
    }
    if (route == NULL) {
        const struct lead target = find_target(found->node->resource);
        int r = open_channel(handles, holder, target.inbox, handle, &route);
        if (r != 0) {
            return r;
        }
        route->is_bound = target.is_bound;
        route->riid = target.riid;
    }
    *ret_fd = fcntl(route->client_end, F_DUPFD_CLOEXEC, 0);
    return *ret_fd < 0 ? -errno : 0;
}

/* fetch_listener() - an inbox for who was handed a listener. Return: as handles_fetch(). */
static int fetch_listener(struct handles *handles, struct holder *holder, Handle handle,
                          const struct capability *found, int *ret_fd)
{
    struct inbox *testator = ((const struct channel_resource *)found->node->resource)->lead.inbox;
    struct own_listener *listener;

    if (testator == NULL) {
        return ERROR_NOT_CONNECTED;
    }
    int r = listener_new(handles, holder, &listener);
    if (r != 0) {
        return r;
    }
    r = inbox_open_as(&listener->inbox, handle, ret_fd);
    if (r != 0) {
        listener_closed(&listener->inbox);
        return r;
    }
    inbox_inherit(&listener->inbox, testator);
    return 0;
}

/*
 * handles_fetch() - what belongs to a derived handle: the end of a channel, which is made the first
 * time, or the inbox of a listener, which there is once
 * @ret_fd: owned by the caller
 *
 * Return: 0; ERROR_BAD_HANDLE: nothing belongs to it; ERROR_REVOKED; ERROR_DENIED: nobody may call
 * through it, or receive; ERROR_NOT_CONNECTED; ERROR_QUOTA; negative errno.
 */
int handles_fetch(struct handles *handles, struct holder *holder, Handle handle, int *ret_fd)
{
    (void)parcel_take(holder, handle); /* a message is bringing it */
    const struct capability *found = capability_space_find(&holder->space, handle);
    if (found == NULL || found->node == NULL ||
        (found->kind != CAPABILITY_RESOURCE && found->kind != CAPABILITY_CLIENT)) {
        return ERROR_BAD_HANDLE;
    }
    const struct derivation *node = found->node;
    bool is_received = node->state == DERIVATION_LIVE &&
                       node->resource->class == &channel_resource_class &&
                       (node->rights & OCAP_IPC_RECV) != 0;
    int r = derivation_check(node, is_received ? OCAP_IPC_RECV : OCAP_IPC_CALL, 0);
    if (r != 0) {
        return r;
    }
    return is_received ? fetch_listener(handles, holder, handle, found, ret_fd)
                       : fetch_channel(handles, holder, handle, found, ret_fd);
}

/*
 * handles_endpoint() - the one endpoint that all calls of a handle go to
 * @ret_server: number of the entity that serves it
 *
 * Return: 0; ERROR_BAD_HANDLE: it does not lead to one endpoint alone; ERROR_NOT_CONNECTED;
 * -ENOMEM.
 */
int handles_endpoint(struct holder *holder, Handle handle, size_t *ret_server, uint32_t *ret_riid)
{
    struct capability capability;

    int r = handles_find(holder, handle, &capability);
    if (r != 0) {
        return r;
    }
    const struct derivation *node = capability.node;
    if (node->state != DERIVATION_LIVE || (node->rights & OCAP_IPC_CALL) == 0) {
        return ERROR_BAD_HANDLE;
    }
    const struct lead target = find_target(node->resource);
    if (!target.is_bound || target.inbox == NULL) {
        return target.is_bound ? ERROR_NOT_CONNECTED : ERROR_BAD_HANDLE;
    }
    *ret_server = target.inbox->server->number;
    *ret_riid = target.riid;
    return 0;
}

/* revoked() - a handle was taken back: end its channel, if it has one, or all of its listener */
static void revoked(struct derivation *node)
{
    struct route *route = route_find(node->holder, node->handle);
    struct inbox *inbox = inbox_find(node->holder, node->handle);

    if (inbox != NULL) {
        inbox_revoke(inbox); /* its control word is a number, and stays one */
        return;
    }
    holder_say_revoked(node->holder, node->handle);
    if (route != NULL) {
        route_end(route);
    }
}

/*
 * handles_revoke() - close a handle, and take away all that were made from it, everywhere
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_REVOKED: it was taken away itself.
 */
int handles_revoke(struct holder *holder, Handle handle)
{
    const struct capability *found = capability_space_find(&holder->space, handle);

    if (!is_handle(found)) {
        return ERROR_BAD_HANDLE;
    }
    if (found->node != NULL) {
        int r = derivation_check(found->node, 0, 0);
        if (r != 0) {
            return r;
        }
        derivation_revoke_children(found->node, revoked);
    }
    return handle_give_back(holder, handle);
}

/*
 * handles_revoke_tied() - take away what was made from a handle with a badge, and all that was made
 * from that
 *
 * Return: 0; ERROR_BAD_HANDLE: the handle, or the badge, is none; ERROR_REVOKED; -ENOMEM.
 */
int handles_revoke_tied(struct holder *holder, Handle handle, Handle badge)
{
    struct capability capability;
    struct badge *tie;

    int r = handles_find(holder, handle, &capability);
    if (r == 0) {
        r = derivation_check(capability.node, 0, 0);
    }
    if (r == 0) {
        r = badge == INVALID_HANDLE ? ERROR_BAD_HANDLE : find_badge(holder, badge, &tie);
    }
    if (r == 0) {
        derivation_revoke_tied(capability.node, tie, revoked);
    }
    return r;
}

/*
 * handles_sid() - a number that only the handles of one resource have, in all processes
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_REVOKED; ERROR_DENIED; ERROR_QUOTA: no number is left;
 * -ENOMEM.
 */
int handles_sid(struct handles *handles, struct holder *holder, Handle handle, uint32_t *ret_sid)
{
    struct capability capability;

    int r = handles_find(holder, handle, &capability);
    if (r == 0) {
        r = derivation_check(capability.node, OCAP_HANDLE_GET_SID, 0);
    }
    if (r != 0) {
        return r;
    }
    struct resource *resource = capability.node->resource;
    if (resource->sid == 0) {
        if (handles->last_sid == UINT32_MAX) {
            return ERROR_QUOTA;
        }
        resource->sid = ++handles->last_sid;
    }
    *ret_sid = resource->sid;
    return 0;
}
