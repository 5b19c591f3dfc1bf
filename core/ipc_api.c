/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/ipc/ipc_api.h>

#include <coresrv/handle/handle_api.h>
#include <stddef.h>

#include "core/cleanup.h"
#include "core/error.h"
#include "core/sync_object.h"

/* create() - the number comes from the broker, like all handles, which thinks that it is a resource
 * that nothing may be done with; what it stands for is ours alone */
static Retcode create(bool is_automatic, Handle *ret_handle)
{
    struct sync_object *sync;
    Handle handle;

    if (ret_handle == NULL) {
        return rcInvalidArgument;
    }
    Retcode rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &handle);
    if (rc != rcOk) {
        return rc;
    }
    int r = sync_object_new(is_automatic, &sync);
    if (r == 0) {
        r = object_table_add(handle, &sync->object);
    }
    if (r != 0) {
        (void)KnHandleClose(handle);
        return error_to_retcode(r);
    }
    *ret_handle = handle;
    return rcOk;
}

Retcode KnIpcCreateSyncObject(Handle *syncHandle)
{
    return create(false, syncHandle);
}

Retcode KnIpcCreateSyncObjectEx(Handle *syncHandle)
{
    return create(true, syncHandle);
}

/* find() - a reference; NULL: it is no sync object of this process */
static struct object *find(Handle handle)
{
    return object_table_find(handle, OBJECT_SYNC);
}

Retcode KnIpcSetInterrupt(Handle syncHandle)
{
    CLEANUP(object_unref_p) struct object *object = find(syncHandle);

    if (object == NULL) {
        return rcNoCapability;
    }
    sync_object_set((struct sync_object *)object);
    return rcOk;
}

Retcode KnIpcClearInterrupt(Handle syncHandle)
{
    CLEANUP(object_unref_p) struct object *object = find(syncHandle);

    if (object == NULL) {
        return rcNoCapability;
    }
    sync_object_clear((struct sync_object *)object);
    return rcOk;
}
