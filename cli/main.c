/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capchan - the command line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define EXIT_USAGE 2

static const struct {
    const char *name;
    const char *arguments;
    const char *summary;
    command_fn *function;
} commands[] = {
    {"run", "[OPTION...] INIT.YAML", "run the solution that INIT.YAML declares", command_run},
    {"check", "[OPTION...] INIT.YAML", "check INIT.YAML and the executables, start nothing",
     command_check},
    {"limits", "", "list the limits of the system, such as channels per entity", command_limits},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *out)
{
    (void)fprintf(out, "Usage: capchan COMMAND [ARGUMENT...]\n\nCommands:\n");
    for (size_t i = 0; i < N_COMMANDS; i++) {
        (void)fprintf(out, "  %-6s %-22s %s\n", commands[i].name, commands[i].arguments,
                      commands[i].summary);
    }
    (void)fprintf(out, "\n`capchan COMMAND --help` says more.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_SUCCESS;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("capchan 0.1.0");
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].function(argc - 1, argv + 1);
        }
    }
    (void)fprintf(stderr, "capchan: unknown command '%s'\n\n", argv[1]);
    print_usage(stderr);
    return EXIT_USAGE;
}
