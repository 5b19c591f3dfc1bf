/* SPDX-License-Identifier: Apache-2.0 */
/* `capchan:` of an entity: the capabilities it keeps, and the user and group it runs as. */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_privileges_read(const struct init_reader *reader, const struct init_yaml_node *map,
                         struct init_entity *entity);
