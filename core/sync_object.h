/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What breaks off waits of this process's threads: see <coresrv/ipc/ipc_api.h>. Who sleeps in a
 * futex waits for the word as well, who sleeps in poll() for the descriptor.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/object.h"

/*
 * @lock:         held by who changes anything, and while it is decided whether a wait is broken off
 * @is_set:       the word
 * @event:        an eventfd, readable as long as the word is set
 * @is_automatic: back to clear with the first wait that it broke off
 * @is_closed:    set for ever
 */
struct sync_object {
    struct object object;
    pthread_mutex_t lock;
    _Atomic uint32_t is_set;
    int event;
    bool is_automatic;
    bool is_closed;
};

extern const struct object_class sync_object_class;

enum sync_outcome {
    SYNC_GO_ON,    /* it is not set, or another wait was broken off */
    SYNC_BROKEN,   /* this wait is broken off */
    SYNC_TOO_LATE, /* it cannot be any more */
};

int sync_object_new(bool is_automatic, struct sync_object **ret_sync);
void sync_object_set(struct sync_object *sync);
void sync_object_clear(struct sync_object *sync);
bool sync_object_is_set(const struct sync_object *sync);
enum sync_outcome sync_object_break(struct sync_object *sync, bool (*withdraw)(void *what),
                                    void *what);
