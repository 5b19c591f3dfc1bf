/* SPDX-License-Identifier: Apache-2.0 */
/* A list of Linux capabilities by their names: cap_net_raw, cap_sys_time ... */
#pragma once

#include <sys/capability.h>

#include "locator/init_reader.h"

int init_capabilities_read(const struct init_reader *reader, const struct init_yaml_node *list,
                           cap_value_t **capabilities, size_t *n_capabilities);
