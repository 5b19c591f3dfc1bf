/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who publishes which service under which interface: what the name server knows. Entities are
 * numbers; how they are called, others know.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct names;

/*
 * Who is looking, and may not see everything.
 * @entity:     who it is
 * @is_visible: whether it may see a service of @publisher; NULL: it may see all
 */
struct names_view {
    size_t entity;
    bool (*is_visible)(void *data, size_t publisher, const char *service);
    void *data;
};

int names_new(size_t n_entities, struct names **ret_names);
struct names *names_free(struct names *names);

int names_publish(struct names *names, size_t entity, const char *type, const char *service);
int names_unpublish(struct names *names, size_t entity, const char *type, const char *service);
void names_gone(struct names *names, size_t entity);
int names_at(struct names *names, const struct names_view *view, const char *type, size_t index,
             size_t *ret_entity, const char **ret_service);
