/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stddef.h>

/* command_run() - capchan run: run a solution */
int command_run(int argc, char **argv)
{
    return broker_execute("capchan run", NULL, argc, argv);
}
