/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles on their way in messages, as the broker has them: each has its number in the receiver's
 * capability space and a label in its control words, and waits for the receiver to take it.
 *
 * Until then it belongs to the end of the channel that the message arrives at; when that is gone,
 * so is the parcel.
 */
#pragma once

#include <handle/handletype.h>
#include <stddef.h>
#include <sys/queue.h>

#include "core/control.h"

struct derivation;
struct holder;
struct parcel;

struct parcels {
    TAILQ_HEAD(parcel_list, parcel) list;
    size_t n;
};

/*
 * @to:      in whose space @handle is
 * @sender:  whom it is charged to; NULL: it came with a reply, which only its channel bounds
 * @waiting: the parcels that it is among
 */
struct parcel {
    struct holder *to;
    struct holder *sender;
    Handle handle;
    struct parcels *waiting;
    TAILQ_ENTRY(parcel) in_waiting;
};

/*
 * What is to be sent.
 * @node:  of the new handle, which has no number yet; NULL: the label says it all
 * @label: filled in but for its number
 */
struct parcel_content {
    struct holder *sender;
    struct holder *to;
    struct derivation *node;
    struct control_label label;
};

void parcels_init(struct parcels *parcels);
int parcel_new(struct parcels *parcels, const struct parcel_content *content, Handle *ret_handle);
struct parcel *parcel_find(const struct holder *to, Handle handle);
int parcel_take(struct holder *to, Handle handle);
void parcel_forget(struct parcel *parcel);
void parcels_move(struct parcels *from, struct parcels *to);
