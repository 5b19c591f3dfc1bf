/* SPDX-License-Identifier: Apache-2.0 */
#include "core/adopt.h"

#include <errno.h>
#include <nk/arena.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/cleanup.h"
#include "core/client.h"
#include "core/control.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/handle_question.h"
#include "core/listener.h"
#include "core/notice.h"
#include "core/object.h"
#include "core/session.h"

/*
 * A handle that nothing came with.
 * @has_channel: the broker has the end of a channel for it
 * @client:      that end, once it was fetched
 */
struct resource {
    struct object object;
    bool has_channel;
    struct client *_Atomic client;
};

static void resource_shut(struct object *object)
{
    struct object *client = (struct object *)atomic_load(&((struct resource *)object)->client);

    if (client != NULL) {
        client->class->shut(client);
    }
}

static void resource_free(struct object *object)
{
    object_unref((struct object *)atomic_load(&((struct resource *)object)->client));
    free(object);
}

static const struct object_class resource_class = {.kind = OBJECT_RESOURCE,
                                                   .shut = resource_shut,
                                                   .free = resource_free,
                                                   .is_over_when_shut = true};

/* adopt_give_back() - a handle that is of no use, since @r, unless it is 0. Return: @r. */
int adopt_give_back(Handle handle, int r)
{
    struct session_message reply;
    int fd;

    if (r != 0) {
        (void)session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
    }
    return r;
}

/* make_client() - of @fd, consumed, which came with @handle. Return: 0; -ENOMEM. */
static int make_client(Handle handle, int fd, const char *interface, struct client **ret_client)
{
    return fd < 0 ? -ENOMEM : client_new(fd, handle, interface, ret_client);
}

/*
 * adopt_client() - put the client's end of a channel into the table
 * @fd: that came with it; consumed, -1 if none did. On failure the broker has the handle back.
 *
 * Return: 0; -ENOMEM.
 */
int adopt_client(Handle handle, int fd)
{
    return adopt_channel(handle, fd, "");
}

/* adopt_channel() - the same for one that leads to an endpoint of @interface alone, if it is not ""
 */
int adopt_channel(Handle handle, int fd, const char *interface)
{
    struct client *client;

    int r = make_client(handle, fd, interface, &client);
    if (r == 0) {
        r = object_table_add(handle, (struct object *)client);
    }
    return adopt_give_back(handle, r);
}

/* adopt_listener() - the same for a listener; @reports_desertion: see listener_report_desertion()
 */
int adopt_listener(Handle handle, int inbox, bool reports_desertion)
{
    struct listener *listener;

    int r = inbox < 0 ? -ENOMEM : listener_new(inbox, control_word(handle), &listener);
    if (r == 0 && reports_desertion) {
        listener_report_desertion(listener);
    }
    if (r == 0) {
        r = object_table_add(handle, (struct object *)listener);
    }
    return adopt_give_back(handle, r);
}

/* make_resource() - a handle that nothing came with. Return: NULL without memory. */
static struct object *make_resource(bool has_channel)
{
    struct resource *resource = malloc(sizeof(*resource));

    if (resource == NULL) {
        return NULL;
    }
    object_init(&resource->object, &resource_class);
    resource->has_channel = has_channel;
    atomic_init(&resource->client, NULL);
    return &resource->object;
}

/* adopt_resource() - the same for a handle that nothing comes with */
int adopt_resource(Handle handle)
{
    return adopt_object(handle, make_resource(false));
}

/* adopt_object() - the same for an object of any kind; @object: consumed, NULL: there was no memory
 * for it */
int adopt_object(Handle handle, struct object *object)
{
    return adopt_give_back(handle, object != NULL ? object_table_add(handle, object) : -ENOMEM);
}

/*
 * adopt_parcel() - put a handle into the table that a message brings
 * @has_channel: its channel is still at the broker
 *
 * Return: 0; ERROR_BAD_MESSAGE: another message has brought it, or is bringing it just now;
 * -ENOMEM.
 */
int adopt_parcel(Handle handle, bool has_channel)
{
    struct object *resource = make_resource(has_channel);

    int r = resource != NULL ? object_table_add_once(handle, resource) : -ENOMEM;
    return r == ERROR_BAD_HANDLE ? ERROR_BAD_MESSAGE : r;
}

/* adopt_undo() - the message was of no use: nor is what adopt_parcel() put there */
void adopt_undo(Handle handle)
{
    object_unref(object_table_remove(handle));
}

/*
 * fetch() - what belongs to a handle that a message brought
 * @ret_fd:    owned by the caller; -1: there was no room for it
 * @interface: of the one endpoint that it leads to; ""
 *
 * Return: 0; what the broker said; ERROR_NO_BROKER.
 */
static int fetch(Handle handle, char interface[capchan_Handles_Fetch_res_arena_size], int *ret_fd)
{
    struct nk_arena arena =
        NK_ARENA_INITIALIZER(interface, interface + capchan_Handles_Fetch_res_arena_size);
    capchan_Handles_Fetch_req req = {.handle = handle};
    capchan_Handles_Fetch_res res;
    struct question question;

    nk_err_t e = capchan_Handles_Fetch(question_ask(&question), &req, NULL, &res, &arena);
    if (res.interface.size == 0) {
        interface[0] = '\0'; /* or else it is all that there is in the arena */
    }
    *ret_fd = question.transport.fd;
    return error_from_retcode(question_answer(&question, e, &res.base_, res.err_.code));
}

/* fetch_client() - the end of a channel that belongs to @handle. Return: as adopt_find_client(). */
static int fetch_client(Handle handle, struct client **ret_client)
{
    char interface[capchan_Handles_Fetch_res_arena_size];
    int fd;

    int r = fetch(handle, interface, &fd);
    return r != 0 ? r : make_client(handle, fd, interface, ret_client);
}

/*
 * adopt_sent_listener() - put a listener into the table that a message brings
 *
 * Return: 0; ERROR_BAD_MESSAGE: another message has brought it; what the broker said; -ENOMEM: no
 * memory or no descriptors. On failure the broker has the handle back.
 */
int adopt_sent_listener(Handle handle)
{
    CLEANUP(object_unref_p) struct object *known = object_table_find(handle, OBJECT_ANY);
    char interface[capchan_Handles_Fetch_res_arena_size];
    int inbox;

    if (known != NULL) {
        return ERROR_BAD_MESSAGE;
    }
    int r = fetch(handle, interface, &inbox);
    if (r == ERROR_BAD_HANDLE) {
        return ERROR_BAD_MESSAGE; /* another thread has fetched it just now */
    }
    return r != 0 ? adopt_give_back(handle, r) : adopt_listener(handle, inbox, false);
}

/* channel_of() - the client's end that belongs to @resource, which is fetched the first time.
 * Return: as adopt_find_client(). */
static int channel_of(struct resource *resource, struct client **ret_client)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* two would take replies in turns */
    Handle handle = resource->object.handle;
    int r = 0;

    if (control_is_revoked(handle)) {
        return ERROR_REVOKED;
    }
    if (!resource->has_channel) {
        return ERROR_DENIED;
    }
    *ret_client = atomic_load(&resource->client);
    if (*ret_client != NULL) {
        return 0;
    }
    pthread_mutex_lock(&lock);
    *ret_client = atomic_load(&resource->client);
    if (*ret_client == NULL) {
        r = fetch_client(handle, ret_client);
        if (r == 0) {
            atomic_store(&resource->client, *ret_client);
        }
    }
    pthread_mutex_unlock(&lock);
    return r;
}

/*
 * adopt_find_client() - the client's end of a channel that @handle names
 * @ret_object: a reference, which keeps *@ret_client
 *
 * Context: any thread; waits for the broker the first time that a handle is used which a message
 * brought.
 * Return:  0; ERROR_BAD_HANDLE: it is none that could ever be called; ERROR_REVOKED; ERROR_DENIED:
 * nobody may call through it; ERROR_NOT_CONNECTED; ERROR_QUOTA; ERROR_NO_BROKER; -ENOMEM: no
 * descriptors or no memory, for now.
 */
EVERY_CALL int adopt_find_client(Handle handle, struct object **ret_object,
                                 struct client **ret_client)
{
    CLEANUP(object_unref_p) struct object *object = object_table_find(handle, OBJECT_ANY);
    int r = 0;

    if (object == NULL) {
        return ERROR_BAD_HANDLE;
    }
    if (object->class->kind == OBJECT_CLIENT) {
        *ret_client = (struct client *)object;
    } else if (object->class == &resource_class) {
        r = channel_of((struct resource *)object, ret_client);
    } else {
        r = object->class->kind == OBJECT_RESOURCE ? ERROR_DENIED : ERROR_BAD_HANDLE;
    }
    if (r == 0) {
        *ret_object = STEAL(object);
    }
    return r;
}

/* adopt_notice() - the same for a notice; @fd: that came with it; consumed, -1 if none did */
int adopt_notice(Handle handle, int fd)
{
    struct object *notice;

    int r = fd < 0 ? -ENOMEM : notice_object_new(fd, &notice);
    if (r == 0) {
        r = object_table_add(handle, notice);
    }
    return adopt_give_back(handle, r);
}
