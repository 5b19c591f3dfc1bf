/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entities ask the broker about handles: resources of their own, copies with fewer rights,
 * handing on, taking back.
 *
 * A handle has a node in core/derivation.h from the first time that something is asked about it
 * which takes one; most ends of channels never do. What was made from an end that may be called
 * through becomes a channel of its own when its holder fetches it, so that each can be taken away
 * without the others, and those that are only handed on cost no descriptors.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/derivation.h"
#include "core/memory_object.h"
#include "core/route.h"

/*
 * One for all entities.
 * @backlog:    of all inboxes; borrowed
 * @n_to_spare: channels that may still be made here
 * @last_sid:   SIDs are not used again
 * @memory:     what all entities have of it
 */
struct handles {
    struct backlog *backlog;
    size_t n_to_spare;
    uint32_t last_sid;
    struct memory_account memory;
};

/*
 * A resource of an entity, as it describes it.
 * @context:  what it wants to see when the handle comes back
 * @listener: of its own, where calls of the resource go, to endpoint @riid; INVALID_HANDLE: it
 * cannot be called
 */
struct handles_resource {
    uint32_t rights;
    uint64_t context;
    Handle listener;
    uint32_t riid;
};

/*
 * A handle that is to be made from another one.
 * @from, @handle: that one
 * @needed:        the right that this takes
 * @rights:        of the new one, unless it @keeps_rights
 * @badge:         a badge of @from, or INVALID_HANDLE
 * @to:            who gets it
 */
struct handles_wish {
    struct holder *from;
    Handle handle;
    uint32_t needed;
    uint32_t rights;
    bool keeps_rights;
    Handle badge;
    struct holder *to;
};

void handles_init(struct handles *handles, struct backlog *backlog);

int handles_make_resource(struct holder *holder, const struct handles_resource *resource,
                          Handle *ret_handle);
int handles_make_badge(struct holder *holder, uint64_t context, Handle *ret_handle);
int handles_make_memory(struct handles *handles, struct holder *holder, uint64_t size,
                        bool is_writable, Handle *ret_handle, int *ret_fd);
int handles_listen(struct handles *handles, struct holder *holder, Handle *ret_handle, int *ret_fd);
int handles_connect(struct handles *handles, struct holder *holder, Handle listener,
                    Handle *ret_handle, int *ret_fd);

int handles_derive(const struct handles_wish *wish, Handle *ret_handle);
int handles_fetch(struct handles *handles, struct holder *holder, Handle handle, int *ret_fd);
int handles_send(const struct handles_wish *wish, const struct route_peer *peer,
                 Handle *ret_handle);
int handles_endpoint(struct holder *holder, Handle handle, size_t *ret_server, uint32_t *ret_riid);
int handles_revoke(struct holder *holder, Handle handle);
int handles_revoke_tied(struct holder *holder, Handle handle, Handle badge);
int handles_sid(struct handles *handles, struct holder *holder, Handle handle, uint32_t *ret_sid);
int handles_open_memory(struct holder *holder, Handle handle, uint64_t *ret_size, int *ret_fd);
int handles_map(struct holder *holder, Handle handle, uint32_t needed, Handle *ret_mapping);
int handles_memory_size(struct holder *holder, Handle handle, uint64_t *ret_size);
