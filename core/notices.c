/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notices.h"

#include <errno.h>
#include <handle/event_descr.h>
#include <services/ocap.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/container.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/handles_kinds.h"
#include "core/limits.h"
#include "core/watchers.h"

/* What a subscription watches. */
enum watched {
    WATCHED_RESOURCE,
    WATCHED_HANDLE,
    WATCHED_TASK,
    _WATCHED_N,
};

/* A place in a list of struct watchers. @subscription: NULL: it is in none */
struct watcher {
    struct subscription *subscription;
    LIST_ENTRY(watcher) in_list;
};

/*
 * @resource: whose it is, for comparing; NULL: it watches that no more
 * @events:   that it wants
 * @waiting:  those that were not taken yet; while there are any, it is in the notice's list
 */
struct subscription {
    struct notice *notice;
    const struct resource *resource;
    struct watcher watchers[_WATCHED_N];
    uint64_t id;
    uint32_t events;
    uint32_t waiting;
    TAILQ_ENTRY(subscription) in_notice;
    TAILQ_ENTRY(subscription) in_waiting;
};

TAILQ_HEAD(subscriptions, subscription);

/*
 * @handle:     that names it
 * @bell:       our end
 * @hearer:     the process's, of which it has a copy
 * @is_ringing: there is a byte in it
 */
struct notice {
    struct notices *notices;
    struct holder *holder;
    struct subscriptions subscriptions;
    struct subscriptions waiting;
    int bell;
    int hearer;
    bool is_ringing;
    bool is_dropped;
};

void notices_init(struct notices *notices)
{
    notices->n_to_spare = NOTICES_MAX;
}

/* ring() - let threads that wait with @notice look */
static void ring(struct notice *notice)
{
    if (!notice->is_ringing) {
        notice->is_ringing = true;
        (void)send(notice->bell, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

static void ring_no_more(struct notice *notice)
{
    char byte;

    notice->is_ringing = false;
    (void)recv(notice->hearer, &byte, 1, MSG_DONTWAIT);
}

static void watch(struct subscription *subscription, enum watched what, struct watchers *watchers)
{
    struct watcher *watcher = &subscription->watchers[what];

    if (watcher->subscription == NULL) {
        watcher->subscription = subscription;
        LIST_INSERT_HEAD(watchers, watcher, in_list);
    }
}

static void watch_no_more(struct subscription *subscription, enum watched what)
{
    struct watcher *watcher = &subscription->watchers[what];

    if (watcher->subscription != NULL) {
        watcher->subscription = NULL;
        LIST_REMOVE(watcher, in_list);
    }
    if (what == WATCHED_RESOURCE) {
        subscription->resource = NULL;
    }
}

/* subscription_free() - forget it, and what it has to tell */
static void subscription_free(struct subscription *subscription)
{
    struct notice *notice = subscription->notice;

    for (int what = 0; what < _WATCHED_N; what++) {
        watch_no_more(subscription, what);
    }
    if (subscription->waiting != 0) {
        TAILQ_REMOVE(&notice->waiting, subscription, in_waiting);
    }
    TAILQ_REMOVE(&notice->subscriptions, subscription, in_notice);
    notice->holder->n_subscriptions--;
    free(subscription);
}

/* free_if_over() - unless it has something to tell, or may have */
static void free_if_over(struct subscription *subscription)
{
    bool is_over = subscription->waiting == 0;

    for (int what = 0; what < _WATCHED_N; what++) {
        is_over = is_over && subscription->watchers[what].subscription == NULL;
    }
    if (is_over) {
        subscription_free(subscription);
    }
}

/* tell() - keep those of @events that the subscription wants, until they are taken */
static void tell(struct subscription *subscription, uint32_t events)
{
    struct notice *notice = subscription->notice;

    events &= subscription->events | EVENT_HANDLE_REVOKED;
    if (events != 0 && subscription->waiting == 0) {
        TAILQ_INSERT_TAIL(&notice->waiting, subscription, in_waiting);
        ring(notice);
    }
    subscription->waiting |= events;
}

/* watchers_tell() - @events have happened */
void watchers_tell(struct watchers *watchers, uint32_t events)
{
    for (struct watcher *watcher = LIST_FIRST(watchers); watcher != NULL;
         watcher = LIST_NEXT(watcher, in_list)) {
        tell(watcher->subscription, events);
    }
}

/* watchers_tell_last() - the same, and what was watched is no more */
void watchers_tell_last(struct watchers *watchers, uint32_t events)
{
    struct watcher *watcher;

    while ((watcher = LIST_FIRST(watchers)) != NULL) {
        struct subscription *subscription = watcher->subscription;
        tell(subscription, events);
        watch_no_more(subscription, (enum watched)(watcher - subscription->watchers));
        free_if_over(subscription);
    }
}

/*
 * watchers_lose_handle() - the handle that is watched was given back, or taken back, of which
 * @events tell
 *
 * What its holder may still hear is that there is no handle at all any more: else it could go on
 * listening behind the back of whoever takes handles back.
 */
void watchers_lose_handle(struct watchers *watchers, uint32_t events)
{
    struct watcher *watcher;

    while ((watcher = LIST_FIRST(watchers)) != NULL) {
        struct subscription *subscription = watcher->subscription;
        tell(subscription, events);
        subscription->events &= EVENT_OBJECT_DESTROYED;
        watch_no_more(subscription, WATCHED_HANDLE);
        watch_no_more(subscription, WATCHED_TASK);
        if (subscription->events == 0) {
            watch_no_more(subscription, WATCHED_RESOURCE);
        }
        free_if_over(subscription);
    }
}

/*
 * notice_new() - something for @holder to hear of events with
 * @ret_fd: what the process waits with, borrowed
 *
 * Return: 0; ERROR_QUOTA; negative errno.
 */
int notice_new(struct notices *notices, struct holder *holder, Handle *ret_handle, int *ret_fd)
{
    int ends[2];

    if (notices->n_to_spare == 0 || holder->n_notices >= NOTICES_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    struct notice *notice = calloc(1, sizeof(*notice));
    int r = notice != NULL ? fd_pair(ends) : -ENOMEM;
    if (r != 0) {
        free(notice);
        return r;
    }
    *notice =
        (struct notice){.notices = notices, .holder = holder, .bell = ends[0], .hearer = ends[1]};
    TAILQ_INIT(&notice->subscriptions);
    TAILQ_INIT(&notice->waiting);
    notices->n_to_spare--;
    holder->n_notices++;
    (void)shutdown(notice->hearer, SHUT_WR);
    r = holder_name(holder, (const struct capability){.kind = CAPABILITY_NOTICE, .object = notice},
                    ret_handle);
    if (r != 0) {
        notice_free(notice);
        return r;
    }
    *ret_fd = notice->hearer;
    return 0;
}

static void unsubscribe_all(struct notice *notice)
{
    while (!TAILQ_EMPTY(&notice->subscriptions)) {
        subscription_free(TAILQ_FIRST(&notice->subscriptions));
    }
}

/* notice_free() - its holder has given its handle back, or never got it */
void notice_free(struct notice *notice)
{
    unsubscribe_all(notice);
    fd_close(notice->bell);
    fd_close(notice->hearer);
    notice->holder->n_notices--;
    notice->notices->n_to_spare++;
    free(notice);
}

/* find() - the notice that @handle names. Return: 0; ERROR_BAD_MESSAGE: none; ERROR_NOT_FOUND: it
 * was dropped, and is there all the same. */
static int find(const struct holder *holder, Handle handle, struct notice **ret_notice)
{
    const struct capability *found = capability_space_find(&holder->space, handle);

    if (found == NULL || found->kind != CAPABILITY_NOTICE) {
        return ERROR_BAD_MESSAGE;
    }
    *ret_notice = found->object;
    return (*ret_notice)->is_dropped ? ERROR_NOT_FOUND : 0;
}

/* notice_drop() - let it hear nothing any more, and ring for ever. Return: 0; ERROR_BAD_MESSAGE:
 * @handle names no notice. */
int notice_drop(struct holder *holder, Handle handle)
{
    struct notice *notice;

    int r = find(holder, handle, &notice);
    if (r == 0) {
        unsubscribe_all(notice);
        notice->is_dropped = true;
        ring(notice);
    }
    return r == ERROR_NOT_FOUND ? 0 : r;
}

/* happened_before() - what lasts of what can happen to what a handle names */
static uint32_t happened_before(const struct capability *capability)
{
    if (capability->kind == CAPABILITY_CLIENT) {
        const struct route *route = capability->object;
        return (route->is_open ? 0 : EVENT_PEER_CLOSED) |
               (route->server->has_ended ? EVENT_TASK_COMPLETED : 0);
    }
    return capability->kind == CAPABILITY_BADGE && badge_is_closed(capability->object)
               ? EVENT_BADGE_CLOSED
               : 0;
}

/* find_subscription() - of @notice, made with the handle of @node, as @id; NULL if there is none */
static struct subscription *find_subscription(const struct notice *notice,
                                              const struct derivation *node, uint64_t id)
{
    for (const struct watcher *watcher = LIST_FIRST(&node->watchers); watcher != NULL;
         watcher = LIST_NEXT(watcher, in_list)) {
        if (watcher->subscription->notice == notice && watcher->subscription->id == id) {
            return watcher->subscription;
        }
    }
    return NULL;
}

/* add_subscription() - one that hears nothing yet. Return: 0; ERROR_QUOTA; -ENOMEM. */
static int add_subscription(struct notice *notice, struct derivation *node, uint64_t id,
                            struct subscription **ret_subscription)
{
    if (notice->holder->n_subscriptions >= SUBSCRIPTIONS_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    struct subscription *subscription = calloc(1, sizeof(*subscription));
    if (subscription == NULL) {
        return -ENOMEM;
    }
    subscription->notice = notice;
    subscription->resource = node->resource;
    subscription->id = id;
    TAILQ_INSERT_TAIL(&notice->subscriptions, subscription, in_notice);
    notice->holder->n_subscriptions++;
    watch(subscription, WATCHED_RESOURCE, &node->resource->watchers);
    watch(subscription, WATCHED_HANDLE, &node->watchers);
    *ret_subscription = subscription;
    return 0;
}

/* want() - hear of @events, too, some of which may have happened */
static void want(struct subscription *subscription, const struct capability *capability,
                 uint32_t events)
{
    subscription->events |= events;
    if (capability->kind == CAPABILITY_CLIENT && (events & EVENT_TASK_COMPLETED) != 0) {
        struct holder *server = ((const struct route *)capability->object)->server;
        if (!server->has_ended) {
            watch(subscription, WATCHED_TASK, &server->watchers);
        }
    }
    tell(subscription, events & happened_before(capability));
}

/*
 * notice_subscribe() - hear of events of what a handle of @holder names
 *
 * Return: 0; ERROR_BAD_MESSAGE: @handle names no notice, or there are no such events;
 * ERROR_NOT_FOUND: the notice was dropped; ERROR_BAD_HANDLE; ERROR_REVOKED; ERROR_DENIED: the
 * handle lacks the right to; ERROR_QUOTA; -ENOMEM.
 */
int notice_subscribe(struct holder *holder, Handle handle, const struct notice_wish *wish)
{
    const uint32_t possible = OBJECT_EVENT_GENERAL_FULL | OBJECT_EVENT_SPEC_FULL;
    struct capability capability;
    struct notice *notice;

    int r = find(holder, handle, &notice);
    if (r == 0 && (wish->events == 0 || (wish->events & ~possible) != 0)) {
        r = ERROR_BAD_MESSAGE;
    }
    if (r == 0) {
        r = handles_find(holder, wish->object, &capability);
    }
    if (r == 0) {
        r = derivation_check(capability.node, OCAP_HANDLE_GET_EVENT, 0);
    }
    if (r != 0) {
        return r;
    }
    struct subscription *subscription = find_subscription(notice, capability.node, wish->id);
    if (subscription == NULL) {
        r = add_subscription(notice, capability.node, wish->id, &subscription);
    }
    if (r == 0) {
        want(subscription, &capability, wish->events);
    }
    return r;
}

/* settle() - ring as long as there is something to take */
static void settle(struct notice *notice)
{
    if (notice->is_ringing && TAILQ_EMPTY(&notice->waiting)) {
        ring_no_more(notice);
    }
}

/*
 * notice_unsubscribe() - hear nothing more of the resource that a handle of @holder names
 * @id: only of what is told as *id; NULL: of any
 *
 * Return: 0; ERROR_BAD_MESSAGE: @handle names no notice; ERROR_NOT_FOUND: it was dropped, or there
 * is no such subscription; ERROR_BAD_HANDLE; ERROR_REVOKED; -ENOMEM.
 */
int notice_unsubscribe(struct holder *holder, Handle handle, Handle object, const uint64_t *id)
{
    struct capability capability;
    struct subscription *next;
    struct notice *notice;
    bool is_any = false;

    int r = find(holder, handle, &notice);
    if (r == 0) {
        r = handles_find(holder, object, &capability);
    }
    if (r == 0) {
        r = derivation_check(capability.node, 0, 0);
    }
    if (r != 0) {
        return r;
    }
    for (struct subscription *at = TAILQ_FIRST(&notice->subscriptions); at != NULL; at = next) {
        next = TAILQ_NEXT(at, in_notice);
        if (at->resource == capability.node->resource && (id == NULL || at->id == *id)) {
            subscription_free(at);
            is_any = true;
        }
    }
    settle(notice);
    return is_any ? 0 : ERROR_NOT_FOUND;
}

/*
 * notice_take() - what has happened, and was not taken yet
 * @n_max:      how much of it, at most
 * @ret_events: room for so many
 * @ret_n:      set to how many there are; 0: nothing has happened
 *
 * Return: 0; ERROR_BAD_MESSAGE: @handle names no notice; ERROR_NOT_FOUND: it was dropped.
 */
int notice_take(struct holder *holder, Handle handle, size_t n_max, struct notice_event *ret_events,
                size_t *ret_n)
{
    struct notice *notice;
    size_t n = 0;

    int r = find(holder, handle, &notice);
    if (r != 0) {
        return r;
    }
    while (n < n_max && !TAILQ_EMPTY(&notice->waiting)) {
        struct subscription *first = TAILQ_FIRST(&notice->waiting);
        ret_events[n++] = (struct notice_event){.id = first->id, .events = first->waiting};
        TAILQ_REMOVE(&notice->waiting, first, in_waiting);
        first->waiting = 0;
        free_if_over(first);
    }
    settle(notice);
    *ret_n = n;
    return 0;
}

/*
 * notice_set_event() - tell all who are subscribed to what a handle of @holder names
 *
 * Return: 0; ERROR_BAD_MESSAGE: these are no special events; ERROR_BAD_HANDLE; ERROR_REVOKED;
 * ERROR_DENIED: the handle lacks the right to; -ENOMEM.
 */
int notice_set_event(struct holder *holder, Handle object, uint32_t events)
{
    struct capability capability;

    if (events == 0 || (events & ~OBJECT_EVENT_SPEC_FULL) != 0) {
        return ERROR_BAD_MESSAGE;
    }
    int r = handles_find(holder, object, &capability);
    if (r == 0) {
        r = derivation_check(capability.node, OCAP_HANDLE_SET_EVENT, 0);
    }
    if (r == 0) {
        watchers_tell(&capability.node->resource->watchers, events);
    }
    return r;
}
