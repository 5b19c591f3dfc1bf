/* SPDX-License-Identifier: Apache-2.0 */
#include <kos/trace.h>

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void kos_trace_(const char *level, const char *tag, const char *format, ...)
{
    int error = errno;
    size_t length = strlen(format);
    va_list arguments;

    flockfile(stderr);
    (void)fprintf(stderr, tag[0] == '\0' ? "[%s] " : "[%s] %s: ", level, tag);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (length == 0 || format[length - 1] != '\n') {
        (void)fputc('\n', stderr);
    }
    funlockfile(stderr);
    errno = error;
}
