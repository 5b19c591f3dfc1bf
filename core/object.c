/* SPDX-License-Identifier: Apache-2.0 */
#include "core/object.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/process.h"

/* The low half of a handle is its index in the capability space, hence here too. */
#define HANDLE_INDEX(handle) ((size_t)((handle)&0xffff))

struct slot {
    Handle handle;
    struct object *object;
};

static struct {
    pthread_mutex_t lock;
    size_t n_slots;
    struct slot *slots;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* object_init() - an object with one reference, the caller's */
void object_init(struct object *object, const struct object_class *class)
{
    object->class = class;
    atomic_init(&object->refs, 1);
}

/* object_unref() - drop a reference; NULL is fine. Return: NULL. */
struct object *object_unref(struct object *object)
{
    if (object != NULL && atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) == 1) {
        object->class->free(object);
    }
    return NULL;
}

/* object_unref_p() - for CLEANUP() of a pointer to an object or to a struct that starts with one */
void object_unref_p(void *object)
{
    object_unref(*(struct object **)object);
}

static int table_grow(size_t n_slots)
{
    struct slot *slots = realloc(table.slots, n_slots * sizeof(*slots));

    if (slots == NULL) {
        return -ENOMEM;
    }
    memset(slots + table.n_slots, 0, (n_slots - table.n_slots) * sizeof(*slots));
    table.slots = slots;
    table.n_slots = n_slots;
    return 0;
}

/*
 * object_table_add() - let @handle stand for @object
 * @object: its reference is consumed, on failure too
 *
 * Return: 0; -ENOMEM.
 */
int object_table_add(Handle handle, struct object *object)
{
    size_t index = HANDLE_INDEX(handle);
    struct object *before = object;
    int r = 0;

    pthread_mutex_lock(&table.lock);
    if (index >= table.n_slots) {
        r = table_grow(index + 16);
    }
    if (r == 0) {
        before = table.slots[index].object;
        table.slots[index] = (struct slot){.handle = handle, .object = object};
    }
    pthread_mutex_unlock(&table.lock);
    object_unref(before);
    return r;
}

/* slot_find() - the slot of a live handle, or NULL; with the lock held */
static struct slot *slot_find(Handle handle)
{
    size_t index = HANDLE_INDEX(handle);

    if (index >= table.n_slots || table.slots[index].object == NULL ||
        table.slots[index].handle != handle) {
        return NULL;
    }
    return &table.slots[index];
}

/* object_table_find() - a new reference to what @handle stands for; NULL if it is stale or of
 * another kind */
struct object *object_table_find(Handle handle, enum object_kind kind)
{
    struct object *object = NULL;

    if (process_is_forked()) {
        return NULL;
    }
    pthread_mutex_lock(&table.lock);
    struct slot *slot = slot_find(handle);
    if (slot != NULL && slot->object->class->kind == kind) {
        object = slot->object;
        atomic_fetch_add_explicit(&object->refs, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&table.lock);
    return object;
}

/* object_table_remove() - make @handle stale. Return: the table's reference, now the caller's; or
 * NULL. */
struct object *object_table_remove(Handle handle)
{
    struct object *object = NULL;

    if (process_is_forked()) {
        return NULL;
    }
    pthread_mutex_lock(&table.lock);
    struct slot *slot = slot_find(handle);
    if (slot != NULL) {
        object = slot->object;
        slot->object = NULL;
    }
    pthread_mutex_unlock(&table.lock);
    return object;
}
