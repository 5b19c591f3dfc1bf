/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/cm.h"

#include <errno.h>
#include <nk/types.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cm/deadlines.h"
#include "cm/names.h"
#include "core/cleanup.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/utf8.h"

#define NS_PER_MS INT64_C(1000000)

/* One dynamic channel; charged to its client. @service: for who wants to know what happens; owned
 */
struct cm_channel {
    struct route route;
    struct cm *cm;
    size_t client;
    size_t server;
    char *service;
};

/* A listener that was made for a dynamic channel; charged to its server, like a channel. */
struct cm_listener {
    struct inbox inbox;
    struct cm *cm;
};

/* @task: first, which is what the tree compares */
struct cm_entity {
    const char *task;
    size_t number;
};

/*
 * @by_task:    the tree of tsearch(), which finds entities by their names
 * @n_to_spare: channels that may still be made
 */
struct cm {
    struct cm_setup setup;
    struct cm_entity *entities;
    void *by_task;
    size_t n_to_spare;
    struct requests *requests;
    struct names *names;
};

static int compare_tasks(const void *a, const void *b)
{
    return strcmp(((const struct cm_entity *)a)->task, ((const struct cm_entity *)b)->task);
}

static void cm_freep(struct cm **cm)
{
    cm_free(*cm);
}

/* cm_new() - nothing is asked for, nothing published. Return: 0; -ENOMEM. */
int cm_new(const struct cm_setup *setup, struct cm **ret_cm)
{
    CLEANUP(cm_freep) struct cm *cm = calloc(1, sizeof(*cm));

    if (cm == NULL) {
        return -ENOMEM;
    }
    cm->setup = *setup;
    cm->n_to_spare = setup->n_to_spare;
    cm->entities = calloc(setup->n_entities, sizeof(*cm->entities));
    if (cm->entities == NULL || requests_new(setup->n_entities, &cm->requests) != 0 ||
        names_new(setup->n_entities, &cm->names) != 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < setup->n_entities; i++) {
        cm->entities[i] = (struct cm_entity){.task = setup->tasks[i], .number = i};
        if (tsearch(&cm->entities[i], &cm->by_task, compare_tasks) == NULL) {
            return -ENOMEM;
        }
    }
    *ret_cm = STEAL(cm);
    return 0;
}

static void forget_node(void *node)
{
    (void)node;
}

/* cm_free() - forget everything; nobody has a handle of it any more. Return: NULL. */
struct cm *cm_free(struct cm *cm)
{
    if (cm == NULL) {
        return NULL;
    }
    tdestroy(cm->by_task, forget_node);
    requests_free(cm->requests);
    names_free(cm->names);
    free(cm->entities);
    free(cm);
    return NULL;
}

/* find_task() - the number of the entity that is called @task. Return: whether there is one. */
static bool find_task(const struct cm *cm, const char *task, size_t *ret_number)
{
    const struct cm_entity key = {.task = task};
    struct cm_entity **node = tfind(&key, &cm->by_task, compare_tasks);

    if (node != NULL) {
        *ret_number = (*node)->number;
    }
    return node != NULL;
}

/* is_name() - whether @name can be one: some text, without control characters, that can be printed
 * anywhere */
static bool is_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == '\x7f') {
            return false;
        }
    }
    return name[0] != '\0' && utf8_is_valid(name, strlen(name));
}

static int64_t deadline_ns(uint32_t timeout_ms, int64_t now_ns)
{
    return timeout_ms == TIMEOUT_NEVER_MS ? DEADLINE_NEVER : now_ns + timeout_ms * NS_PER_MS;
}

/* report() - tell who wants to know that something happened */
static void report(const struct cm *cm, struct cm_event event)
{
    if (cm->setup.hooks.happened != NULL) {
        cm->setup.hooks.happened(cm->setup.hooks.data, &event);
    }
}

/* What the rules say of one request. */
struct judgement {
    enum policy_verdict verdict;
    uint64_t missing;
};

/*
 * held_by() - the capabilities of @client
 *
 * They are read if they can matter for any request of its, so that how long that takes says nothing
 * about the one that it makes.
 */
static uint64_t held_by(const struct cm *cm, size_t client)
{
    const struct cm_hooks *hooks = &cm->setup.hooks;

    return cm->setup.policy != NULL && policy_required(cm->setup.policy, client) != 0
               ? hooks->held(hooks->data, client)
               : 0;
}

/* judge() - whether @client may ask @server for @service */
static struct judgement judge(const struct cm *cm, size_t client, const char *server,
                              const char *service)
{
    struct judgement judgement = {.verdict = POLICY_ALLOWED};

    if (cm->setup.policy != NULL) {
        judgement.verdict = policy_check(cm->setup.policy, client, server, service,
                                         held_by(cm, client), &judgement.missing);
    }
    return judgement;
}

/* A request that is about to be made. */
struct cm_wish {
    size_t client;
    uint32_t number;
    const char *server;
    const char *service;
    uint32_t timeout_ms;
    int64_t deadline_ns;
};

/*
 * check_room() - what hinders the client, whomever it asks
 *
 * Return: 0; ERROR_QUOTA; ERROR_TIMEOUT: it would have to wait, and may not.
 */
static int check_room(const struct cm *cm, const struct cm_wish *wish)
{
    if (cm->setup.holders[wish->client].n_to_spare == 0 || cm->n_to_spare == 0) {
        return ERROR_QUOTA;
    }
    return wish->timeout_ms == 0 ? ERROR_TIMEOUT : 0; /* nobody accepts what he has not heard of */
}

/*
 * ask_nobody() - of a server that the client may not know
 *
 * Nothing here looks at what entities there are, nor at what they do.
 */
static int ask_nobody(struct cm *cm, const struct cm_wish *wish)
{
    int r = check_room(cm, wish);

    return r != 0 ? r
                  : requests_connect_nobody(cm->requests, wish->client, wish->number, wish->server,
                                            wish->service, wish->deadline_ns);
}

/* ask_server() - of one that it may know; @is_heard: and may ask for just this */
static int ask_server(struct cm *cm, const struct cm_wish *wish, bool is_heard)
{
    size_t to;

    if (!find_task(cm, wish->server, &to) || requests_is_gone(cm->requests, to)) {
        return ERROR_NOT_FOUND;
    }
    int r = check_room(cm, wish);
    if (r != 0) {
        return r;
    }
    return (is_heard ? requests_connect : requests_connect_unheard)(
        cm->requests, wish->client, wish->number, to, wish->service, wish->deadline_ns);
}

/* check_wish() - whether it could be anything. Return: 0; ERROR_BAD_MESSAGE. */
static int check_wish(const struct cm *cm, const struct cm_wish *wish)
{
    return is_name(wish->server) && is_name(wish->service) &&
                   strcmp(wish->server, cm->entities[wish->client].task) != 0
               ? 0
               : ERROR_BAD_MESSAGE;
}

/* report_wish() - what becomes of it */
static void report_wish(const struct cm *cm, const struct cm_wish *wish, enum cm_event_kind kind,
                        uint64_t missing, int result)
{
    report(cm, (struct cm_event){.kind = kind,
                                 .client = wish->client,
                                 .server = wish->server,
                                 .service = wish->service,
                                 .missing = missing,
                                 .result = result});
}

/* ask() - as the rules have it */
static int ask(struct cm *cm, const struct cm_wish *wish)
{
    struct judgement judgement = judge(cm, wish->client, wish->server, wish->service);
    bool is_heard = judgement.verdict == POLICY_ALLOWED;

    if (!is_heard) {
        report_wish(cm, wish, CM_FORBIDDEN, judgement.missing, 0);
    }
    int r = judgement.verdict == POLICY_NOT_THE_SERVER ? ask_nobody(cm, wish)
                                                       : ask_server(cm, wish, is_heard);
    if (r != 0 && is_heard) {
        report_wish(cm, wish, CM_FAILED, 0, r);
    }
    return r;
}

/*
 * cm_connect() - @client asks @server for a channel to @service
 * @number: by which its answer is known
 *
 * Who may not ask this server for anything is told the same as if there were no such server: its
 * time passes. Who may ask it for something else is told the same as if it did not listen.
 *
 * Return: 0: an answer will come; ERROR_BAD_MESSAGE: something is no name, or the client itself;
 * ERROR_NOT_FOUND: there is no such entity, or it has ended; ERROR_EXISTS; ERROR_QUOTA;
 * ERROR_TIMEOUT: it would have to wait, and may not; -ENOMEM.
 */
int cm_connect(struct cm *cm, size_t client, uint32_t number, const char *server,
               const char *service, uint32_t timeout_ms, int64_t now_ns)
{
    const struct cm_wish wish = {.client = client,
                                 .number = number,
                                 .server = server,
                                 .service = service,
                                 .timeout_ms = timeout_ms,
                                 .deadline_ns = deadline_ns(timeout_ms, now_ns)};

    report_wish(cm, &wish, CM_ASKED, 0, 0);
    int r = check_wish(cm, &wish);
    if (r != 0) {
        report_wish(cm, &wish, CM_FAILED, 0, r);
        return r;
    }
    return ask(cm, &wish);
}

/*
 * cm_listen() - @server wants to know who asks for a channel
 * @number: by which its answer is known
 *
 * Return: 0: an answer will come; ERROR_QUOTA; -ENOMEM.
 */
int cm_listen(struct cm *cm, size_t server, uint32_t number, uint32_t timeout_ms, int64_t now_ns)
{
    return requests_listen(cm->requests, server, number, deadline_ns(timeout_ms, now_ns));
}

/* find_request() - what the client called @client asks @server for; NULL if it does not */
static struct cm_request *find_request(const struct cm *cm, size_t server, const char *client,
                                       const char *service)
{
    size_t from;

    return find_task(cm, client, &from) ? requests_find(cm->requests, server, from, service) : NULL;
}

/* charge() - let @holder make something that counts as a channel. Return: 0; ERROR_QUOTA. */
static int charge(struct cm *cm, struct holder *holder)
{
    if (holder->n_to_spare == 0 || cm->n_to_spare == 0) {
        return ERROR_QUOTA;
    }
    holder->n_to_spare--;
    cm->n_to_spare--;
    return 0;
}

static void discharge(struct cm *cm, struct holder *holder)
{
    holder->n_to_spare++;
    cm->n_to_spare++;
}

static void listener_closed(struct inbox *inbox)
{
    struct cm_listener *listener = (struct cm_listener *)inbox;

    discharge(listener->cm, inbox->server);
    free(listener);
}

/* listener_make() - for @server, with nobody to serve yet. Return: 0; ERROR_QUOTA; negative errno.
 */
static int listener_make(struct cm *cm, size_t server, struct inbox **ret_inbox, int *ret_fd)
{
    static const struct inbox_class class = {.closed = listener_closed};
    struct holder *holder = &cm->setup.holders[server];
    struct cm_listener *listener = malloc(sizeof(*listener));

    if (listener == NULL) {
        return -ENOMEM;
    }
    int r = charge(cm, holder);
    if (r != 0) {
        free(listener);
        return r;
    }
    inbox_init(&listener->inbox, &class, holder, cm->setup.backlog);
    listener->cm = cm;
    r = inbox_open(&listener->inbox, ret_fd);
    if (r != 0) {
        listener_closed(&listener->inbox);
        return r;
    }
    *ret_inbox = &listener->inbox;
    return 0;
}

/* report_channel() - that it is made, or has ended */
static void report_channel(const struct cm_channel *channel, enum cm_event_kind kind)
{
    report(channel->cm, (struct cm_event){.kind = kind,
                                          .client = channel->client,
                                          .server = channel->cm->entities[channel->server].task,
                                          .service = channel->service});
}

static void channel_ended(struct route *route)
{
    report_channel((struct cm_channel *)route, CM_ENDED);
}

static void channel_free(struct cm_channel *channel)
{
    free(channel->service);
    free(channel);
}

static void channel_released(struct route *route)
{
    struct cm_channel *channel = (struct cm_channel *)route;

    discharge(channel->cm, route->client);
    channel_free(channel);
}

/* channel_new() - without a route, and not charged to anybody. Return: NULL without memory. */
static struct cm_channel *channel_new(struct cm *cm, size_t client, size_t server,
                                      const char *service)
{
    struct cm_channel *channel = calloc(1, sizeof(*channel));

    if (channel == NULL) {
        return NULL;
    }
    channel->cm = cm;
    channel->client = client;
    channel->server = server;
    if (cm->setup.hooks.happened != NULL) {
        channel->service = strdup(service);
        if (channel->service == NULL) {
            free(channel);
            return NULL;
        }
    }
    return channel;
}

/* channel_make() - what @client asked @server for. Return: 0; ERROR_QUOTA: the client has too much;
 * negative errno. */
static int channel_make(struct cm *cm, size_t client, size_t server, const char *service,
                        struct inbox *inbox, struct route **ret_route)
{
    static const struct route_class class = {.ended = channel_ended, .released = channel_released};
    struct holder *holder = &cm->setup.holders[client];
    struct cm_channel *channel = channel_new(cm, client, server, service);

    if (channel == NULL) {
        return -ENOMEM;
    }
    int r = charge(cm, holder);
    if (r != 0) {
        channel_free(channel);
        return r;
    }
    r = route_open(&channel->route, &class, holder, inbox);
    if (r != 0) {
        discharge(cm, holder);
        channel_free(channel);
        return r;
    }
    report_channel(channel, CM_MADE);
    *ret_route = &channel->route;
    return 0;
}

/* need_inbox() - the listener that @handle names, or a new one. Return: 0; ERROR_BAD_HANDLE;
 * ERROR_QUOTA; negative errno. */
static int need_inbox(struct cm *cm, size_t server, Handle handle, struct inbox **ret_inbox,
                      int *ret_fd)
{
    *ret_fd = -1;
    if (handle == INVALID_HANDLE) {
        return listener_make(cm, server, ret_inbox, ret_fd);
    }
    *ret_inbox = inbox_find(&cm->setup.holders[server], handle);
    return *ret_inbox != NULL ? 0 : ERROR_BAD_HANDLE;
}

/*
 * cm_accept() - @server makes the channel that a client asked for
 * @riid:     what the client is told
 * @listener: of the server, static or dynamic; INVALID_HANDLE: a new one
 *
 * If the client can have no channel any more, it is told so, and its request is gone. After any
 * other error the request is where it was.
 *
 * Return: 0; ERROR_NOT_FOUND: no such request, perhaps not any more; ERROR_BAD_HANDLE: @listener is
 * none of the server's; ERROR_BAD_MESSAGE: @riid is no RIID; ERROR_QUOTA; negative errno.
 */
int cm_accept(struct cm *cm, size_t server, const char *client, const char *service, uint32_t riid,
              Handle listener, struct cm_accepted *ret_accepted)
{
    struct cm_request *request = find_request(cm, server, client, service);
    struct inbox *inbox;
    struct route *route;
    size_t from;
    int fd;

    if (riid > NK_IID_MAX) {
        return ERROR_BAD_MESSAGE;
    }
    if (request == NULL || !find_task(cm, client, &from)) {
        return ERROR_NOT_FOUND;
    }
    int r = need_inbox(cm, server, listener, &inbox, &fd);
    if (r != 0) {
        return r;
    }
    r = channel_make(cm, from, server, service, inbox, &route);
    if (r == 0) {
        requests_answer(cm->requests, request, 0, route->handle, riid);
        *ret_accepted = (struct cm_accepted){
            .listener = inbox->handle, .fd = fd, .client = from, .channel = route->handle};
        return 0;
    }
    if (listener == INVALID_HANDLE) {
        inbox_close(inbox);
        fd_close(fd);
    }
    if (r == ERROR_QUOTA) {
        requests_answer(cm->requests, request, r, INVALID_HANDLE, 0);
        r = ERROR_NOT_FOUND;
    }
    return r;
}

/* cm_drop() - @server refuses a request. Return: 0; ERROR_NOT_FOUND. */
int cm_drop(struct cm *cm, size_t server, const char *client, const char *service)
{
    struct cm_request *request = find_request(cm, server, client, service);

    if (request == NULL) {
        return ERROR_NOT_FOUND;
    }
    requests_answer(cm->requests, request, ERROR_DENIED, INVALID_HANDLE, 0);
    return 0;
}

/* cm_expire() - tell all whose time is over that it is */
void cm_expire(struct cm *cm, int64_t now_ns)
{
    requests_expire(cm->requests, now_ns);
}

/* cm_deadline_ns() - when cm_expire() has something to do next; INT64_MAX: never */
int64_t cm_deadline_ns(const struct cm *cm)
{
    return requests_deadline_ns(cm->requests);
}

/* cm_take_answer() - what somebody is to be told, in that order. Return: whether there is anything.
 */
bool cm_take_answer(struct cm *cm, struct cm_answer *ret_answer)
{
    if (!requests_take_answer(cm->requests, ret_answer)) {
        return false;
    }
    if (ret_answer->kind == ANSWER_CONNECT && ret_answer->result != 0 && !ret_answer->is_unheard) {
        report(cm, (struct cm_event){.kind = CM_FAILED,
                                     .client = ret_answer->entity,
                                     .server = cm->entities[ret_answer->server].task,
                                     .service = ret_answer->service,
                                     .result = ret_answer->result});
    }
    return true;
}

/* cm_gone() - @entity has ended, or can ask for nothing any more; what it has open goes on */
void cm_gone(struct cm *cm, size_t entity)
{
    requests_gone(cm->requests, entity);
    names_gone(cm->names, entity);
}

/* check_publication() - whether @entity may speak for @server. Return: 0; ERROR_BAD_MESSAGE:
 * something is no name; ERROR_DENIED. */
static int check_publication(const struct cm *cm, size_t entity, const char *type,
                             const char *server, const char *service)
{
    if (!is_name(type) || !is_name(server) || !is_name(service)) {
        return ERROR_BAD_MESSAGE;
    }
    return strcmp(server, cm->entities[entity].task) == 0 ? 0 : ERROR_DENIED;
}

/*
 * cm_publish() - @entity says that its @service has the interface @type
 * @server: must be what it is called
 *
 * Return: 0; ERROR_BAD_MESSAGE; ERROR_DENIED; ERROR_EXISTS; ERROR_QUOTA; -ENOMEM.
 */
int cm_publish(struct cm *cm, size_t entity, const char *type, const char *server,
               const char *service)
{
    int r = check_publication(cm, entity, type, server, service);

    return r != 0 ? r : names_publish(cm->names, entity, type, service);
}

/* cm_unpublish() - @entity takes that back. Return: 0; ERROR_BAD_MESSAGE; ERROR_DENIED;
 * ERROR_NOT_FOUND. */
int cm_unpublish(struct cm *cm, size_t entity, const char *type, const char *server,
                 const char *service)
{
    int r = check_publication(cm, entity, type, server, service);

    return r != 0 ? r : names_unpublish(cm->names, entity, type, service);
}

/* What cm_enumerate() shows, and to whom. */
struct shown {
    const struct cm *cm;
    size_t entity;
    uint64_t held;
};

/* is_shown() - whether the entity may ask for this service, or serves it itself */
static bool is_shown(void *data, size_t publisher, const char *service)
{
    const struct shown *shown = data;
    uint64_t missing;

    return publisher == shown->entity ||
           policy_check(shown->cm->setup.policy, shown->entity, shown->cm->entities[publisher].task,
                        service, shown->held, &missing) == POLICY_ALLOWED;
}

/*
 * cm_enumerate() - who is the publisher number @index, from 0, of the interface @type, of those
 * that @entity may ask
 * @ret_server, @ret_service: borrowed until the next change
 *
 * Return: 0; ERROR_BAD_MESSAGE: @type is no name; ERROR_NOT_FOUND: there are not so many.
 */
int cm_enumerate(struct cm *cm, size_t entity, const char *type, uint32_t index,
                 const char **ret_server, const char **ret_service)
{
    struct shown shown = {.cm = cm, .entity = entity, .held = held_by(cm, entity)};
    const struct names_view view = {
        .entity = entity, .is_visible = cm->setup.policy != NULL ? is_shown : NULL, .data = &shown};
    size_t publisher;

    if (!is_name(type)) {
        return ERROR_BAD_MESSAGE;
    }
    int r = names_at(cm->names, &view, type, index, &publisher, ret_service);
    if (r == 0) {
        *ret_server = cm->entities[publisher].task;
    }
    return r;
}
