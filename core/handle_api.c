/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/handle/handle_api.h>

#include "core/error.h"
#include "core/object.h"
#include "core/session.h"

Retcode KnHandleClose(Handle handle)
{
    static const char *const no_strings[SESSION_STRINGS] = {NULL};
    struct object *object = object_table_remove(handle);
    struct session_message reply;
    int fd;

    if (object == NULL) {
        return rcNoCapability;
    }
    bool is_client = object->class->kind == OBJECT_CLIENT;
    object->class->shut(object);
    object_unref(object);
    /* Without a broker the handle is gone all the same. A channel is over when its client has shut
     * it down; those of a listener are when the broker has ended them. */
    if (is_client) {
        session_announce(SESSION_GIVE_BACK, handle, 0, no_strings);
        return rcOk;
    }
    int r = session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
    return r == ERROR_NO_BROKER ? rcOk : error_to_retcode(r);
}
