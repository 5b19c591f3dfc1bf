/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels as the broker has them: a route leads from one client to the inbox of a listener.
 *
 * The client's end is passed to the client; the server's end to the server when it accepts the
 * channel, or else it is posted into the inbox by backlog_deliver(), as soon as the listener is
 * there and has room. The broker keeps a copy of the client's end only to be able to shut it down.
 * So the server sees its client's death through the broker, the client sees its server's death from
 * the kernel, and if the broker dies both see each other's from the kernel.
 *
 * A client's handle stays until the client gives it back, whether its route has ended or not.
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "core/holder.h"
#include "core/parcel.h"

/* What the handles in a capability space name. */
enum capability_kind {
    CAPABILITY_CLIENT = 1, /* a struct route */
    CAPABILITY_SERVED,     /* the same, in the server's space; nothing can be asked about it */
    CAPABILITY_LISTENER,   /* a struct inbox */
    CAPABILITY_RESOURCE,   /* what its node says; also a channel that may not be called through */
    CAPABILITY_BADGE,      /* a struct badge */
    CAPABILITY_PARCEL,     /* a struct parcel: it will be a handle when its message arrives */
    CAPABILITY_NOTICE,     /* a struct notice; no handle to programs */
};

struct route;
struct inbox;

/*
 * What those who embed them want to know.
 * @ended:    nobody can call through the route any more
 * @released: nor is there a handle for it: it may be freed
 * @closed:   a listener was closed, and all routes to it have ended: the inbox may be freed
 */
struct route_class {
    void (*ended)(struct route *route);
    void (*released)(struct route *route);
};
struct inbox_class {
    void (*closed)(struct inbox *inbox);
};

/*
 * Where the calls of a channel go, for those who may have to know after it has ended.
 * @inbox:    NULL: nowhere any more
 * @is_bound: to the endpoint @riid alone
 */
struct lead {
    struct inbox *inbox;
    bool is_bound;
    uint32_t riid;
    LIST_ENTRY(lead) in_leads;
};

/* Inboxes that something is left to be posted into. */
TAILQ_HEAD(backlog, inbox);

TAILQ_HEAD(routes, route);

/*
 * @server:     borrowed, like all holders
 * @backlog:    where it is put while something is left for it
 * @handle:     of the listener
 * @fd:         our end of it; -1 if there is no listener now
 * @open:       routes that are open
 * @unposted:   those of them whose server's end is still here
 * @leads:      to it
 * @heirs:      inboxes of those that its listener was handed on to, the newest first
 * @testator:   whose heir it is; NULL: nobody's, or its testator was closed
 * @is_delayed: it is in the backlog
 */
struct inbox {
    const struct inbox_class *class;
    struct holder *server;
    struct backlog *backlog;
    Handle handle;
    int fd;
    struct routes open;
    struct routes unposted;
    LIST_HEAD(leads, lead) leads;
    LIST_HEAD(heirs, inbox) heirs;
    struct inbox *testator;
    LIST_ENTRY(inbox) in_heirs;
    bool is_delayed;
    TAILQ_ENTRY(inbox) in_backlog;
};

/*
 * @inbox:      while it is open
 * @server:     whose that is; borrowed, like all holders
 * @handle:     of the client; 0: none
 * @served:     the server's, under which the control words tell it of the client's end; 0 until
 *              there was room for it
 * @client_end: while it is open
 * @server_end: until the server has it, else -1
 * @is_bound:   it leads to the endpoint @riid and to no other; to be set right after route_open()
 * @to_client, @to_server: handles on their way through it
 */
struct route {
    const struct route_class *class;
    struct inbox *inbox;
    struct holder *server;
    struct holder *client;
    bool is_open;
    Handle handle;
    Handle served;
    int client_end;
    int server_end;
    bool is_bound;
    uint32_t riid;
    struct parcels to_client;
    struct parcels to_server;
    TAILQ_ENTRY(route) in_open;
    TAILQ_ENTRY(route) in_unposted;
};

void inbox_init(struct inbox *inbox, const struct inbox_class *class, struct holder *server,
                struct backlog *backlog);
int inbox_open(struct inbox *inbox, int *ret_fd);
int inbox_open_as(struct inbox *inbox, Handle handle, int *ret_fd);
void inbox_inherit(struct inbox *heir, struct inbox *testator);
void inbox_shut(struct inbox *inbox);
void inbox_close(struct inbox *inbox);
void inbox_revoke(struct inbox *inbox);
bool backlog_deliver(struct backlog *backlog);

int route_open(struct route *route, const struct route_class *class, struct holder *client,
               struct inbox *inbox);
int route_open_as(struct route *route, const struct route_class *class, struct holder *client,
                  struct inbox *inbox, Handle handle);
int route_name_end(struct route *route);
void route_handed_over(struct route *route);
void route_end(struct route *route);
void route_release(struct route *route);

void lead_follow(struct lead *lead, const struct route *route);
void lead_to(struct lead *lead, struct inbox *inbox);
void lead_forget(struct lead *lead);

/*
 * What is at the other end of a channel.
 * @holder:  who has it
 * @handle:  its name there
 * @parcels: that wait for it
 */
struct route_peer {
    struct holder *holder;
    Handle handle;
    struct parcels *parcels;
    bool is_server;
};

int route_find_peer(const struct holder *holder, Handle handle, struct route_peer *ret_peer);
int route_take_back(const struct holder *sender, Handle channel, Handle number);

struct route *route_find(const struct holder *holder, Handle handle);
struct inbox *inbox_find(const struct holder *holder, Handle handle);
int handle_give_back(struct holder *holder, Handle handle);
void parcels_give_back(struct parcels *parcels);
int handle_give_back_first(struct holder *holder, Handle handle, int *ret_end);
void handles_give_back(struct holder *holder);
