/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/ns/ns_api.h>

#include <stddef.h>
#include <string.h>

#include "core/error.h"
#include "core/session.h"

#define NAME_SERVER "kl.core.NameServer"
#define NS_BROKER ((NsHandle)1) /* the only one there is */

Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns)
{
    (void)msecs;
    if (ns == NULL) {
        return rcInvalidArgument;
    }
    if (session_task_name()[0] == '\0') {
        return rcNotReady;
    }
    if (name != NULL && strcmp(name, NAME_SERVER) != 0) {
        return rcResourceNotFound;
    }
    *ns = NS_BROKER;
    return rcOk;
}

/* publication() - publish, or take back */
static Retcode publication(enum session_op op, NsHandle ns, const char *type, const char *server,
                           const char *service)
{
    const char *const strings[SESSION_STRINGS] = {type, server, service};
    struct session_head head = {.op = (uint32_t)op};
    struct session_message reply;
    int fd;

    if (ns != NS_BROKER || type == NULL || server == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    return error_to_retcode(session_ask(&head, strings, &reply, &fd));
}

Retcode NsPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
    return publication(SESSION_NS_PUBLISH, ns, type, server, service);
}

Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server, const char *service)
{
    return publication(SESSION_NS_UNPUBLISH, ns, type, server, service);
}

Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index, char *server,
                       rtl_size_t serverSize, char *service, rtl_size_t serviceSize)
{
    struct session_message reply;
    int fd;

    if (ns != NS_BROKER || type == NULL || server == NULL || service == NULL) {
        return rcInvalidArgument;
    }
    int r = session_request(SESSION_NS_ENUM, INVALID_HANDLE, index, type, &reply, &fd);
    if (r != 0) {
        return error_to_retcode(r);
    }
    size_t server_length = strlen(reply.strings[0]);
    size_t service_length = strlen(reply.strings[1]);
    if (server_length >= serverSize || service_length >= serviceSize) {
        return rcBufferTooSmall;
    }
    memcpy(server, reply.strings[0], server_length + 1);
    memcpy(service, reply.strings[1], service_length + 1);
    return rcOk;
}
