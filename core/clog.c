/* SPDX-License-Identifier: Apache-2.0 */
#include <component/logrr/clog/clog.h>

#include <string.h>

#define TAG_MAX 63 /* bytes, without the NUL */

static char own_tag[TAG_MAX + 1];

Retcode ClogInit(const char *tag)
{
    if (tag == NULL) {
        return rcInvalidArgument;
    }
    size_t length = strnlen(tag, TAG_MAX);
    memcpy(own_tag, tag, length);
    own_tag[length] = '\0';
    return rcOk;
}

const char *clog_tag_(void)
{
    return own_tag;
}
