/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who publishes which service under which interface: what the name server knows. Entities are
 * numbers; how they are called, others know.
 */
#pragma once

#include <stddef.h>

struct names;

int names_new(size_t n_entities, struct names **ret_names);
struct names *names_free(struct names *names);

int names_publish(struct names *names, size_t entity, const char *type, const char *service);
int names_unpublish(struct names *names, size_t entity, const char *type, const char *service);
void names_gone(struct names *names, size_t entity);
int names_at(const struct names *names, const char *type, size_t index, size_t *ret_entity,
             const char **ret_service);
