/* SPDX-License-Identifier: Apache-2.0 */
#include "core/parcel.h"

#include <errno.h>
#include <stdlib.h>

#include "core/derivation.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/route.h"

/* parcels_init() - none is waiting */
void parcels_init(struct parcels *parcels)
{
    TAILQ_INIT(&parcels->list);
    parcels->n = 0;
}

/* is_full() - whether there are too many already, here or from this sender */
static bool is_full(const struct parcels *parcels, const struct holder *sender,
                    const struct holder *to)
{
    return parcels->n >= HANDLES_ARRIVING_MAX ||
           (sender != NULL && sender->n_sent[to->number] >= HANDLES_SENT_MAX);
}

/*
 * parcel_new() - give the receiver what is sent to it
 *
 * Return: 0; ERROR_QUOTA: the receiver has too many handles, or too many wait for it, at this end
 * or from this sender; -ENOMEM.
 */
int parcel_new(struct parcels *parcels, const struct parcel_content *content, Handle *ret_handle)
{
    struct capability capability = {.kind = CAPABILITY_PARCEL, .node = content->node};
    struct parcel *parcel;

    if (is_full(parcels, content->sender, content->to)) {
        return ERROR_QUOTA;
    }
    capability.object = parcel = malloc(sizeof(*parcel));
    if (parcel == NULL) {
        return -ENOMEM;
    }
    *parcel = (struct parcel){.to = content->to, .sender = content->sender, .waiting = parcels};
    int r = holder_name(content->to, capability, &parcel->handle);
    if (r != 0) {
        free(parcel);
        return r;
    }
    if (content->node != NULL) {
        content->node->handle = parcel->handle;
    }
    control_label(&content->to->control, parcel->handle, &content->label);
    TAILQ_INSERT_TAIL(&parcels->list, parcel, in_waiting);
    parcels->n++;
    if (content->sender != NULL) {
        content->sender->n_sent[content->to->number]++;
    }
    *ret_handle = parcel->handle;
    return 0;
}

/* parcel_find() - the parcel that is to become @handle; NULL if none is */
struct parcel *parcel_find(const struct holder *to, Handle handle)
{
    const struct capability *found = capability_space_find(&to->space, handle);

    return found != NULL && found->kind == CAPABILITY_PARCEL ? found->object : NULL;
}

/* parcel_forget() - it waits no more; its number in the receiver's space is the caller's business
 */
void parcel_forget(struct parcel *parcel)
{
    control_unlabel(&parcel->to->control, parcel->handle);
    TAILQ_REMOVE(&parcel->waiting->list, parcel, in_waiting);
    parcel->waiting->n--;
    if (parcel->sender != NULL) {
        parcel->sender->n_sent[parcel->to->number]--;
    }
    free(parcel);
}

/* parcel_take() - the receiver has it: from now on it is a handle of its own, or, where the label
 * said it all, nothing any more. Return: 0; ERROR_BAD_HANDLE: there is no such parcel. */
int parcel_take(struct holder *to, Handle handle)
{
    struct parcel *parcel = parcel_find(to, handle);

    if (parcel == NULL) {
        return ERROR_BAD_HANDLE;
    }
    parcel_forget(parcel);
    if (capability_space_find(&to->space, handle)->node != NULL) {
        capability_space_turn(&to->space, handle, CAPABILITY_RESOURCE, NULL);
    } else {
        capability_space_remove(&to->space, handle);
    }
    return 0;
}

/* parcels_move() - let those of @from wait among those of @to */
void parcels_move(struct parcels *from, struct parcels *to)
{
    struct parcel *parcel;

    TAILQ_FOREACH(parcel, &from->list, in_waiting)
    {
        parcel->waiting = to;
    }
    TAILQ_CONCAT(&to->list, &from->list, in_waiting);
    to->n += from->n;
    from->n = 0;
}
