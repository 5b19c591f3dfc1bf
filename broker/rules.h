/* SPDX-License-Identifier: Apache-2.0 */
/* From `capchan: dynamic:` in init.yaml to the policy of the connection manager. */
#pragma once

#include "cm/policy.h"
#include "locator/init_config.h"

int rules_make(const struct init_config *config, const char *const *tasks,
               struct policy **ret_policy);
