/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/complain.h"

#include <stdio.h>

void complain(const char *path, const char *problem)
{
    fprintf(stderr, "idlc: %s: %s\n", path, problem);
}
