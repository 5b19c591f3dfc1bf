/* SPDX-License-Identifier: Apache-2.0 */
/* What of a solution is done by others than its programs: by the host, or, as policies, by nobody.
 */
#pragma once

#include <stdio.h>

#include "locator/init_config.h"

int host_load(struct init_host **ret_host);
void host_print(const struct init_config *config, FILE *out);
