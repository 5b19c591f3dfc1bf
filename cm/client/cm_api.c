/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/cm/cm_api.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "core/client.h"
#include "core/control.h"
#include "core/error.h"
#include "core/listener.h"
#include "core/session.h"

_Static_assert(INFINITE_TIMEOUT == TIMEOUT_NEVER_MS, "they mean the same");

/* give_back() - a handle that came without what it stands for, or that there is no room for */
static void give_back(Handle handle)
{
    struct session_message reply;
    int fd;

    (void)session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
}

/* adopt_client() - put a client end into the table. Return: 0; -ENOMEM. */
static int adopt_client(Handle handle, int fd)
{
    struct client *client;

    if (fd < 0) {
        return -ENOMEM;
    }
    int r = client_new(fd, control_word(handle), &client);
    return r != 0 ? r : object_table_add(handle, (struct object *)client);
}

/* adopt_listener() - the same for a new listener */
static int adopt_listener(Handle handle, int inbox)
{
    struct listener *listener;

    if (inbox < 0) {
        return -ENOMEM;
    }
    int r = listener_new(inbox, control_word(handle), &listener);
    if (r != 0) {
        return r;
    }
    listener_report_desertion(listener);
    return object_table_add(handle, (struct object *)listener);
}

Retcode KnCmConnect(const char *server, const char *service, rtl_uint32_t msecs, Handle *handle,
                    rtl_uint32_t *rsid)
{
    const char *const strings[SESSION_STRINGS] = {server, service};
    struct session_head head = {.op = SESSION_CM_CONNECT, .timeout_ms = msecs};
    struct session_message reply;
    int fd;

    if (server == NULL || service == NULL || handle == NULL || rsid == NULL) {
        return rcInvalidArgument;
    }
    int r = session_ask(&head, strings, &reply, &fd);
    if (r != 0) {
        return error_to_retcode(r);
    }
    r = adopt_client(reply.head.handle, fd);
    if (r != 0) {
        give_back(reply.head.handle);
        return error_to_retcode(r);
    }
    *handle = reply.head.handle;
    *rsid = reply.head.riid;
    return rcOk;
}

Retcode KnCmListen(const char *filter, rtl_uint32_t msecs, char *client, char *service)
{
    const char *const strings[SESSION_STRINGS] = {NULL};
    struct session_head head = {.op = SESSION_CM_LISTEN, .timeout_ms = msecs};
    struct session_message reply;
    int fd;

    (void)filter;
    if (client == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    int r = session_ask(&head, strings, &reply, &fd);
    if (r == 0) {
        memcpy(client, reply.strings[0], strlen(reply.strings[0]) + 1);
        memcpy(service, reply.strings[1], strlen(reply.strings[1]) + 1);
    }
    return error_to_retcode(r);
}

Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid, Handle listener,
                   Handle *handle)
{
    const char *const strings[SESSION_STRINGS] = {client, service};
    struct session_head head = {.op = SESSION_CM_ACCEPT, .handle = listener, .riid = rsid};
    struct session_message reply;
    int fd;

    if (client == NULL || service == NULL || handle == NULL) {
        return rcInvalidArgument;
    }
    int r = session_ask(&head, strings, &reply, &fd);
    if (r == 0 && listener == INVALID_HANDLE) {
        r = adopt_listener(reply.head.handle, fd);
        if (r != 0) {
            give_back(reply.head.handle);
        }
    }
    if (r == 0) {
        *handle = reply.head.handle;
    }
    return error_to_retcode(r);
}

Retcode KnCmDrop(const char *client, const char *service)
{
    const char *const strings[SESSION_STRINGS] = {client, service};
    struct session_head head = {.op = SESSION_CM_DROP};
    struct session_message reply;
    int fd;

    if (client == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    return error_to_retcode(session_ask(&head, strings, &reply, &fd));
}
