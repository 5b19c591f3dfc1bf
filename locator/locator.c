/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each connection of init.yaml can be opened once, and each channel id of a server has one
 * listener. Ended is ended for good.
 */
#include "locator/locator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/route.h"
#include "locator/endpoints.h"

#define ROUTE_OWNER(embedded) ((struct connection *)(embedded)) /* its first member */
#define INBOX_OWNER(embedded) ((struct service *)(embedded))

/*
 * One channel id of one server.
 * @id:          borrowed from the config
 * @is_nobodys:  the server is not launched: the broker or the host does its work
 * @is_over:     for good
 * @connections: of all its clients
 * @next:        of the same server
 */
struct service {
    struct inbox inbox;
    const char *id;
    bool is_nobodys;
    bool is_over;
    struct connection *connections;
    struct service *next;
};

/* One entry of a client's `connections`. @is_over: for good; @next: of the same service */
struct connection {
    struct route route;
    struct service *service;
    bool is_over;
    struct connection *next;
};

/* @connections: borrowed from the locator */
struct entity {
    struct holder *holder;
    struct endpoints endpoints;
    struct connection *connections;
    size_t n_connections;
    struct service *services;
};

struct locator {
    struct entity *entities;
    size_t n_entities;
    struct connection *connections;
};

static void connection_ended(struct route *route)
{
    ROUTE_OWNER(route)->is_over = true;
}

static void connection_released(struct route *route)
{
    (void)route;
}

/* service_closed() - neither is what was never opened ever opened now */
static void service_closed(struct inbox *inbox)
{
    struct service *service = INBOX_OWNER(inbox);

    service->is_over = true;
    for (struct connection *c = service->connections; c != NULL; c = c->next) {
        c->is_over = true;
    }
}

static const struct route_class connection_class = {.ended = connection_ended,
                                                    .released = connection_released};
static const struct inbox_class service_class = {.closed = service_closed};

/* service_find() - the service @id of @server; NULL if there is none */
static struct service *service_find(const struct entity *server, const char *id)
{
    struct service *service = server->services;

    while (service != NULL && strcmp(service->id, id) != 0) {
        service = service->next;
    }
    return service;
}

/* service_need() - the same, made when it is not there yet; NULL without memory */
static struct service *service_need(struct entity *server, const char *id, struct backlog *backlog)
{
    struct service *service = service_find(server, id);

    if (service == NULL) {
        service = calloc(1, sizeof(*service));
        if (service != NULL) {
            inbox_init(&service->inbox, &service_class, server->holder, backlog);
            service->id = id;
            service->next = server->services;
            server->services = service;
        }
    }
    return service;
}

/* locator_fill() - take over what init.yaml declares */
static int locator_fill(struct locator *locator, const struct init_config *config,
                        struct backlog *backlog)
{
    struct connection *connection = locator->connections;

    for (size_t i = 0; i < config->n_entities; i++) {
        const struct init_entity *declared = &config->entities[i];
        struct entity *entity = &locator->entities[i];
        entity->connections = connection;
        entity->n_connections = declared->n_connections;
        entity->holder->n_to_spare -= declared->n_connections;
        for (size_t j = 0; j < declared->n_connections; j++, connection++) {
            const struct init_connection *to = &declared->connections[j];
            struct entity *server = &locator->entities[to->target - config->entities];
            struct service *service = service_need(server, to->id, backlog);
            if (service == NULL) {
                return -ENOMEM;
            }
            service->is_nobodys = to->target->is_built_in;
            connection->service = service;
            connection->next = service->connections;
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
 * @config:  borrowed for the locator's life
 * @holders: of all entities; borrowed likewise
 * @backlog: where inboxes are put that something is left for; borrowed likewise
 *
 * Return: 0; -ENOMEM.
 */
int locator_new(const struct init_config *config, struct holder *holders, struct backlog *backlog,
                struct locator **ret_locator)
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
    for (size_t i = 0; i < config->n_entities; i++) {
        locator->entities[i].holder = &holders[i];
    }
    int r = locator_fill(locator, config, backlog);
    if (r == 0) {
        *ret_locator = STEAL(locator);
    }
    return r;
}

static void entity_free_services(struct entity *entity)
{
    while (entity->services != NULL) {
        struct service *service = entity->services;
        inbox_close(&service->inbox);
        entity->services = service->next;
        free(service);
    }
}

/* locator_free() - end everything; nobody has a handle of it any more. Return: NULL. */
struct locator *locator_free(struct locator *locator)
{
    if (locator == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < locator->n_entities; i++) {
        entity_free_services(&locator->entities[i]);
        endpoints_deinit(&locator->entities[i].endpoints);
    }
    free(locator->entities);
    free(locator->connections);
    free(locator);
    return NULL;
}

/*
 * locator_connect() - open the channel @id for client @entity
 * @ret_handle: its client end
 * @ret_fd:     descriptor to pass along, borrowed; -1 if the entity has it already
 *
 * Return: 0; ERROR_DENIED: init.yaml declares no such connection, or to nobody;
 * ERROR_NOT_CONNECTED: it has ended; ERROR_QUOTA; negative errno.
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
    if (connection == NULL || connection->service->is_nobodys) {
        return ERROR_DENIED;
    }
    if (connection->is_over) {
        return ERROR_NOT_CONNECTED;
    }
    bool first = !connection->route.is_open;
    int r = !first ? 0
                   : route_open(&connection->route, &connection_class, client->holder,
                                &connection->service->inbox);
    if (r == 0) {
        *ret_handle = connection->route.handle;
        *ret_fd = first ? connection->route.client_end : -1;
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
    struct service *service = service_find(&locator->entities[entity], id);
    int fd = -1;

    if (service == NULL) {
        return ERROR_DENIED;
    }
    if (service->is_over) {
        return ERROR_NOT_CONNECTED;
    }
    int r = service->inbox.fd >= 0 ? 0 : inbox_open(&service->inbox, &fd);
    if (r == 0) {
        *ret_handle = service->inbox.handle;
        *ret_fd = fd;
    }
    return r;
}

/*
 * locator_service() - the id of a channel that leads to @entity, whether or not it has ended
 * @number:         0 is one of them, the next number another
 * @ret_n_services: how many they are
 *
 * Return: the id, borrowed; NULL: there are no more than @number.
 */
const char *locator_service(const struct locator *locator, size_t entity, uint32_t number,
                            uint32_t *ret_n_services)
{
    const char *id = NULL;
    uint32_t n = 0;

    for (const struct service *s = locator->entities[entity].services; s != NULL; s = s->next) {
        id = n++ == number ? s->id : id;
    }
    *ret_n_services = n;
    return id;
}

/* locator_take_back() - a handle could not be delivered to @entity: as if it had never asked */
void locator_take_back(struct locator *locator, size_t entity, Handle handle)
{
    const struct holder *holder = locator->entities[entity].holder;
    struct route *route = route_find(holder, handle);
    struct inbox *inbox = inbox_find(holder, handle);

    if (route != NULL) {
        route_release(route);
        ROUTE_OWNER(route)->is_over = false;
    }
    if (inbox != NULL) {
        inbox_shut(inbox);
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
        if (!lost->connections[i].route.is_open) {
            lost->connections[i].is_over = true;
        }
    }
    for (struct service *service = lost->services; service != NULL; service = service->next) {
        if (service->inbox.fd < 0) {
            inbox_close(&service->inbox);
        }
    }
}

/* locator_entity_ended() - @entity is no more, nor has it any handles: tell who waits for it */
void locator_entity_ended(struct locator *locator, size_t entity)
{
    locator_session_lost(locator, entity);
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

/*
 * find_server() - the server behind a client handle, whoever made the channel, once its endpoints
 * are known
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_NOT_CONNECTED; LOCATOR_NOT_YET.
 */
static int find_server(const struct locator *locator, size_t entity, Handle handle,
                       size_t *ret_server)
{
    const struct route *route = route_find(locator->entities[entity].holder, handle);

    if (route == NULL) {
        return ERROR_BAD_HANDLE;
    }
    if (!route->is_open) {
        return ERROR_NOT_CONNECTED;
    }
    *ret_server = route->inbox->server->number;
    return locator->entities[*ret_server].endpoints.complete ? 0 : LOCATOR_NOT_YET;
}

/*
 * locator_riid() - look up an endpoint of the server behind @handle
 *
 * Return: 0; ERROR_BAD_HANDLE; ERROR_NOT_CONNECTED: the channel has ended; ERROR_NOT_FOUND;
 * LOCATOR_NOT_YET: ask again after locator_announced() or locator_entity_ended().
 */
int locator_riid(struct locator *locator, size_t entity, Handle handle, const char *name,
                 uint32_t *ret_riid)
{
    size_t server;

    int r = find_server(locator, entity, handle, &server);
    return r != 0 ? r : endpoints_find_riid(&locator->entities[server].endpoints, name, ret_riid);
}

/*
 * locator_endpoint() - one of the endpoints of the server behind @handle
 * @number:     of the endpoint, from 0
 * @ret_server: the number of the server
 *
 * Return: its name by instances, borrowed; NULL: there are no more, or there is no server.
 */
const char *locator_endpoint(const struct locator *locator, size_t entity, Handle handle,
                             size_t number, size_t *ret_server)
{
    if (find_server(locator, entity, handle, ret_server) != 0) {
        return NULL;
    }
    return endpoints_name(&locator->entities[*ret_server].endpoints, number);
}

/* locator_served() - the interface of an endpoint that @entity serves, borrowed; NULL as long as it
 * has not said that it does */
const char *locator_served(const struct locator *locator, size_t entity, uint32_t riid)
{
    return endpoints_find_interface(&locator->entities[entity].endpoints, riid);
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
    size_t server;

    int r = find_server(locator, entity, handle, &server);
    if (r != 0) {
        return r;
    }
    *ret_name = endpoints_find_interface(&locator->entities[server].endpoints, riid);
    return *ret_name != NULL ? 0 : ERROR_NOT_FOUND;
}
