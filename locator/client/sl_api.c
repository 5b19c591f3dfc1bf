/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/sl/sl_api.h>

#include <stddef.h>

#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/object.h"
#include "core/session.h"
#include "core/static_channel.h"

static Handle obtain(enum session_op op, const char *channel)
{
    Handle handle;

    return channel != NULL && static_channel_open(op, channel, &handle) == 0 ? handle
                                                                             : INVALID_HANDLE;
}

Handle ServiceLocatorConnect(const char *channel)
{
    return obtain(SESSION_CONNECT, channel);
}

Handle ServiceLocatorRegister(const char *channel, const void *endpoints, unsigned endpoints_size,
                              ServiceId *id)
{
    (void)endpoints;
    (void)endpoints_size;
    if (id != NULL) {
        *id = 0;
    }
    return obtain(SESSION_REGISTER, channel);
}

nk_iid_t ServiceLocatorGetRiid(Handle channel, const char *endpoint)
{
    CLEANUP(object_unref_p) struct object *object = NULL;
    struct session_message reply;
    struct client *client;
    int fd;

    if (endpoint == NULL || adopt_find_client(channel, &object, &client) != 0 ||
        session_request(SESSION_RIID, channel, 0, endpoint, &reply, &fd) != 0) {
        return INVALID_RIID;
    }
    return (nk_iid_t)reply.head.riid;
}
