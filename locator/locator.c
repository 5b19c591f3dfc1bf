/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each connection of init.yaml can be opened once: a socket pair, one end for the client, the other
 * one posted into the inbox of the server's listener as soon as there is one. The broker keeps a
 * copy of the client's end only to be able to shut it down. So the server sees its client's death
 * through the broker, the client sees its server's death from the kernel, and if the broker dies
 * both see each other's from the kernel.
 */
#include "locator/locator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/cleanup.h"
#include "core/control.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "locator/endpoints.h"

enum capability_kind {
    CAPABILITY_CLIENT = 1, /* a struct connection */
    CAPABILITY_SERVED,     /* the same, in the server's space; nothing can be asked about it */
    CAPABILITY_LISTENER,   /* a struct service */
};

enum state {
    STATE_NEW,
    STATE_OPEN,
    STATE_ENDED, /* for good */
};

/*
 * One channel id of one server.
 * @inbox:       our end, -1 unless open
 * @backlog:     some server end was not posted yet
 * @connections: of all its clients
 * @next:        of the same server
 */
struct service {
    const char *id; /* borrowed from the config */
    size_t server;
    enum state state;
    Handle handle;
    int inbox;
    bool backlog;
    struct connection *connections;
    struct service *next;
};

/* One entry of a client's `connections`. @next: of the same service */
struct connection {
    struct service *service;
    size_t client;
    enum state state;
    Handle handle;
    Handle served; /* 0 until it is posted */
    int client_end;
    int server_end; /* until it is posted */
    struct connection *next;
};

/* @connections: borrowed from the locator */
struct entity {
    struct capability_space space;
    struct control control;
    struct endpoints endpoints;
    struct connection *connections;
    size_t n_connections;
    struct service *services;
};

/* @n_backlogs: services with a backlog */
struct locator {
    struct entity *entities;
    size_t n_entities;
    struct connection *connections;
    size_t n_backlogs;
};

/* service_find() - the service @id of @server, made when it is not there yet; NULL without memory
 */
static struct service *service_find(struct locator *locator, size_t server, const char *id,
                                    bool make)
{
    struct entity *entity = &locator->entities[server];
    struct service *service = entity->services;

    while (service != NULL && strcmp(service->id, id) != 0) {
        service = service->next;
    }
    if (service == NULL && make) {
        service = calloc(1, sizeof(*service));
        if (service != NULL) {
            service->id = id;
            service->server = server;
            service->inbox = -1;
            service->next = entity->services;
            entity->services = service;
        }
    }
    return service;
}

/* locator_fill() - take over what init.yaml declares */
static int locator_fill(struct locator *locator, const struct init_config *config)
{
    struct connection *connection = locator->connections;

    for (size_t i = 0; i < config->n_entities; i++) {
        const struct init_entity *declared = &config->entities[i];
        struct entity *entity = &locator->entities[i];
        capability_space_init(&entity->space);
        int r = control_init(&entity->control);
        if (r != 0) {
            return r;
        }
        entity->connections = connection;
        entity->n_connections = declared->n_connections;
        for (size_t j = 0; j < declared->n_connections; j++, connection++) {
            const struct init_connection *to = &declared->connections[j];
            size_t server = (size_t)(to->target - config->entities);
            struct service *service = service_find(locator, server, to->id, true);
            if (service == NULL) {
                return -ENOMEM;
            }
            *connection = (struct connection){.service = service,
                                              .client = i,
                                              .client_end = -1,
                                              .server_end = -1,
                                              .next = service->connections};
            service->connections = connection;
        }
    }
    return 0;
}

static void locator_freep(struct locator **locator)
{
    locator_free(*locator);
}

/*
 * locator_new() - the state before anything is open
 * @config: borrowed for the locator's life
 *
 * Return: 0; -ENOMEM.
 */
int locator_new(const struct init_config *config, struct locator **ret_locator)
{
    CLEANUP(locator_freep) struct locator *locator = calloc(1, sizeof(*locator));
    size_t n_connections = 0;

    if (locator == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->n_entities; i++) {
        n_connections += config->entities[i].n_connections;
    }
    locator->entities = calloc(config->n_entities, sizeof(*locator->entities));
    locator->connections = calloc(n_connections + 1, sizeof(*locator->connections));
    if (locator->entities == NULL || locator->connections == NULL) {
        return -ENOMEM;
    }
    locator->n_entities = config->n_entities;
    int r = locator_fill(locator, config);
    if (r == 0) {
        *ret_locator = STEAL(locator);
    }
    return r;
}

int locator_control(const struct locator *locator, size_t entity)
{
    return locator->entities[entity].control.fd;
}

/* entity_name() - give @entity a handle. Return: 0; ERROR_QUOTA; -ENOMEM. */
static int entity_name(struct entity *entity, struct capability capability, Handle *ret_handle)
{
    int r = capability_space_add(&entity->space, capability, ret_handle);

    if (r == 0) {
        control_set(&entity->control, *ret_handle, CONTROL_LIVE);
    }
    return r;
}

/* entity_end_handle() - take it back, and say so; fine if it never was one */
static void entity_end_handle(struct entity *entity, Handle handle)
{
    if (capability_space_find(&entity->space, handle) != NULL) {
        control_set(&entity->control, handle, CONTROL_ENDED);
        capability_space_remove(&entity->space, handle);
    }
}

/* service_nudge() - have the server look at its inbox and its clients' sockets, if it listens */
static void service_nudge(struct locator *locator, const struct service *service)
{
    if (service->state == STATE_OPEN) {
        control_nudge(&locator->entities[service->server].control, service->handle);
    }
}

/* connection_reset() - close what is open of a channel, and put it into @state */
static void connection_reset(struct locator *locator, struct connection *connection,
                             enum state state)
{
    struct entity *client = &locator->entities[connection->client];

    if (connection->state == STATE_OPEN) {
        (void)shutdown(connection->client_end, SHUT_RDWR);
        connection->client_end = fd_close(connection->client_end);
        connection->server_end = fd_close(connection->server_end);
        entity_end_handle(client, connection->handle);
        entity_end_handle(&locator->entities[connection->service->server], connection->served);
        connection->served = 0;
        service_nudge(locator, connection->service);
    }
    connection->state = state;
}

static void service_set_backlog(struct locator *locator, struct service *service, bool backlog)
{
    if (service->backlog != backlog) {
        service->backlog = backlog;
        locator->n_backlogs += backlog ? 1 : (size_t)-1;
    }
}

/* service_reset() - close a listener, if it is open, and put it into @state */
static void service_reset(struct locator *locator, struct service *service, enum state state)
{
    if (service->state == STATE_OPEN) {
        service->inbox = fd_close(service->inbox);
        service_nudge(locator, service);
        capability_space_remove(&locator->entities[service->server].space, service->handle);
    }
    service->state = state;
    service_set_backlog(locator, service, false);
}

/* service_end() - end a service and all channels to it, for good */
static void service_end(struct locator *locator, struct service *service)
{
    for (struct connection *c = service->connections; c != NULL; c = c->next) {
        connection_reset(locator, c, STATE_ENDED);
    }
    service_reset(locator, service, STATE_ENDED);
}

static void entity_free_services(struct locator *locator, struct entity *entity)
{
    while (entity->services != NULL) {
        struct service *service = entity->services;
        service_end(locator, service);
        entity->services = service->next;
        free(service);
    }
}

/* locator_free() - end everything. Return: NULL. */
struct locator *locator_free(struct locator *locator)
{
    if (locator == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < locator->n_entities; i++) {
        entity_free_services(locator, &locator->entities[i]);
    }
    for (size_t i = 0; i < locator->n_entities; i++) {
        capability_space_deinit(&locator->entities[i].space);
        control_deinit(&locator->entities[i].control);
        endpoints_deinit(&locator->entities[i].endpoints);
    }
    free(locator->entities);
    free(locator->connections);
    free(locator);
    return NULL;
}

/*
 * service_post() - give the server its end of a channel, as soon as it listens and has room for it
 *
 * A server that does not take what is posted only delays its own clients: see locator_deliver().
 */
static void service_post(struct locator *locator, struct service *service,
                         struct connection *connection)
{
    const struct capability capability = {.kind = CAPABILITY_SERVED, .object = connection};
    struct session_inbox_post post = {.magic = SESSION_MAGIC};
    struct iovec part = {.iov_base = &post, .iov_len = sizeof(post)};

    if (service->state != STATE_OPEN || connection->state != STATE_OPEN ||
        connection->server_end < 0) {
        return;
    }
    if (connection->served == 0 &&
        entity_name(&locator->entities[service->server], capability, &connection->served) != 0) {
        service_set_backlog(locator, service, true);
        return;
    }
    post.handle = connection->served;
    if (fd_send(service->inbox, &part, 1, connection->server_end, MSG_DONTWAIT) == 0) {
        connection->server_end = fd_close(connection->server_end);
        service_nudge(locator, service);
    } else {
        service_set_backlog(locator, service, true);
    }
}

/* service_post_all() - the same for every channel that waits for it */
static void service_post_all(struct locator *locator, struct service *service)
{
    service_set_backlog(locator, service, false);
    for (struct connection *c = service->connections; c != NULL && !service->backlog; c = c->next) {
        service_post(locator, service, c);
    }
}

/* locator_deliver() - try again to post what could not be posted. Return: whether something is
 * still left. */
bool locator_deliver(struct locator *locator)
{
    for (size_t i = 0; i < locator->n_entities && locator->n_backlogs > 0; i++) {
        for (struct service *s = locator->entities[i].services; s != NULL; s = s->next) {
            if (s->backlog) {
                service_post_all(locator, s);
            }
        }
    }
    return locator->n_backlogs > 0;
}

/* connection_open() - make the channel and name its client end */
static int connection_open(struct locator *locator, struct connection *connection)
{
    struct capability capability = {.kind = CAPABILITY_CLIENT, .object = connection};
    struct entity *client = &locator->entities[connection->client];
    int ends[2];

    int r = fd_pair(ends);
    if (r != 0) {
        return r;
    }
    r = entity_name(client, capability, &connection->handle);
    if (r != 0) {
        fd_close(ends[0]);
        fd_close(ends[1]);
        return r;
    }
    connection->client_end = ends[0];
    connection->server_end = ends[1];
    connection->state = STATE_OPEN;
    service_post(locator, connection->service, connection);
    return 0;
}

/*
 * locator_connect() - open the channel @id for client @entity
 * @ret_handle: its client end
 * @ret_fd:     descriptor to pass along, borrowed; -1 if the entity has it already
 *
 * Return: 0; ERROR_DENIED: init.yaml declares no such connection; ERROR_NOT_CONNECTED: it has
 * ended; ERROR_QUOTA; negative errno.
 */
int locator_connect(struct locator *locator, size_t entity, const char *id, Handle *ret_handle,
                    int *ret_fd)
{
    const struct entity *client = &locator->entities[entity];
    struct connection *connection = NULL;

    for (size_t i = 0; i < client->n_connections && connection == NULL; i++) {
        struct connection *candidate = &client->connections[i];
        if (strcmp(candidate->service->id, id) == 0) {
            connection = candidate;
        }
    }
    if (connection == NULL) {
        return ERROR_DENIED;
    }
    if (connection->state == STATE_ENDED) {
        return ERROR_NOT_CONNECTED;
    }
    bool first = connection->state == STATE_NEW;
    int r = first ? connection_open(locator, connection) : 0;
    if (r == 0) {
        *ret_handle = connection->handle;
        *ret_fd = first ? connection->client_end : -1;
    }
    return r;
}

/*
 * locator_register() - let @entity serve the channel @id
 * @ret_handle: its listener
 * @ret_fd:     the listener's end of the inbox to pass along, owned by the caller; -1 if the entity
 * has it already
 *
 * Return: 0; ERROR_DENIED: no connection of init.yaml leads to this entity under that id;
 * ERROR_NOT_CONNECTED: the listener was closed; ERROR_QUOTA; negative errno.
 */
int locator_register(struct locator *locator, size_t entity, const char *id, Handle *ret_handle,
                     int *ret_fd)
{
    struct service *service = service_find(locator, entity, id, false);
    struct capability capability = {.kind = CAPABILITY_LISTENER, .object = service};
    int ends[2];

    if (service == NULL) {
        return ERROR_DENIED;
    }
    if (service->state == STATE_ENDED) {
        return ERROR_NOT_CONNECTED;
    }
    *ret_fd = -1;
    if (service->state == STATE_NEW) {
        int r = fd_pair(ends);
        if (r != 0) {
            return r;
        }
        r = capability_space_add(&locator->entities[entity].space, capability, &service->handle);
        if (r != 0) {
            fd_close(ends[0]);
            fd_close(ends[1]);
            return r;
        }
        service->inbox = ends[0];
        service->state = STATE_OPEN;
        service_set_backlog(locator, service,
                            true); /* posted by locator_deliver(), once the entity has its end */
        *ret_fd = ends[1];
    }
    *ret_handle = service->handle;
    return 0;
}

/* locator_take_back() - a handle could not be delivered to @entity: as if it had never asked */
void locator_take_back(struct locator *locator, size_t entity, Handle handle)
{
    const struct capability *capability =
        capability_space_find(&locator->entities[entity].space, handle);

    if (capability == NULL || capability->kind == CAPABILITY_SERVED) {
        return;
    }
    if (capability->kind == CAPABILITY_CLIENT) {
        connection_reset(locator, capability->object, STATE_NEW);
    } else {
        service_reset(locator, capability->object, STATE_NEW);
    }
}

/*
 * locator_session_lost() - @entity can ask for nothing any more: what it never opened it never will
 *
 * What is open goes on without the broker.
 */
void locator_session_lost(struct locator *locator, size_t entity)
{
    struct entity *lost = &locator->entities[entity];

    lost->endpoints.complete = true;
    for (size_t i = 0; i < lost->n_connections; i++) {
        if (lost->connections[i].state == STATE_NEW) {
            connection_reset(locator, &lost->connections[i], STATE_ENDED);
        }
    }
    for (struct service *service = lost->services; service != NULL; service = service->next) {
        if (service->state == STATE_NEW) {
            service_end(locator, service);
        }
    }
}

/* locator_close() - @entity gives a handle back. Return: 0; ERROR_BAD_HANDLE. */
int locator_close(struct locator *locator, size_t entity, Handle handle)
{
    const struct capability *capability =
        capability_space_find(&locator->entities[entity].space, handle);

    if (capability == NULL || capability->kind == CAPABILITY_SERVED) {
        return ERROR_BAD_HANDLE;
    }
    if (capability->kind == CAPABILITY_CLIENT) {
        connection_reset(locator, capability->object, STATE_ENDED);
    } else {
        service_end(locator, capability->object);
    }
    return 0;
}

/* locator_entity_ended() - @entity is no more: end all its channels, tell who waits for it */
void locator_entity_ended(struct locator *locator, size_t entity)
{
    struct entity *ended = &locator->entities[entity];

    ended->endpoints.complete = true;
    for (size_t i = 0; i < ended->n_connections; i++) {
        connection_reset(locator, &ended->connections[i], STATE_ENDED);
    }
    for (struct service *service = ended->services; service != NULL; service = service->next) {
        service_end(locator, service);
    }
}

/* locator_announce() - @entity's program serves an endpoint. Return: as endpoints_add(). */
int locator_announce(struct locator *locator, size_t entity, uint32_t riid, const char *name,
                     const char *class_name, const char *interface)
{
    return endpoints_add(&locator->entities[entity].endpoints, riid, name, class_name, interface);
}

/* locator_announced() - those were all endpoints of @entity */
void locator_announced(struct locator *locator, size_t entity)
{
    locator->entities[entity].endpoints.complete = true;
}

/* server_endpoints() - the endpoints of the server behind a client handle; NULL if it is none */
static const struct endpoints *server_endpoints(const struct locator *locator, size_t entity,
                                                Handle handle)
{
    const struct capability *capability =
        capability_space_find(&locator->entities[entity].space, handle);

    if (capability == NULL || capability->kind != CAPABILITY_CLIENT) {
        return NULL;
    }
    const struct connection *connection = capability->object;
    return &locator->entities[connection->service->server].endpoints;
}

/*
 * locator_riid() - look up an endpoint of the server behind @handle
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_NOT_FOUND; LOCATOR_NOT_YET: ask again after
 * locator_announced() or locator_entity_ended().
 */
int locator_riid(struct locator *locator, size_t entity, Handle handle, const char *name,
                 uint32_t *ret_riid)
{
    const struct endpoints *endpoints = server_endpoints(locator, entity, handle);

    if (endpoints == NULL) {
        return ERROR_BAD_HANDLE;
    }
    if (!endpoints->complete) {
        return LOCATOR_NOT_YET;
    }
    return endpoints_find_riid(endpoints, name, ret_riid);
}

/*
 * locator_interface() - the interface of an endpoint of the server behind @handle
 * @ret_name: borrowed
 *
 * Return: as locator_riid().
 */
int locator_interface(struct locator *locator, size_t entity, Handle handle, uint32_t riid,
                      const char **ret_name)
{
    const struct endpoints *endpoints = server_endpoints(locator, entity, handle);

    if (endpoints == NULL) {
        return ERROR_BAD_HANDLE;
    }
    if (!endpoints->complete) {
        return LOCATOR_NOT_YET;
    }
    *ret_name = endpoints_find_interface(endpoints, riid);
    return *ret_name != NULL ? 0 : ERROR_NOT_FOUND;
}
