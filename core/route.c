/* SPDX-License-Identifier: Apache-2.0 */
#include "core/route.h"

#include <errno.h>
#include <handle/event_descr.h>
#include <string.h>
#include <sys/socket.h>

#include "core/derivation.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/notices.h"
#include "core/session_wire.h"

/*
 * inbox_init() - the inbox of a listener that is not there yet
 * @class, @server, @backlog: borrowed for its life
 */
void inbox_init(struct inbox *inbox, const struct inbox_class *class, struct holder *server,
                struct backlog *backlog)
{
    *inbox = (struct inbox){.class = class, .server = server, .backlog = backlog, .fd = -1};
    TAILQ_INIT(&inbox->open);
    TAILQ_INIT(&inbox->unposted);
    LIST_INIT(&inbox->leads);
    LIST_INIT(&inbox->heirs);
}

static void inbox_delay(struct inbox *inbox)
{
    if (!inbox->is_delayed) {
        inbox->is_delayed = true;
        TAILQ_INSERT_TAIL(inbox->backlog, inbox, in_backlog);
    }
}

static void inbox_delay_no_more(struct inbox *inbox)
{
    if (inbox->is_delayed) {
        inbox->is_delayed = false;
        TAILQ_REMOVE(inbox->backlog, inbox, in_backlog);
    }
}

/* inbox_nudge() - have the server look at its inbox and its clients' sockets, if it listens */
static void inbox_nudge(const struct inbox *inbox)
{
    if (inbox->fd >= 0) {
        control_nudge(&inbox->server->control, inbox->handle);
    }
}

/* listen_as() - the listener's end of @inbox, whose name is @handle. Return: 0; negative errno. */
static int listen_as(struct inbox *inbox, Handle handle, int *ret_fd)
{
    int ends[2];

    int r = fd_pair(ends);
    if (r == 0) {
        inbox->handle = handle;
        inbox->fd = ends[0];
        inbox_delay(inbox);
        *ret_fd = ends[1];
    }
    return r;
}

/*
 * inbox_open() - make the listener, for an inbox that has none
 * @ret_fd: its end, to be passed to the server; owned by the caller
 *
 * Nothing is posted before backlog_deliver(), so that the server has its end by then.
 *
 * Return: 0, and the handle is in the inbox; ERROR_QUOTA; negative errno.
 */
int inbox_open(struct inbox *inbox, int *ret_fd)
{
    const struct capability capability = {.kind = CAPABILITY_LISTENER, .object = inbox};
    Handle handle;

    int r = holder_name(inbox->server, capability, &handle);
    if (r == 0) {
        r = listen_as(inbox, handle, ret_fd);
        if (r != 0) {
            capability_space_remove(&inbox->server->space, handle);
        }
    }
    return r;
}

/* inbox_open_as() - the same under a name that the server has already, which names it from then on.
 * Return: 0; negative errno. */
int inbox_open_as(struct inbox *inbox, Handle handle, int *ret_fd)
{
    int r = listen_as(inbox, handle, ret_fd);

    if (r == 0) {
        capability_space_turn(&inbox->server->space, handle, CAPABILITY_LISTENER, inbox);
    }
    return r;
}

/* inbox_inherit() - channels to @testator that are made from now on go to @heir, as long as that is
 * there, and nobody inherits after it */
void inbox_inherit(struct inbox *heir, struct inbox *testator)
{
    heir->testator = testator;
    LIST_INSERT_HEAD(&testator->heirs, heir, in_heirs);
}

/* inbox_of() - where channels to @inbox go that are made now */
static struct inbox *inbox_of(struct inbox *inbox)
{
    return LIST_EMPTY(&inbox->heirs) ? inbox : LIST_FIRST(&inbox->heirs);
}

/* inbox_disinherit() - @inbox is gone: its testator has one heir less, and its heirs no testator */
static void inbox_disinherit(struct inbox *inbox)
{
    if (inbox->testator != NULL) {
        LIST_REMOVE(inbox, in_heirs);
        inbox->testator = NULL;
    }
    while (!LIST_EMPTY(&inbox->heirs)) {
        struct inbox *heir = LIST_FIRST(&inbox->heirs);
        LIST_REMOVE(heir, in_heirs);
        heir->testator = NULL;
    }
}

/* inbox_shut() - take the listener away, as if it had never been; the routes stay */
void inbox_shut(struct inbox *inbox)
{
    inbox_nudge(inbox);
    if (inbox->fd >= 0) {
        capability_space_remove(&inbox->server->space, inbox->handle);
    }
    inbox->fd = fd_close(inbox->fd);
    inbox_delay_no_more(inbox);
}

/* inbox_close() - end all routes to the inbox, and the listener if there is one */
void inbox_close(struct inbox *inbox)
{
    while (!TAILQ_EMPTY(&inbox->open)) {
        route_end(TAILQ_FIRST(&inbox->open));
    }
    while (!LIST_EMPTY(&inbox->leads)) {
        lead_forget(LIST_FIRST(&inbox->leads));
    }
    inbox_disinherit(inbox);
    inbox_shut(inbox);
    inbox->class->closed(inbox);
}

/* inbox_revoke() - the same, but the server keeps the name of its listener, which leads to nothing
 * any more */
void inbox_revoke(struct inbox *inbox)
{
    inbox_nudge(inbox);
    capability_space_turn(&inbox->server->space, inbox->handle, CAPABILITY_RESOURCE, NULL);
    inbox->fd = fd_close(inbox->fd);
    inbox_close(inbox);
}

/* route_name_end() - have route->served name the server's end, which the server is about to get.
 * Return: 0; ERROR_QUOTA: the server has too many handles; -ENOMEM. */
int route_name_end(struct route *route)
{
    const struct capability capability = {.kind = CAPABILITY_SERVED, .object = route};

    return route->served != 0 ? 0 : holder_name(route->inbox->server, capability, &route->served);
}

/* route_handed_over() - the server has got its end, under the name route->served: nothing is left
 * to be posted */
void route_handed_over(struct route *route)
{
    route->server_end = fd_close(route->server_end);
    TAILQ_REMOVE(&route->inbox->unposted, route, in_unposted);
}

/* route_post() - give the server its end. Return: 0; ERROR_QUOTA; negative errno, perhaps not for
 * long. */
static int route_post(struct route *route)
{
    struct session_inbox_post post = {.magic = SESSION_MAGIC};
    struct iovec part = {.iov_base = &post};
    struct inbox *inbox = route->inbox;

    int r = route_name_end(route);
    if (r == 0) {
        post.handle = route->served;
        post.is_bound = route->is_bound;
        post.riid = route->riid;
        (void)stpncpy(post.client, route->client->task, NAME_BYTES_MAX);
        part.iov_len = session_post_bytes(&post);
        r = fd_send(inbox->fd, &part, 1, route->server_end, MSG_DONTWAIT);
    }
    if (r == 0) {
        route_handed_over(route);
        inbox_nudge(inbox);
    }
    return r;
}

/*
 * inbox_post() - give the server as many ends as it has room for
 *
 * A server that does not take what is posted only delays its own clients. One that has closed its
 * end of the inbox never will, and what it does about that we are told in other ways.
 */
static void inbox_post(struct inbox *inbox)
{
    int r = 0;

    inbox_delay_no_more(inbox);
    while (r == 0 && inbox->fd >= 0 && !TAILQ_EMPTY(&inbox->unposted)) {
        r = route_post(TAILQ_FIRST(&inbox->unposted));
    }
    if (r != 0 && r != -EPIPE && r != -ECONNRESET) {
        inbox_delay(inbox);
    }
}

/* backlog_deliver() - try again to post what could not be posted. Return: whether something is
 * still left. */
bool backlog_deliver(struct backlog *backlog)
{
    struct inbox *last = TAILQ_LAST(backlog, backlog);

    for (struct inbox *inbox = NULL; inbox != last;) {
        inbox = TAILQ_FIRST(backlog); /* goes to the end if something is left for it */
        inbox_post(inbox);
    }
    return !TAILQ_EMPTY(backlog);
}

/* begin() - a channel whose client's end has the name @handle already. Return: 0; negative errno.
 */
static int begin(struct route *route, const struct route_class *class, struct holder *client,
                 struct inbox *to, Handle handle)
{
    struct inbox *inbox = inbox_of(to);
    int ends[2];

    int r = fd_pair(ends);
    if (r != 0) {
        return r;
    }
    *route = (struct route){.class = class,
                            .inbox = inbox,
                            .server = inbox->server,
                            .client = client,
                            .is_open = true,
                            .handle = handle,
                            .client_end = ends[0],
                            .server_end = ends[1]};
    parcels_init(&route->to_client);
    parcels_init(&route->to_server);
    TAILQ_INSERT_TAIL(&inbox->open, route, in_open);
    TAILQ_INSERT_TAIL(&inbox->unposted, route, in_unposted);
    if (inbox->fd >= 0) {
        inbox_delay(inbox); /* the client, who waits, is told first */
    }
    return 0;
}

/*
 * route_open() - make a channel and name its client's end
 * @route: not open, and without a handle; stays where it is until released
 * @class, @client, @inbox: borrowed
 *
 * Return: 0; ERROR_QUOTA: the client has too many handles; negative errno.
 */
int route_open(struct route *route, const struct route_class *class, struct holder *client,
               struct inbox *inbox)
{
    const struct capability capability = {.kind = CAPABILITY_CLIENT, .object = route};
    Handle handle;

    int r = holder_name(client, capability, &handle);
    if (r == 0) {
        r = begin(route, class, client, inbox, handle);
        if (r != 0) {
            capability_space_remove(&client->space, handle);
        }
    }
    return r;
}

/* route_open_as() - the same under a name that the client has already, which names it from then on.
 * Return: 0; negative errno. */
int route_open_as(struct route *route, const struct route_class *class, struct holder *client,
                  struct inbox *inbox, Handle handle)
{
    int r = begin(route, class, client, inbox, handle);

    if (r == 0) {
        capability_space_turn(&client->space, handle, CAPABILITY_CLIENT, route);
    }
    return r;
}

/* tell() - @events to whoever watches an end of a channel */
static void tell(const struct holder *holder, Handle handle, uint32_t events)
{
    const struct capability *capability = capability_space_find(&holder->space, handle);

    if (capability != NULL && capability->node != NULL) {
        watchers_tell(&capability->node->watchers, events);
    }
}

/* route_end() - close the channel, if it is open, and tell both sides; the client keeps its handle
 */
void route_end(struct route *route)
{
    struct inbox *inbox = route->inbox;

    if (!route->is_open) {
        return;
    }
    route->is_open = false;
    route->inbox = NULL;
    TAILQ_REMOVE(&inbox->open, route, in_open);
    if (route->server_end >= 0) {
        TAILQ_REMOVE(&inbox->unposted, route, in_unposted);
    }
    route->client_end = fd_hang_up(route->client_end);
    route->server_end = fd_close(route->server_end);
    holder_say_ended(route->client, route->handle);
    holder_take_away(inbox->server, route->served);
    parcels_move(&route->to_server, &inbox->server->lost);
    inbox_nudge(inbox);
    tell(route->client, route->handle, EVENT_PEER_CLOSED);
    tell(route->server, inbox->handle,
         EVENT_PEER_CLOSED | (route->client->has_ended ? EVENT_TASK_COMPLETED : 0));
    route->class->ended(route);
}

/* lead_to() - remember @inbox; NULL: nothing */
void lead_to(struct lead *lead, struct inbox *inbox)
{
    *lead = (struct lead){.inbox = inbox};
    if (inbox != NULL) {
        LIST_INSERT_HEAD(&inbox->leads, lead, in_leads);
    }
}

/* lead_follow() - remember where the calls of @route go */
void lead_follow(struct lead *lead, const struct route *route)
{
    lead_to(lead, route->inbox);
    lead->is_bound = route->is_bound;
    lead->riid = route->riid;
}

/* lead_forget() - to nowhere any more; fine if it is so already */
void lead_forget(struct lead *lead)
{
    if (lead->inbox != NULL) {
        LIST_REMOVE(lead, in_leads);
        lead->inbox = NULL;
    }
}

/* route_release() - the client gives its handle back, or it never got it */
void route_release(struct route *route)
{
    route_end(route);
    parcels_give_back(&route->to_client);
    holder_take_away(route->client, route->handle);
    route->handle = 0;
    route->class->released(route);
}

/*
 * route_find_peer() - the other end of an open channel, one end of which is @handle: a client's, or
 * what a server's is called in its control words
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_NOT_CONNECTED; ERROR_QUOTA: the server has too many handles;
 * -ENOMEM.
 */
int route_find_peer(const struct holder *holder, Handle handle, struct route_peer *ret_peer)
{
    const struct capability *found = capability_space_find(&holder->space, handle);
    struct route *route;

    if (found == NULL || (found->kind != CAPABILITY_CLIENT && found->kind != CAPABILITY_SERVED)) {
        return ERROR_BAD_HANDLE;
    }
    route = found->object;
    if (!route->is_open) {
        return ERROR_NOT_CONNECTED;
    }
    if (found->kind == CAPABILITY_SERVED) {
        *ret_peer = (struct route_peer){route->client, route->handle, &route->to_client, false};
        return 0;
    }
    int r = route_name_end(route);
    if (r == 0) {
        *ret_peer =
            (struct route_peer){route->inbox->server, route->served, &route->to_server, true};
    }
    return r;
}

static void *object_find(const struct holder *holder, Handle handle, enum capability_kind kind)
{
    const struct capability *capability = capability_space_find(&holder->space, handle);

    return capability != NULL && capability->kind == kind ? capability->object : NULL;
}

/* route_find() - the route that a client's handle names, open or not; NULL if it names none */
struct route *route_find(const struct holder *holder, Handle handle)
{
    return object_find(holder, handle, CAPABILITY_CLIENT);
}

/* inbox_find() - the inbox of the listener that a handle names; NULL if it names none */
struct inbox *inbox_find(const struct holder *holder, Handle handle)
{
    return object_find(holder, handle, CAPABILITY_LISTENER);
}

/* give_back() - what @handle names, but for its node. Return: 0; ERROR_BAD_HANDLE. */
static int give_back(struct holder *holder, Handle handle, const struct capability *capability)
{
    switch (capability->kind) {
    case CAPABILITY_CLIENT:
        route_release(capability->object);
        return 0;
    case CAPABILITY_LISTENER:
        inbox_close(capability->object);
        return 0;
    case CAPABILITY_SERVED:
        return ERROR_BAD_HANDLE;
    case CAPABILITY_PARCEL:
        parcel_forget(capability->object);
        holder_take_away(holder, handle);
        return 0;
    case CAPABILITY_NOTICE:
        notice_free(capability->object);
        holder_take_away(holder, handle);
        return 0;
    default:
        holder_take_away(holder, handle);
        return 0;
    }
}

/* handle_give_back() - the entity closes a handle; what was made from it stays. Return: 0;
 * ERROR_BAD_HANDLE. */
int handle_give_back(struct holder *holder, Handle handle)
{
    const struct capability *found = capability_space_find(&holder->space, handle);

    if (found == NULL) {
        return ERROR_BAD_HANDLE;
    }
    struct derivation *node = found->node;
    if (node != NULL) {
        watchers_lose_handle(&node->watchers, 0);
    }
    int r = give_back(holder, handle, &(struct capability){found->kind, found->object, NULL});
    if (node != NULL) {
        derivation_close(node);
    }
    return r;
}

/* parcels_give_back() - these will not arrive */
void parcels_give_back(struct parcels *parcels)
{
    while (!TAILQ_EMPTY(&parcels->list)) {
        const struct parcel *first = TAILQ_FIRST(&parcels->list);
        (void)handle_give_back(first->to, first->handle);
    }
}

/*
 * handle_give_back_first() - the same, but leave it to the caller to end the channel, soon
 * @ret_end: a client's end, to be shut down and closed; -1: there is none
 */
int handle_give_back_first(struct holder *holder, Handle handle, int *ret_end)
{
    struct route *route = route_find(holder, handle);

    *ret_end = -1;
    if (route != NULL) {
        *ret_end = route->client_end;
        route->client_end = -1;
    }
    return handle_give_back(holder, handle);
}

/* handles_give_back() - the entity has ended: close all its handles */
void handles_give_back(struct holder *holder)
{
    for (size_t i = 0; i < holder->space.n_slots; i++) {
        (void)handle_give_back(holder, capability_space_at(&holder->space, i));
    }
}

/*
 * route_take_back() - a message that was to bring a handle was not sent
 * @channel: the sender's end
 * @number:  in the receiver's space; only what waits at the other end of that channel is the
 *           sender's business
 *
 * Return: 0; ERROR_BAD_HANDLE: nothing of that number waits there; otherwise as route_find_peer().
 */
int route_take_back(const struct holder *sender, Handle channel, Handle number)
{
    struct route_peer peer;

    int r = route_find_peer(sender, channel, &peer);
    if (r != 0) {
        return r;
    }
    const struct parcel *parcel = parcel_find(peer.holder, number);
    if (parcel == NULL || parcel->waiting != peer.parcels) {
        return ERROR_BAD_HANDLE;
    }
    return handle_give_back(peer.holder, number);
}
