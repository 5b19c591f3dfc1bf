/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing the name of a task to a program.
 */
#pragma once

#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <string.h>

/* task_name_copy() - with its NUL, all or nothing. Return: rcOk; rcBufferTooSmall. */
static inline Retcode task_name_copy(const char *task, char *name, rtl_size_t size)
{
    size_t length = strlen(task);

    if (length >= size) {
        return rcBufferTooSmall;
    }
    memcpy(name, task, length + 1);
    return rcOk;
}
