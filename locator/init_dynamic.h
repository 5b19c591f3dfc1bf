/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `capchan: dynamic:`, the rules about who may ask whom for a dynamic channel:
 *
 *     capchan:
 *       dynamic:
 *         - {client: Client, server: Server, service: echo}
 *         - {client: "net.*", server: Clock, service: "*", requires: [cap_sys_time]}
 */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_dynamic_read(const struct init_reader *reader, const struct init_yaml_node *list,
                      struct init_config *config);
int init_dynamic_check(const struct init_reader *reader, const struct init_config *config);
void init_dynamic_deinit(struct init_config *config);
