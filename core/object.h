/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the handles of this process stand for, and the table that finds it.
 *
 * The broker chooses the numbers; the table only remembers what came with them. It is empty in a
 * child made by fork(): a capability belongs to the process that it was given to.
 *
 * Every call looks up a handle, so finding takes no lock: the place that an index has in the table
 * holds, in one word, the handle and a count of the references that were given out for it. Counting
 * one up proves that the handle was still there. When it becomes stale the count moves into the
 * object.
 */
#pragma once

#include <handle/handletype.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum object_kind {
    OBJECT_ANY, /* no object is of this kind */
    OBJECT_CLIENT,
    OBJECT_LISTENER,
    OBJECT_RESOURCE, /* what cannot be called; most need nothing but their handle */
    OBJECT_NOTICE,
    OBJECT_SYNC,
};

struct object;
struct place;

/*
 * @shut: makes every use in progress end and every later one fail
 * @free: the last reference is gone
 * @is_over_when_shut: so that giving it back waits for nobody, as with a channel that its client
 *        has shut down; the channels of a listener are over when the broker has ended them
 */
struct object_class {
    enum object_kind kind;
    void (*shut)(struct object *object);
    void (*free)(struct object *object);
    bool is_over_when_shut;
};

/*
 * @refs:   but for those that are counted in the table
 * @handle: that stands, or stood, for it; 0: none ever did
 * @place:  in the table, of @handle; NULL: there is none
 */
struct object {
    const struct object_class *class;
    _Atomic int64_t refs;
    Handle handle;
    struct place *place;
};

void object_init(struct object *object, const struct object_class *class);
struct object *object_unref(struct object *object);
void object_unref_p(void *object);
bool object_is_stale(const struct object *object);
bool object_is_unused(const struct object *object);

int object_table_add(Handle handle, struct object *object);
int object_table_add_once(Handle handle, struct object *object);
struct object *object_table_find(Handle handle, enum object_kind kind);
struct object *object_table_remove(Handle handle);
