/* SPDX-License-Identifier: Apache-2.0 */
#include "core/holder.h"

#include <handle/event_descr.h>
#include <stdlib.h>

#include "core/derivation.h"
#include "core/limits.h"

_Static_assert(HANDLES_SENT_MAX <= UINT16_MAX, "what was sent to somebody can be counted");

/* holders_new() - as many as there are entities, numbered from 0. Return: NULL without memory or
 * descriptors. */
struct holder *holders_new(size_t n_holders)
{
    /* Behind them are the counts of all; who never sends to whom takes no memory. */
    struct holder *holders =
        calloc(n_holders, sizeof(*holders) + n_holders * sizeof(*holders->n_sent));

    for (size_t i = 0; holders != NULL && i < n_holders; i++) {
        holders[i].number = i;
        holders[i].task = "";
        holders[i].n_sent = (uint16_t *)(holders + n_holders) + i * n_holders;
        holders[i].n_to_spare = CHANNELS_PER_ENTITY_MAX;
        parcels_init(&holders[i].lost);
        capability_space_init(&holders[i].space);
        if (control_init(&holders[i].control) != 0) {
            holders = holders_free(holders, n_holders);
        }
    }
    return holders;
}

/* holders_free() - forget all. Return: NULL. */
struct holder *holders_free(struct holder *holders, size_t n_holders)
{
    for (size_t i = 0; holders != NULL && i < n_holders; i++) {
        capability_space_deinit(&holders[i].space);
        control_deinit(&holders[i].control);
    }
    free(holders);
    return NULL;
}

/* holders_ring() - have all processes look at what has changed for them */
void holders_ring(struct holder *holders, size_t n_holders)
{
    for (size_t i = 0; i < n_holders; i++) {
        control_ring(&holders[i].control);
    }
}

/* holder_name() - give the entity a handle. Return: 0; ERROR_QUOTA; -ENOMEM. */
int holder_name(struct holder *holder, struct capability capability, Handle *ret_handle)
{
    int r = capability_space_add(&holder->space, capability, ret_handle);

    if (r == 0) {
        control_set(&holder->control, *ret_handle, CONTROL_LIVE);
    }
    return r;
}

/* holder_end() - the task has ended, whose handles are to be given back next */
void holder_end(struct holder *holder)
{
    holder->has_ended = true;
    watchers_tell_last(&holder->watchers, EVENT_TASK_COMPLETED);
}

/* holder_say_ended() - what @handle names has ended; it stays until the entity gives it back. That
 * it was revoked is the more useful thing to know. */
void holder_say_ended(struct holder *holder, Handle handle)
{
    const struct capability *capability = capability_space_find(&holder->space, handle);

    if (capability != NULL &&
        (capability->node == NULL || capability->node->state != DERIVATION_REVOKED)) {
        control_set(&holder->control, handle, CONTROL_ENDED);
    }
}

/* holder_say_revoked() - what @handle named was taken back; it stays as well */
void holder_say_revoked(struct holder *holder, Handle handle)
{
    control_set(&holder->control, handle, CONTROL_REVOKED);
}

/* holder_take_away() - the same, and make @handle stale; fine if it never was one */
void holder_take_away(struct holder *holder, Handle handle)
{
    holder_say_ended(holder, handle);
    capability_space_remove(&holder->space, handle);
}
