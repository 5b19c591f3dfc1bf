/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_reader.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locator/init_config.h"
#include "locator/init_names.h"

static const char *const kind_names[] = {
    [INIT_YAML_NOTHING] = "nothing",
    [INIT_YAML_TEXT] = "a text",
    [INIT_YAML_LIST] = "a list",
    [INIT_YAML_MAP] = "a map",
};

/* init_describe() - what messages call a value */
struct init_described init_describe(const struct init_yaml_node *node)
{
    struct init_described described = {"the file"};

    if (node->key != NULL) {
        (void)snprintf(described.text, sizeof(described.text), "%s", init_quote(node->key).text);
    } else if (node->parent != NULL && node->parent->key != NULL) {
        (void)snprintf(described.text, sizeof(described.text), "an item of %s",
                       init_quote(node->parent->key).text);
    } else if (node->parent != NULL) {
        (void)snprintf(described.text, sizeof(described.text), "an item of the list");
    }
    return described;
}

/* init_child() - the value of a key, lent; NULL if the map does not have it, or if it is none */
const struct init_yaml_node *init_child(const struct init_yaml_node *map, const char *key)
{
    if (map->kind != INIT_YAML_MAP) {
        return NULL;
    }
    for (const struct init_yaml_node *child = map->children; child != NULL; child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

/* init_expect() - refuse a value of another kind. Return: 0; INIT_E_INVALID; -ENOMEM. */
int init_expect(const struct init_reader *reader, const struct init_yaml_node *node,
                enum init_yaml_kind kind)
{
    if (node->kind == kind) {
        return 0;
    }
    return init_source_fail(reader->source, node->position, reader->error,
                            "%s: expected %s, found %s", init_describe(node).text, kind_names[kind],
                            kind_names[node->kind]);
}

/* list_keys() - "'a', 'b', 'c'" */
static void list_keys(const struct init_key *keys, size_t n_keys, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < n_keys && used < size; i++) {
        used +=
            (size_t)snprintf(text + used, size - used, "%s'%s'", i > 0 ? ", " : "", keys[i].name);
    }
}

static int fail_unknown_key(const struct init_reader *reader, const struct init_yaml_node *child,
                            const char *owner, const struct init_key *keys, size_t n_keys)
{
    struct init_nearest nearest;
    char known[200] = "none";

    init_nearest_init(&nearest, child->key);
    for (size_t i = 0; i < n_keys; i++) {
        init_nearest_offer(&nearest, keys[i].name);
    }
    if (nearest.name[0] != '\0') {
        return init_source_fail(reader->source, child->key_position, reader->error,
                                "unknown key %s in %s; did you mean '%s'?",
                                init_quote(child->key).text, owner, nearest.name);
    }
    list_keys(keys, n_keys, known, sizeof(known));
    return init_source_fail(reader->source, child->key_position, reader->error,
                            "unknown key %s in %s; known keys: %s", init_quote(child->key).text,
                            owner, known);
}

/**
 * init_read_map() - hand each value of a map to the function for its key, in the order of the file
 * @reader: borrowed
 * @map:    borrowed; anything but a map is refused
 * @owner:  what messages call the map: "entity 'Client'"
 * @keys:   the keys it may have
 * @out:    for the functions
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM; what a function returned.
 */
int init_read_map(const struct init_reader *reader, const struct init_yaml_node *map,
                  const char *owner, const struct init_key *keys, size_t n_keys, void *out)
{
    int r = init_expect(reader, map, INIT_YAML_MAP);

    for (const struct init_yaml_node *child = map->children; r == 0 && child != NULL;
         child = child->next) {
        size_t i = 0;
        while (i < n_keys && strcmp(keys[i].name, child->key) != 0) {
            i++;
        }
        r = i < n_keys ? keys[i].read(reader, child, out)
                       : fail_unknown_key(reader, child, owner, keys, n_keys);
    }
    return r;
}

/* has_control_character() - whether @text, which is UTF-8, has a control character in it */
static bool has_control_character(const char *text)
{
    while (*text != '\0' && !init_is_control(text)) {
        text++;
    }
    return *text != '\0';
}

/**
 * init_check_name() - refuse what cannot be a name
 * @reader:    borrowed
 * @node:      where the name comes from
 * @name:      UTF-8
 * @bytes_max: length limit
 *
 * Return: 0; INIT_E_INVALID: empty, too long, control characters; -ENOMEM.
 */
int init_check_name(const struct init_reader *reader, const struct init_yaml_node *node,
                    const char *name, size_t bytes_max)
{
    size_t size = strlen(name);

    if (size == 0) {
        return init_source_fail(reader->source, node->position, reader->error,
                                "%s is empty; it must have a value", init_describe(node).text);
    }
    if (size > bytes_max) {
        return init_source_fail(reader->source, node->position, reader->error,
                                "%s is %zu bytes long; the most is %zu", init_describe(node).text,
                                size, bytes_max);
    }
    if (has_control_character(name)) {
        return init_source_fail(reader->source, node->position, reader->error,
                                "%s has a control character in it", init_describe(node).text);
    }
    return 0;
}

/**
 * init_read_name() - take a text that names something: a process, a channel, a file
 * @reader:    borrowed
 * @node:      borrowed
 * @bytes_max: length limit
 * @ret_name:  owned by the caller
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_read_name(const struct init_reader *reader, const struct init_yaml_node *node,
                   size_t bytes_max, char **ret_name)
{
    int r = 0;

    if (node->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, node, INIT_YAML_TEXT);
    }
    if (r == 0) {
        r = init_check_name(reader, node, node->text, bytes_max);
    }
    if (r != 0) {
        return r;
    }
    char *name = strdup(node->text);
    if (name == NULL) {
        return -ENOMEM;
    }
    *ret_name = name;
    return 0;
}
