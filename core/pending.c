/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pending.h"

#include <errno.h>
#include <pthread.h>

static pthread_once_t pending_once = PTHREAD_ONCE_INIT;
static pthread_key_t pending_key;
static bool pending_usable;

/* pending_abandon() - a thread ends: nobody will answer its requests, so their clients must not
 * wait */
static void pending_abandon(void *list)
{
    struct request *request = list;

    while (request != NULL) {
        struct request *next = request->next;
        struct object *object = (struct object *)request->listener;
        (void)request_fail(request, NK_ENOMSG);
        object_unref(object);
        request = next;
    }
}

static void pending_create_key(void)
{
    pending_usable = pthread_key_create(&pending_key, pending_abandon) == 0;
}

/*
 * pending_put() - remember a request; the thread has none from the same listener
 * @request: consumed on success, together with a reference to its listener
 *
 * Return: 0; -ENOMEM.
 */
int pending_put(struct request *request)
{
    (void)pthread_once(&pending_once, pending_create_key);
    if (!pending_usable) {
        return -ENOMEM;
    }
    request->next = pthread_getspecific(pending_key);
    return pthread_setspecific(pending_key, request) == 0 ? 0 : -ENOMEM;
}

/* pending_take() - the request from @listener, now the caller's with its reference to the listener;
 * or NULL */
struct request *pending_take(const struct listener *listener)
{
    (void)pthread_once(&pending_once, pending_create_key);
    if (!pending_usable) {
        return NULL;
    }
    struct request *head = pthread_getspecific(pending_key);
    for (struct request **at = &head; *at != NULL; at = &(*at)->next) {
        if ((*at)->listener == listener) {
            struct request *request = *at;
            *at = request->next;
            (void)pthread_setspecific(pending_key, head);
            return request;
        }
    }
    return NULL;
}
