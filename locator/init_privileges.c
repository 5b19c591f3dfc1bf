/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_privileges.h"

#include "core/limits.h"
#include "locator/init_capabilities.h"

static int read_capabilities(const struct init_reader *reader, const struct init_yaml_node *list,
                             void *out)
{
    struct init_entity *entity = out;

    return init_capabilities_read(reader, list, &entity->capabilities, &entity->n_capabilities);
}

static int read_user(const struct init_reader *reader, const struct init_yaml_node *value,
                     void *out)
{
    return init_read_name(reader, value, NAME_BYTES_MAX, &((struct init_entity *)out)->user);
}

static int read_group(const struct init_reader *reader, const struct init_yaml_node *value,
                      void *out)
{
    return init_read_name(reader, value, NAME_BYTES_MAX, &((struct init_entity *)out)->group);
}

static const struct init_key privilege_keys[] = {
    {"capabilities", read_capabilities},
    {"user", read_user},
    {"group", read_group},
};

/**
 * init_privileges_read() - read `capchan:` of an entity
 * @reader: borrowed
 * @map:    its value; nothing counts as an empty map
 * @entity: gets capabilities, user and group, also those before one that is refused
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_privileges_read(const struct init_reader *reader, const struct init_yaml_node *map,
                         struct init_entity *entity)
{
    if (map->kind == INIT_YAML_NOTHING) {
        return 0;
    }
    return init_read_map(reader, map, "'capchan' of an entity", privilege_keys,
                         sizeof(privilege_keys) / sizeof(privilege_keys[0]), entity);
}
