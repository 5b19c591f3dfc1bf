/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/sl/sl_api.h>

#include <pthread.h>
#include <stddef.h>

#include "core/adopt.h"
#include "core/cleanup.h"
#include "core/object.h"
#include "core/process.h"
#include "core/session.h"

/*
 * adopt() - put what came with a handle into the table
 * @fd: consumed; -1 if the broker gave the handle out before, and then it is in the table already
 */
static int adopt(enum session_op op, Handle handle, int fd)
{
    if (fd < 0) {
        return 0;
    }
    return op == SESSION_CONNECT ? adopt_client(handle, fd) : adopt_listener(handle, fd, false);
}

/* ask() - get one end of the channel called @channel from the broker */
static Handle ask(enum session_op op, const char *channel)
{
    struct session_message reply;
    int fd;

    if (channel == NULL || session_request(op, INVALID_HANDLE, 0, channel, &reply, &fd) != 0) {
        return INVALID_HANDLE;
    }
    return adopt(op, reply.head.handle, fd) == 0 ? reply.head.handle : INVALID_HANDLE;
}

/*
 * obtain() - ask(), one thread at a time: a thread that asks for a channel again must not be told
 * its handle before the thread that asked first has put what came with it into the table
 */
static Handle obtain(enum session_op op, const char *channel)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    if (process_is_forked()) {
        return INVALID_HANDLE;
    }
    pthread_mutex_lock(&lock);
    Handle handle = ask(op, channel);
    pthread_mutex_unlock(&lock);
    return handle;
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
