/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/hal/hal_api.h>

#include <stdlib.h>
#include <string.h>

Retcode KnHalGetEnv(const char *name, char *value, rtl_size_t size)
{
    if (name == NULL || value == NULL) {
        return rcInvalidArgument;
    }
    const char *found = getenv(name);
    if (found == NULL) {
        return rcResourceNotFound;
    }
    size_t length = strlen(found);
    if (length >= size) {
        return rcBufferTooSmall;
    }
    memcpy(value, found, length + 1);
    return rcOk;
}
