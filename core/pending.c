/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pending.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "core/every_call.h"
#include "core/object.h"

static pthread_once_t pending_once = PTHREAD_ONCE_INIT;
static pthread_key_t pending_key;
static bool pending_usable;

/* The key is there only for the end of the thread; @is_watched: it is set. */
static _Thread_local struct {
    struct request *pending;
    bool is_watched;
} own __attribute__((tls_model("initial-exec")));

/* pending_abandon() - a thread ends: nobody will answer its requests, so their clients must not
 * wait. Where the handle was closed, that is what they are told. */
static void pending_abandon(void *unused)
{
    (void)unused;
    own.is_watched = false;
    while (own.pending != NULL) {
        struct request *request = own.pending;
        struct object *object = (struct object *)request->listener;
        own.pending = request->next;
        (void)request_fail(request, object_is_stale(object) ? NK_ENOTCONN : NK_ENOMSG);
        object_unref(object);
    }
    request_keep_spare(false);
}

static void pending_create_key(void)
{
    pending_usable = pthread_key_create(&pending_key, pending_abandon) == 0;
}

/* watch_thread() - have pending_abandon() called when this thread ends. Return: 0; -ENOMEM. */
static int watch_thread(void)
{
    (void)pthread_once(&pending_once, pending_create_key);
    own.is_watched = pending_usable && pthread_setspecific(pending_key, &pending_key) == 0;
    request_keep_spare(own.is_watched);
    return own.is_watched ? 0 : -ENOMEM;
}

/*
 * pending_put() - remember a request; the thread has none from the same listener
 * @request: consumed on success, together with a reference to its listener
 *
 * Return: 0; -ENOMEM.
 */
int pending_put(struct request *request)
{
    int r = own.is_watched ? 0 : watch_thread();

    if (r == 0) {
        request->next = own.pending;
        own.pending = request;
    }
    return r;
}

/* pending_last() - the request that this thread received last of those that it can still answer;
 * lent; NULL if there is none */
const struct request *pending_last(void)
{
    const struct request *request = own.pending;

    while (request != NULL && object_is_stale((const struct object *)request->listener)) {
        request = request->next;
    }
    return request;
}

/* pending_take() - the request from the listener with @handle, now the caller's with its reference
 * to the listener; NULL if there is none, or the handle is stale */
EVERY_CALL struct request *pending_take(Handle handle)
{
    for (struct request **at = &own.pending; *at != NULL; at = &(*at)->next) {
        struct request *request = *at;
        const struct object *object = (const struct object *)request->listener;
        if (object->handle == handle && !object_is_stale(object)) {
            *at = request->next;
            return request;
        }
    }
    return NULL;
}
