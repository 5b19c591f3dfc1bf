/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The classes of entities whose work the host does itself, so that they need no program and no
 * channels: a table that is shipped with the product.
 */
#pragma once

#include <stdbool.h>

struct init_host;

int init_host_load(const char *path, struct init_host **ret_host);
struct init_host *init_host_free(struct init_host *host);
void init_host_free_p(struct init_host **host);

bool init_host_does(const struct init_host *host, const char *class_name);
