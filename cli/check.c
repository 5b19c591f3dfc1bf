/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

/* command_check() - capchan check: check an init.yaml, start nothing */
int command_check(int argc, char **argv)
{
    return broker_execute("capchan check", "--check", argc, argv);
}
