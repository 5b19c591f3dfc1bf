/* SPDX-License-Identifier: Apache-2.0 */
/* The value of `connections:`, from the YAML tree to the model; targets are still names. */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_connections_read(const struct init_reader *reader, const struct init_yaml_node *list,
                          struct init_entity *entity);
void init_connection_deinit(struct init_connection *connection);
void init_connections_deinit(struct init_entity *entity);
