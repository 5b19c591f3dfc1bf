/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's side of dynamic channels and of the name server.
 *
 * Entities are numbered as in init.yaml. The functions return what the entity that asks is to be
 * told: 0, an enum error, or a negative errno. Who has to wait gets 0, and is told later, by
 * cm_take_answer(). What closes handles is in core/route.h.
 */
#pragma once

#include "cm/policy.h"
#include "cm/requests.h"
#include "core/route.h"

struct cm;

#define TIMEOUT_NEVER_MS UINT32_MAX /* a timeout in milliseconds that never ends */

enum cm_event_kind {
    CM_ASKED,
    CM_FORBIDDEN, /* by the rules; what the client is told has no event of its own */
    CM_MADE,
    CM_FAILED, /* there was no channel, for another reason */
    CM_ENDED,
};

/*
 * What happened, for the log.
 * @server, @service: as the client calls them, who may have written anything; borrowed
 * @missing:          of CM_FORBIDDEN: capabilities that a rule requires of the client; 0: no rule
 * @result:           of CM_FAILED: an enum error or a negative errno; ERROR_DENIED: by the server
 */
struct cm_event {
    enum cm_event_kind kind;
    size_t client;
    const char *server;
    const char *service;
    uint64_t missing;
    int result;
};

/*
 * What the connection manager wants of others.
 * @held:     the capabilities that a client holds now, as bits; asked for only if there is a policy
 * @happened: NULL: nobody wants to know
 */
struct cm_hooks {
    uint64_t (*held)(void *data, size_t client);
    void (*happened)(void *data, const struct cm_event *event);
    void *data;
};

/*
 * What the connection manager has to know.
 * @tasks:      names of the entities, borrowed for its life
 * @holders:    their handles, borrowed likewise
 * @backlog:    where inboxes are put that something is left for, borrowed likewise
 * @n_to_spare: how many dynamic channels there may be
 * @policy:     who may ask whom; borrowed likewise; NULL: everybody may ask anybody
 */
struct cm_setup {
    size_t n_entities;
    const char *const *tasks;
    struct holder *holders;
    struct backlog *backlog;
    size_t n_to_spare;
    const struct policy *policy;
    struct cm_hooks hooks;
};

/*
 * What a server gets when it accepts.
 * @listener: where the client is served
 * @fd:       a new listener's end of its inbox, owned by the caller; -1 if it is not new
 * @client:   whose channel was made
 * @channel:  its handle
 */
struct cm_accepted {
    Handle listener;
    int fd;
    size_t client;
    Handle channel;
};

int cm_new(const struct cm_setup *setup, struct cm **ret_cm);
struct cm *cm_free(struct cm *cm);

int cm_connect(struct cm *cm, size_t client, uint32_t number, const char *server,
               const char *service, uint32_t timeout_ms, int64_t now_ns);
int cm_listen(struct cm *cm, size_t server, uint32_t number, uint32_t timeout_ms, int64_t now_ns);
int cm_accept(struct cm *cm, size_t server, const char *client, const char *service, uint32_t riid,
              Handle listener, struct cm_accepted *ret_accepted);
int cm_drop(struct cm *cm, size_t server, const char *client, const char *service);
void cm_expire(struct cm *cm, int64_t now_ns);
int64_t cm_deadline_ns(const struct cm *cm);
bool cm_take_answer(struct cm *cm, struct cm_answer *ret_answer);
void cm_gone(struct cm *cm, size_t entity);

int cm_publish(struct cm *cm, size_t entity, const char *type, const char *server,
               const char *service);
int cm_unpublish(struct cm *cm, size_t entity, const char *type, const char *server,
                 const char *service);
int cm_enumerate(struct cm *cm, size_t entity, const char *type, uint32_t index,
                 const char **ret_server, const char **ret_service);
