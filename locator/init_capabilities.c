/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_capabilities.h"

#include <errno.h>
#include <stdlib.h>

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

/* read_capability() - add the capability that @item names */
static int read_capability(const struct init_reader *reader, const struct init_yaml_node *item,
                           cap_value_t *capabilities, size_t *n_capabilities)
{
    cap_value_t value;
    int r = init_expect(reader, item, INIT_YAML_TEXT);

    if (r != 0) {
        return r;
    }
    if (cap_from_name(item->text, &value) != 0) {
        return fail_unknown(reader, item);
    }
    for (size_t i = 0; i < *n_capabilities; i++) {
        if (capabilities[i] == value) {
            return init_source_fail(reader->source, item->position, reader->error,
                                    "capability %s is listed twice", init_quote(item->text).text);
        }
    }
    capabilities[(*n_capabilities)++] = value;
    return 0;
}

/**
 * init_capabilities_read() - read a list of capabilities
 * @reader:         borrowed
 * @list:           nothing counts as an empty one
 * @capabilities:   NULL so far; set to each one once, also to those before one that is refused;
 * owned by the caller, free()
 * @n_capabilities: 0 so far
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_capabilities_read(const struct init_reader *reader, const struct init_yaml_node *list,
                           cap_value_t **capabilities, size_t *n_capabilities)
{
    int r = 0;

    if (list->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, list, INIT_YAML_LIST);
    }
    if (r != 0 || list->n_children == 0) {
        return r;
    }
    *capabilities = calloc(list->n_children, sizeof((*capabilities)[0]));
    if (*capabilities == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = read_capability(reader, item, *capabilities, n_capabilities);
    }
    return r;
}
