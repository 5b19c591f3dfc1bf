/* SPDX-License-Identifier: Apache-2.0 */
/* One item of `entities:`, from the YAML tree to the model; targets are still names. */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_entity_read(const struct init_reader *reader, const struct init_yaml_node *node,
                     struct init_entity *entity);
void init_entity_deinit(struct init_entity *entity);
