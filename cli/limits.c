/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

/* command_limits() - capchan limits: how much there may be of everything */
int command_limits(int argc, char **argv)
{
    return broker_execute("capchan limits", "--limits", argc, argv);
}
