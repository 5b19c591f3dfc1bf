/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/task/task_api.h>

#include <stddef.h>
#include <string.h>

#include "core/session.h"

Retcode KnTaskGetName(char *name, rtl_size_t size)
{
    const char *own = session_task_name();

    if (name == NULL) {
        return rcInvalidArgument;
    }
    if (own[0] == '\0') {
        return rcNotReady;
    }
    size_t length = strlen(own);
    if (length >= size) {
        return rcBufferTooSmall;
    }
    memcpy(name, own, length + 1);
    return rcOk;
}
