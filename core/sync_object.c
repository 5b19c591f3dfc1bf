/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sync_object.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "core/fd.h"
#include "core/futex.h"

/* change() - with the lock held */
static void change(struct sync_object *sync, bool is_set)
{
    if (sync_object_is_set(sync) == is_set || (sync->is_closed && !is_set)) {
        return;
    }
    atomic_store_explicit(&sync->is_set, is_set, memory_order_seq_cst);
    if (is_set) {
        (void)eventfd_write(sync->event, 1);
    } else {
        (void)eventfd_read(sync->event, &(eventfd_t){0});
    }
}

/* sync_object_is_set() - whether waits are to be broken off now */
bool sync_object_is_set(const struct sync_object *sync)
{
    return atomic_load_explicit(&sync->is_set, memory_order_seq_cst) != 0;
}

/* sync_object_set() - break off all waits, those that begin later too */
void sync_object_set(struct sync_object *sync)
{
    pthread_mutex_lock(&sync->lock);
    change(sync, true);
    pthread_mutex_unlock(&sync->lock);
    futex_wake(&sync->is_set);
}

/* sync_object_clear() - let waits that begin later go on; who was woken before may wait again */
void sync_object_clear(struct sync_object *sync)
{
    pthread_mutex_lock(&sync->lock);
    change(sync, false);
    pthread_mutex_unlock(&sync->lock);
}

/*
 * sync_object_break() - break off the wait of this thread, if that is still asked for. An object
 * that clears itself breaks off one wait each time that it is set.
 * @withdraw: makes sure that it can be broken off, and does not wait; NULL: it can
 */
enum sync_outcome sync_object_break(struct sync_object *sync, bool (*withdraw)(void *what),
                                    void *what)
{
    enum sync_outcome outcome = SYNC_GO_ON;

    pthread_mutex_lock(&sync->lock);
    if (sync_object_is_set(sync)) {
        outcome = withdraw == NULL || withdraw(what) ? SYNC_BROKEN : SYNC_TOO_LATE;
    }
    if (outcome == SYNC_BROKEN && sync->is_automatic) {
        change(sync, false);
    }
    pthread_mutex_unlock(&sync->lock);
    return outcome;
}

/* shut() - the handle is closed: nobody could end what waits for it to be set */
static void shut(struct object *object)
{
    struct sync_object *sync = (struct sync_object *)object;

    pthread_mutex_lock(&sync->lock);
    sync->is_closed = true;
    pthread_mutex_unlock(&sync->lock);
    sync_object_set(sync);
}

static void sync_object_free(struct object *object)
{
    struct sync_object *sync = (struct sync_object *)object;

    fd_close(sync->event);
    pthread_mutex_destroy(&sync->lock);
    free(sync);
}

const struct object_class sync_object_class = {
    .kind = OBJECT_SYNC, .shut = shut, .free = sync_object_free};

/*
 * sync_object_new() - not set
 * @ret_sync: one reference, the caller's
 *
 * Return: 0; negative errno.
 */
int sync_object_new(bool is_automatic, struct sync_object **ret_sync)
{
    struct sync_object *sync = calloc(1, sizeof(*sync));

    if (sync == NULL) {
        return -ENOMEM;
    }
    sync->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (sync->event < 0) {
        int r = -errno;
        free(sync);
        return r;
    }
    object_init(&sync->object, &sync_object_class);
    pthread_mutex_init(&sync->lock, NULL);
    sync->is_automatic = is_automatic;
    *ret_sync = sync;
    return 0;
}
