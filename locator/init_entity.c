/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_entity.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/limits.h"
#include "locator/init_connection.h"
#include "locator/init_privileges.h"

#define NAME_SERVER "kl.core.NameServer" /* class of what the broker is itself */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int read_class(const struct init_reader *reader, const struct init_yaml_node *value,
                      void *out)
{
    return init_read_name(reader, value, NAME_BYTES_MAX, &((struct init_entity *)out)->class_name);
}

static int read_task(const struct init_reader *reader, const struct init_yaml_node *value,
                     void *out)
{
    return init_read_name(reader, value, NAME_BYTES_MAX, &((struct init_entity *)out)->task);
}

static int read_path(const struct init_reader *reader, const struct init_yaml_node *value,
                     void *out)
{
    return init_read_name(reader, value, PATH_MAX - 1, &((struct init_entity *)out)->path);
}

/* strings_new() - room for @n strings and a NULL after them. Return: 0; -ENOMEM. */
static int strings_new(size_t n, char ***ret_strings)
{
    char **strings = calloc(n + 1, sizeof(strings[0]));

    if (strings == NULL) {
        return -ENOMEM;
    }
    *ret_strings = strings;
    return 0;
}

static void strings_free(char **strings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(strings[i]);
    }
    free(strings);
}

/* read_argument() - an argument is any text; nothing at all is most likely a slip */
static int read_argument(const struct init_reader *reader, const struct init_yaml_node *item,
                         char **ret_text)
{
    if (item->kind == INIT_YAML_NOTHING) {
        return init_source_fail(reader->source, item->position, reader->error,
                                "%s is missing; write \"\" for an empty argument",
                                init_describe(item).text);
    }
    int r = init_expect(reader, item, INIT_YAML_TEXT);
    if (r != 0) {
        return r;
    }
    *ret_text = strdup(item->text);
    return *ret_text == NULL ? -ENOMEM : 0;
}

static int read_args(const struct init_reader *reader, const struct init_yaml_node *list, void *out)
{
    struct init_entity *entity = out;
    int r = 0;

    if (list->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, list, INIT_YAML_LIST);
    }
    if (r != 0) {
        return r;
    }
    r = strings_new(list->n_children, &entity->args);
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = read_argument(reader, item, &entity->args[entity->n_args]);
        entity->n_args += r == 0;
    }
    return r;
}

/* check_variable() - refuse names that no environment can hold, and ours */
static int check_variable(const struct init_reader *reader, const struct init_yaml_node *value)
{
    const char *problem = NULL;

    if (value->key[0] == '\0') {
        problem = "a variable must have a name";
    } else if (strchr(value->key, '=') != NULL) {
        problem = "the name of a variable must not contain '='; write NAME: VALUE";
    } else if (strcmp(value->key, "CAPCHAN_SESSION") == 0) {
        problem = "CAPCHAN_SESSION is set by capchan itself; remove it";
    }
    if (problem == NULL) {
        return 0;
    }
    return init_source_fail(reader->source, value->key_position, reader->error, "%s", problem);
}

/* read_variable() - "NAME=value", owned by the caller */
static int read_variable(const struct init_reader *reader, const struct init_yaml_node *value,
                         char **ret_text)
{
    int r = check_variable(reader, value);

    if (r == 0 && value->kind == INIT_YAML_NOTHING) {
        r = init_source_fail(reader->source, value->position, reader->error,
                             "variable %s has no value; write \"\" for an empty one",
                             init_quote(value->key).text);
    }
    if (r == 0) {
        r = init_expect(reader, value, INIT_YAML_TEXT);
    }
    if (r != 0) {
        return r;
    }
    size_t name_size = strlen(value->key);
    size_t value_size = strlen(value->text);
    char *text = malloc(name_size + value_size + 2);
    if (text == NULL) {
        return -ENOMEM;
    }
    memcpy(text, value->key, name_size);
    text[name_size] = '=';
    memcpy(text + name_size + 1, value->text, value_size + 1);
    *ret_text = text;
    return 0;
}

static int read_env(const struct init_reader *reader, const struct init_yaml_node *map, void *out)
{
    struct init_entity *entity = out;
    int r = 0;

    if (map->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, map, INIT_YAML_MAP);
    }
    if (r != 0) {
        return r;
    }
    r = strings_new(map->n_children, &entity->env);
    for (const struct init_yaml_node *value = map->children; r == 0 && value != NULL;
         value = value->next) {
        r = read_variable(reader, value, &entity->env[entity->n_env]);
        entity->n_env += r == 0;
    }
    return r;
}

static int read_connections(const struct init_reader *reader, const struct init_yaml_node *list,
                            void *out)
{
    return init_connections_read(reader, list, out);
}

static int read_privileges(const struct init_reader *reader, const struct init_yaml_node *map,
                           void *out)
{
    return init_privileges_read(reader, map, out);
}

static const struct init_key entity_keys[] = {
    {"name", read_class},         {"task", read_task}, {"path", read_path},
    {"args", read_args},          {"env", read_env},   {"connections", read_connections},
    {"capchan", read_privileges},
};

/* owner_of() - what messages call an entity that is not read yet: by its task, its class, or not by
 * name */
static struct init_described owner_of(const struct init_yaml_node *node)
{
    const struct init_yaml_node *name = init_child(node, "task");
    struct init_described owner = {"an entity"};

    if (name == NULL || name->kind != INIT_YAML_TEXT) {
        name = init_child(node, "name");
    }
    if (name != NULL && name->kind == INIT_YAML_TEXT) {
        (void)snprintf(owner.text, sizeof(owner.text), "entity %s", init_quote(name->text).text);
    }
    return owner;
}

/* position_of() - where the value of @key is given, or else `name`, which stands in for it */
static struct init_position position_of(const struct init_yaml_node *node, const char *key)
{
    const struct init_yaml_node *value = init_child(node, key);

    return value != NULL ? value->position : init_child(node, "name")->position;
}

/* copy_unless_given() - the default of a name. Return: 0; -ENOMEM. */
static int copy_unless_given(const char *value, char **name)
{
    if (*name == NULL) {
        *name = strdup(value);
    }
    return *name == NULL ? -ENOMEM : 0;
}

/* set_defaults() - what is not written: task and path are the class, no arguments, no variables */
static int set_defaults(struct init_entity *entity)
{
    int r = copy_unless_given(entity->class_name, &entity->task);

    entity->is_built_in = entity->path == NULL && strcmp(entity->class_name, NAME_SERVER) == 0;
    if (r == 0) {
        r = copy_unless_given(entity->class_name, &entity->path);
    }
    if (r == 0 && entity->args == NULL) {
        r = strings_new(0, &entity->args);
    }
    if (r == 0 && entity->env == NULL) {
        r = strings_new(0, &entity->env);
    }
    return r;
}

/**
 * init_entity_read() - read one item of `entities:`
 * @reader: borrowed
 * @node:   the item
 * @entity: all zero; released by the caller with init_entity_deinit(), also after an error
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_entity_read(const struct init_reader *reader, const struct init_yaml_node *node,
                     struct init_entity *entity)
{
    int r =
        init_read_map(reader, node, owner_of(node).text, entity_keys, COUNT(entity_keys), entity);

    if (r != 0) {
        return r;
    }
    if (entity->class_name == NULL) {
        return init_source_fail(reader->source, node->position, reader->error,
                                "%s has no 'name', the class that its EDL file declares",
                                owner_of(node).text);
    }
    entity->position = node->position;
    entity->task_position = position_of(node, "task");
    entity->path_position = position_of(node, "path");
    return set_defaults(entity);
}

/* init_entity_deinit() - release what @entity owns */
void init_entity_deinit(struct init_entity *entity)
{
    free(entity->task);
    free(entity->class_name);
    free(entity->path);
    free(entity->executable);
    strings_free(entity->args, entity->n_args);
    strings_free(entity->env, entity->n_env);
    init_connections_deinit(entity);
    free(entity->capabilities);
    free(entity->user);
    free(entity->group);
}
