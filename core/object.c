/* SPDX-License-Identifier: Apache-2.0 */
#include "core/object.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/every_call.h"
#include "core/handle_number.h"
#include "core/process.h"

#define PLACES_PER_PAGE 256
#define PAGES (HANDLE_INDEXES / PLACES_PER_PAGE)

/* More than there can be at a time. An object in the table counts this many too much, lest somebody
 * takes it for unused while the count in the table is on its way to it. */
#define REFS_IN_TABLE (INT64_C(1) << 32)

/*
 * @state:  a handle, or 0, in the upper half; references in the lower one
 * @object: what the handle stands for
 */
struct place {
    _Atomic uint64_t state;
    struct object *_Atomic object;
};

#define STATE(handle) ((uint64_t)(handle) << 32)
#define STATE_HANDLE(state) ((Handle)((state) >> 32))
#define STATE_REFS(state) ((uint32_t)(state))

/* Pages stay where they are once they are there. @lock is for those who add and remove. */
static struct {
    pthread_mutex_t lock;
    struct place *_Atomic pages[PAGES];
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* find_place() - the place of @handle; NULL if its page is not there */
static struct place *find_place(Handle handle)
{
    size_t index = handle_index(handle);
    struct place *page =
        atomic_load_explicit(&table.pages[index / PLACES_PER_PAGE], memory_order_acquire);

    return page == NULL ? NULL : page + index % PLACES_PER_PAGE;
}

/* object_init() - an object with one reference, the caller's */
void object_init(struct object *object, const struct object_class *class)
{
    object->class = class;
    object->handle = 0;
    object->place = NULL;
    atomic_init(&object->refs, 1);
}

/* object_is_stale() - whether there was a handle for it, which was removed */
bool object_is_stale(const struct object *object)
{
    return object->place != NULL &&
           STATE_HANDLE(atomic_load_explicit(&object->place->state, memory_order_relaxed)) !=
               object->handle;
}

/* object_is_unused() - whether nobody but the caller, who took it out of the table, has a
 * reference: nor will anybody */
bool object_is_unused(const struct object *object)
{
    return atomic_load_explicit(&object->refs, memory_order_acquire) == 1;
}

/* give_back() - count a reference down in the table. Return: false: it is not counted there. */
static bool give_back(const struct object *object)
{
    struct place *place = object->place;

    if (place == NULL) {
        return false;
    }
    uint64_t state = atomic_load_explicit(&place->state, memory_order_relaxed);
    while (STATE_HANDLE(state) == object->handle && STATE_REFS(state) > 0) {
        if (atomic_compare_exchange_weak_explicit(&place->state, &state, state - 1,
                                                  memory_order_release, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

/* object_unref() - drop a reference; NULL is fine. Return: NULL. */
EVERY_CALL struct object *object_unref(struct object *object)
{
    if (object != NULL && !give_back(object) &&
        atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) == 1) {
        object->class->free(object);
    }
    return NULL;
}

/* object_unref_p() - for CLEANUP() of a pointer to an object or to a struct that starts with one */
void object_unref_p(void *object)
{
    object_unref(*(struct object **)object);
}

/* page_make() - a page for @handle, if there is none; with the lock held. Return: 0; -ENOMEM. */
static int page_make(Handle handle)
{
    if (find_place(handle) != NULL) {
        return 0;
    }
    struct place *page = calloc(PLACES_PER_PAGE, sizeof(*page));
    if (page == NULL) {
        return -ENOMEM;
    }
    atomic_store_explicit(&table.pages[handle_index(handle) / PLACES_PER_PAGE], page,
                          memory_order_release);
    return 0;
}

/* clear() - make the handle in a place stale; with the lock held. Return: the table's reference to
 * what it stood for, now the caller's; NULL if there is none. */
static struct object *clear(struct place *place)
{
    uint64_t state = atomic_exchange_explicit(&place->state, 0, memory_order_acq_rel);

    if (STATE_HANDLE(state) == 0) {
        return NULL;
    }
    struct object *object = atomic_load_explicit(&place->object, memory_order_relaxed);
    atomic_fetch_add_explicit(&object->refs, STATE_REFS(state) - REFS_IN_TABLE,
                              memory_order_relaxed);
    return object;
}

/* has() - whether @handle, whose page is there, stands for anything */
static bool has(Handle handle)
{
    return STATE_HANDLE(atomic_load_explicit(&find_place(handle)->state, memory_order_acquire)) ==
           handle;
}

/* put() - let @handle, whose place is empty, stand for @object; with the lock held */
static void put(Handle handle, struct object *object)
{
    struct place *place = find_place(handle);

    object->handle = handle;
    object->place = place;
    atomic_fetch_add_explicit(&object->refs, REFS_IN_TABLE, memory_order_relaxed);
    /* Whoever sees the new object sees as well that the old handle is gone. */
    atomic_store_explicit(&place->object, object, memory_order_release);
    atomic_store_explicit(&place->state, STATE(handle), memory_order_release);
}

/*
 * object_table_add() - let @handle stand for @object
 * @object: its reference is consumed, on failure too
 *
 * Return: 0; -ENOMEM.
 */
int object_table_add(Handle handle, struct object *object)
{
    struct object *before = object;

    pthread_mutex_lock(&table.lock);
    int r = page_make(handle);
    if (r == 0) {
        before = clear(find_place(handle));
        put(handle, object);
    }
    pthread_mutex_unlock(&table.lock);
    object_unref(before);
    return r;
}

/*
 * object_table_add_once() - the same, unless @handle stands for something already; of several who
 * try at a time one succeeds
 *
 * Return: 0; ERROR_BAD_HANDLE: it does; -ENOMEM.
 */
int object_table_add_once(Handle handle, struct object *object)
{
    struct object *before = object;

    pthread_mutex_lock(&table.lock);
    int r = page_make(handle);
    if (r == 0 && has(handle)) {
        r = ERROR_BAD_HANDLE;
    }
    if (r == 0) {
        before = clear(find_place(handle));
        put(handle, object);
    }
    pthread_mutex_unlock(&table.lock);
    object_unref(before);
    return r;
}

/* object_table_find() - a new reference to what @handle stands for; NULL if it is stale or of
 * another kind */
EVERY_CALL struct object *object_table_find(Handle handle, enum object_kind kind)
{
    struct place *place = find_place(handle);
    struct object *object;

    if (place == NULL || handle == 0 || process_is_forked()) {
        return NULL;
    }
    uint64_t state = atomic_load_explicit(&place->state, memory_order_acquire);
    do {
        if (STATE_HANDLE(state) != handle) {
            return NULL;
        }
        object = atomic_load_explicit(&place->object, memory_order_acquire);
    } while (!atomic_compare_exchange_weak_explicit(&place->state, &state, state + 1,
                                                    memory_order_acquire, memory_order_acquire));
    return kind == OBJECT_ANY || object->class->kind == kind ? object : object_unref(object);
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
    struct place *place = find_place(handle);
    if (place != NULL && handle != 0 &&
        STATE_HANDLE(atomic_load_explicit(&place->state, memory_order_relaxed)) == handle) {
        object = clear(place);
    }
    pthread_mutex_unlock(&table.lock);
    return object;
}
