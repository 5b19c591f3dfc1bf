/* SPDX-License-Identifier: Apache-2.0 */
/* What holds between entities: tasks differ, connections lead to tasks, a client's ids differ. */
#pragma once

#include "locator/init_config.h"
#include "locator/init_reader.h"

int init_links_resolve(const struct init_reader *reader, struct init_config *config);
int init_links_fail(const struct init_reader *reader, const struct init_config *config,
                    const char *role, const char *name, struct init_position position);
