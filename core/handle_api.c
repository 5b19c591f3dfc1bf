/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/handle/handle_api.h>

#include "core/error.h"
#include "core/object.h"
#include "core/session.h"

Retcode KnHandleClose(Handle handle)
{
    struct object *object = object_table_remove(handle);
    struct session_message reply;
    int fd;

    if (object == NULL) {
        return rcNoCapability;
    }
    object->class->shut(object);
    object_unref(object);
    /* Without a broker the handle is gone all the same. */
    int r = session_request(SESSION_CLOSE, handle, 0, NULL, &reply, &fd);
    return r == ERROR_NO_BROKER ? rcOk : error_to_retcode(r);
}
