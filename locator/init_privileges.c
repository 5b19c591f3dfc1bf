/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_privileges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "locator/init_names.h"

static int fail_unknown(const struct init_reader *reader, const struct init_yaml_node *item)
{
    struct init_nearest nearest;

    init_nearest_init(&nearest, item->text);
    for (cap_value_t i = 0; i <= CAP_LAST_CAP; i++) {
        char *name = cap_to_name(i);
        if (name == NULL) {
            return -ENOMEM;
        }
        init_nearest_offer(&nearest, name);
        cap_free(name);
    }
    if (nearest.name[0] != '\0') {
        return init_source_fail(reader->source, item->position, reader->error,
                                "unknown capability %s; did you mean '%s'?",
                                init_quote(item->text).text, nearest.name);
    }
    return init_source_fail(reader->source, item->position, reader->error,
                            "unknown capability %s; capabilities(7) lists them",
                            init_quote(item->text).text);
}

/* read_capability() - add the capability that @item names to @entity */
static int read_capability(const struct init_reader *reader, const struct init_yaml_node *item,
                           struct init_entity *entity)
{
    cap_value_t value;
    int r = init_expect(reader, item, INIT_YAML_TEXT);

    if (r != 0) {
        return r;
    }
    if (cap_from_name(item->text, &value) != 0) {
        return fail_unknown(reader, item);
    }
    for (size_t i = 0; i < entity->n_capabilities; i++) {
        if (entity->capabilities[i] == value) {
            return init_source_fail(reader->source, item->position, reader->error,
                                    "capability %s is listed twice", init_quote(item->text).text);
        }
    }
    entity->capabilities[entity->n_capabilities++] = value;
    return 0;
}

static int read_capabilities(const struct init_reader *reader, const struct init_yaml_node *list,
                             void *out)
{
    struct init_entity *entity = out;
    int r = 0;

    if (list->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, list, INIT_YAML_LIST);
    }
    if (r != 0 || list->n_children == 0) {
        return r;
    }
    entity->capabilities = calloc(list->n_children, sizeof(entity->capabilities[0]));
    if (entity->capabilities == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = read_capability(reader, item, entity);
    }
    return r;
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
