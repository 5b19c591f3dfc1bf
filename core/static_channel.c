/* SPDX-License-Identifier: Apache-2.0 */
#include "core/static_channel.h"

#include <pthread.h>

#include "core/adopt.h"
#include "core/error.h"
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

/* ask() - get one end of the channel @id from the broker */
static int ask(enum session_op op, const char *id, Handle *ret_handle)
{
    struct session_message reply;
    int fd;

    int r = session_request(op, INVALID_HANDLE, 0, id, &reply, &fd);
    if (r == 0) {
        r = adopt(op, reply.head.handle, fd);
    }
    if (r == 0) {
        *ret_handle = reply.head.handle;
    }
    return r;
}

/*
 * static_channel_open() - have a handle of one end of a channel; the same one each time
 * @op: SESSION_CONNECT: the client's end; SESSION_REGISTER: the server's listener
 * @id: of the channel; borrowed
 *
 * One thread at a time: a thread that asks for a channel again must not be told its handle before
 * the thread that asked first has put what came with it into the table.
 *
 * Context: any thread; waits for the broker only.
 * Return:  0; ERROR_DENIED: init.yaml declares no such channel; ERROR_NOT_CONNECTED: it has ended;
 * ERROR_BAD_MESSAGE: @id is too long; ERROR_NO_BROKER; ERROR_QUOTA; negative errno.
 */
int static_channel_open(enum session_op op, const char *id, Handle *ret_handle)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    if (process_is_forked()) {
        return ERROR_NO_BROKER;
    }
    pthread_mutex_lock(&lock);
    int r = ask(op, id, ret_handle);
    pthread_mutex_unlock(&lock);
    return r;
}
