/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BROKER "capchand"
#define EXIT_CANNOT_EXECUTE 127

/* beside_us() - the path of @program in the folder of this one; "" if that cannot be told */
static void beside_us(const char *program, char path[PATH_MAX + NAME_MAX])
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    path[0] = '\0';
    if (n > 0) {
        self[n] = '\0';
        (void)snprintf(path, PATH_MAX + NAME_MAX, "%s/%s", dirname(self), program);
    }
}

/*
 * broker_execute() - become the broker
 * @called: what it calls itself in messages, "capchan run"
 * @option: an option to put first, or NULL
 *
 * Return: only on failure, which it reports: an exit status.
 */
int broker_execute(const char *called, const char *option, int argc, char **argv)
{
    char path[PATH_MAX + NAME_MAX];
    char **arguments = calloc((size_t)argc + 2, sizeof(*arguments));
    size_t n = 0;

    if (arguments == NULL) {
        (void)fprintf(stderr, "capchan: %s\n", strerror(ENOMEM));
        return EXIT_CANNOT_EXECUTE;
    }
    arguments[n++] = (char *)called;
    if (option != NULL) {
        arguments[n++] = (char *)option;
    }
    for (int i = 1; i < argc; i++) {
        arguments[n++] = argv[i];
    }
    beside_us(BROKER, path);
    (void)execv(path, arguments);
    (void)execvp(BROKER, arguments);
    (void)fprintf(stderr, "capchan: cannot execute " BROKER ", neither %s nor on the PATH: %s\n",
                  path, strerror(errno));
    free(arguments);
    return EXIT_CANNOT_EXECUTE;
}
