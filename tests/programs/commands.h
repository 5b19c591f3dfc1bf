/* SPDX-License-Identifier: Apache-2.0 */
/* Test entities do what their arguments say, one command after the other. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COMMANDS_BAD_STATUS 99

struct command {
    const char *name;
    bool has_argument;
    void (*function)(const char *argument); /* NULL without one */
};

/* commands_run() - run the commands in @argv. Return: the exit status. */
static inline int commands_run(const struct command *commands, size_t n_commands, int argc,
                               char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        size_t c = 0;
        while (c < n_commands && strcmp(commands[c].name, argv[i]) != 0) {
            c++;
        }
        if (c == n_commands || (commands[c].has_argument && i + 1 == argc)) {
            fprintf(stderr, "%s: bad command %s\n", argv[0], argv[i]);
            return COMMANDS_BAD_STATUS;
        }
        commands[c].function(commands[c].has_argument ? argv[++i] : NULL);
    }
    return 0;
}
