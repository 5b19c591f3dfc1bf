/* SPDX-License-Identifier: Apache-2.0 */
/* The value of `connections:`, from the YAML tree to the model; targets are still names. */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_connections_read(const struct init_reader *reader, const struct init_yaml_node *list,
                          struct init_entity *entity);
int init_connection_fail(struct init_connection *connection, struct init_error *ret_error);
int init_connections_settle(struct init_entity *entity, struct init_error *ret_error);
void init_connection_deinit(struct init_connection *connection);
void init_connections_deinit(struct init_entity *entity);
