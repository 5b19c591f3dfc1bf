/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/task/task_api.h>

#include <stddef.h>

#include "core/session.h"
#include "core/task_name.h"

Retcode KnTaskGetName(char *name, rtl_size_t size)
{
    const char *own = session_task_name();

    if (name == NULL) {
        return rcInvalidArgument;
    }
    return own[0] == '\0' ? rcNotReady : task_name_copy(own, name, size);
}
