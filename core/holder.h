/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the broker keeps of one entity: which handle of its names what, and what it is told about
 * each.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/capability_space.h"
#include "core/control.h"
#include "core/memory_object.h"
#include "core/parcel.h"
#include "core/watchers.h"

/*
 * @number:     of the entity
 * @task:       its name, borrowed for ever; "" until it is set
 * @n_to_spare: how many more channels it may make that init.yaml does not declare
 * @n_own_channels: of those that it has, how many core/handles.c made
 * @n_sent:     handles that it sent with requests to each entity, by its number, and that were not
 *              taken yet: who takes none is not to keep it from sending to others
 * @lost:       handles that were sent to it over channels that have ended; what it says about them
 *              may be on its way
 * @n_closed_tied: nodes of core/derivation.h that stay only because a badge may take them back
 * @memory: that it made
 * @n_notices, @n_subscriptions: of core/notices.c
 * @has_ended: its task has
 * @watchers:  of that
 */
struct holder {
    size_t number;
    const char *task;
    size_t n_to_spare;
    size_t n_own_channels;
    uint16_t *n_sent;
    size_t n_closed_tied;
    struct parcels lost;
    struct memory_account memory;
    size_t n_notices;
    size_t n_subscriptions;
    bool has_ended;
    struct watchers watchers;
    struct capability_space space;
    struct control control;
};

struct holder *holders_new(size_t n_holders);
struct holder *holders_free(struct holder *holders, size_t n_holders);

int holder_name(struct holder *holder, struct capability capability, Handle *ret_handle);
void holders_ring(struct holder *holders, size_t n_holders);
void holder_end(struct holder *holder);
void holder_say_ended(struct holder *holder, Handle handle);
void holder_say_revoked(struct holder *holder, Handle handle);
void holder_take_away(struct holder *holder, Handle handle);
