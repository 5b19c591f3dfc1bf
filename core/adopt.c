/* SPDX-License-Identifier: Apache-2.0 */
#include "core/adopt.h"

#include <errno.h>
#include <stdlib.h>

#include "core/client.h"
#include "core/control.h"
#include "core/listener.h"
#include "core/object.h"
#include "core/session.h"

static void resource_shut(struct object *object)
{
    (void)object;
}

static void resource_free(struct object *object)
{
    free(object);
}

static const struct object_class resource_class = {
    .kind = OBJECT_RESOURCE, .shut = resource_shut, .free = resource_free};

/* give_back() - a handle that there is no room for. Return: @r. */
static int give_back(Handle handle, int r)
{
    struct session_message reply;
    int fd;

    if (r != 0) {
        (void)session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
    }
    return r;
}

/*
 * adopt_client() - put the client's end of a channel into the table
 * @fd: that came with it; consumed, -1 if none did. On failure the broker has the handle back.
 *
 * Return: 0; -ENOMEM.
 */
int adopt_client(Handle handle, int fd)
{
    struct client *client;

    int r = fd < 0 ? -ENOMEM : client_new(fd, control_word(handle), &client);
    if (r == 0) {
        r = object_table_add(handle, (struct object *)client);
    }
    return give_back(handle, r);
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
    return give_back(handle, r);
}

/* adopt_resource() - the same for a handle that nothing comes with */
int adopt_resource(Handle handle)
{
    struct object *object = malloc(sizeof(*object));

    if (object == NULL) {
        return give_back(handle, -ENOMEM);
    }
    object_init(object, &resource_class);
    return give_back(handle, object_table_add(handle, object));
}
