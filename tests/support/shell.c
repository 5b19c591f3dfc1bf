/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/shell.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* How much of what commands wrote is shown when they fail. */
#define SHOWN_BYTES 3000

static char output[1 << 20];

const char *shell_run(const char *prologue, const char *format, ...)
{
    char *commands = NULL;
    char *script = NULL;
    va_list arguments;

    va_start(arguments, format);
    ck_assert_int_ge(vasprintf(&commands, format, arguments), 0);
    va_end(arguments);
    ck_assert_int_ge(asprintf(&script, "%s%s", prologue, commands), 0);
    FILE *pipe = popen(script, "re");
    ck_assert_ptr_nonnull(pipe);
    size_t size = fread(output, 1, sizeof(output) - 1, pipe);
    output[size] = '\0';
    int status = pclose(pipe);
    ck_assert_msg(status == 0, "wait status %#x of\n%s\n%.*s", (unsigned)status, commands,
                  SHOWN_BYTES, output);
    free(script);
    free(commands);
    return output;
}
