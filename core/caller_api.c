/* SPDX-License-Identifier: Apache-2.0 */
#include <capchan/caller.h>

#include <stddef.h>

#include "core/pending.h"
#include "core/session.h"
#include "core/task_name.h"

Retcode capchan_caller_name(char *name, rtl_size_t size)
{
    if (name == NULL) {
        return rcInvalidArgument;
    }
    if (session_task_name()[0] == '\0') {
        return rcNotReady;
    }
    const struct request *request = pending_last();
    return request == NULL ? rcInvalidOperation
                           : task_name_copy(request->served->client, name, size);
}
