/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/limits.h"
#include "locator/init_dynamic.h"
#include "locator/init_entity.h"
#include "locator/init_links.h"
#include "locator/init_reader.h"

static int read_entities(const struct init_reader *reader, const struct init_yaml_node *list,
                         void *out)
{
    struct init_config *config = out;
    int r = init_expect(reader, list, INIT_YAML_LIST);

    if (r != 0) {
        return r;
    }
    if (list->n_children == 0) {
        return init_source_fail(reader->source, list->position, reader->error,
                                "'entities' is empty; it must list one entity at least");
    }
    if (list->n_children > ENTITIES_MAX) {
        return init_source_fail(reader->source, list->key_position, reader->error,
                                "%zu entities; the most is %d", list->n_children, ENTITIES_MAX);
    }
    config->entities = calloc(list->n_children, sizeof(config->entities[0]));
    if (config->entities == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = init_entity_read(reader, item, &config->entities[config->n_entities++]);
    }
    return r;
}

static int read_dynamic(const struct init_reader *reader, const struct init_yaml_node *list,
                        void *out)
{
    return init_dynamic_read(reader, list, out);
}

static const struct init_key settings_keys[] = {
    {"dynamic", read_dynamic},
};

/* read_settings() - `capchan:` at the top level */
static int read_settings(const struct init_reader *reader, const struct init_yaml_node *map,
                         void *out)
{
    if (map->kind == INIT_YAML_NOTHING) {
        return 0;
    }
    return init_read_map(reader, map, "'capchan' at the top level", settings_keys, 1, out);
}

static const struct init_key top_keys[] = {
    {"entities", read_entities},
    {"capchan", read_settings},
};

static int read_top(const struct init_reader *reader, const struct init_yaml_node *root,
                    struct init_config *config)
{
    int r = init_read_map(reader, root, "the file", top_keys, 2, config);

    if (r == 0 && config->n_entities == 0) {
        r = init_source_fail(reader->source, root->position, reader->error,
                             "there is no 'entities:', the list of processes to start");
    }
    return r;
}

/* folder_of() - the folder that @path lies in, owned by the caller; NULL without memory */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return strdup(".");
    }
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* header_dirs() - the folder of init.yaml and then those of @options, in memory owned by the caller
 */
static int header_dirs(const struct init_config *config, const struct init_options *options,
                       struct init_reader *reader, const char ***ret_dirs)
{
    size_t n = options != NULL ? options->n_include_dirs : 0;
    const char **dirs = calloc(n + 1, sizeof(dirs[0]));

    if (dirs == NULL) {
        return -ENOMEM;
    }
    dirs[0] = config->folder;
    for (size_t i = 0; i < n; i++) {
        dirs[i + 1] = options->include_dirs[i];
    }
    reader->header_dirs = dirs;
    reader->n_header_dirs = n + 1;
    *ret_dirs = dirs;
    return 0;
}

/* config_new() - an empty config around a text. Return: 0; -ENOMEM. Consumes @source. */
static int config_new(struct init_source *source, struct init_config **ret_config)
{
    CLEANUP(init_config_free_p) struct init_config *config = calloc(1, sizeof(*config));

    if (config == NULL) {
        init_source_free(source);
        return -ENOMEM;
    }
    config->source = source;
    config->file = strdup(source->file);
    config->folder = folder_of(source->file);
    if (config->file == NULL || config->folder == NULL) {
        return -ENOMEM;
    }
    *ret_config = STEAL(config);
    return 0;
}

/* config_fill() - from the text to the model */
static int config_fill(struct init_config *config, struct init_reader *reader)
{
    CLEANUP(init_yaml_free_p) struct init_yaml_node *root = NULL;
    int r;

    reader->source = config->source;
    r = init_yaml_parse(config->source, &root, reader->error);
    if (r == 0) {
        r = read_top(reader, root, config);
    }
    if (r == 0) {
        r = init_links_resolve(reader, config);
    }
    if (r == 0) {
        r = init_dynamic_check(reader, config);
    }
    return r;
}

/**
 * init_config_load() - read and check an init.yaml
 * @path:       borrowed
 * @options:    borrowed; NULL for none
 * @ret_config: owned by the caller
 * @ret_error:  written when INIT_E_INVALID is returned; then owned by the caller,
 * init_error_deinit()
 *
 * Executables are not looked for: see init_config_find_executables().
 *
 * Context: any thread; reads the file and the headers it names, never waits for a FIFO or a device.
 * Return:  0; INIT_E_INVALID; -ENOMEM.
 */
int init_config_load(const char *path, const struct init_options *options,
                     struct init_config **ret_config, struct init_error *ret_error)
{
    CLEANUP(init_config_free_p) struct init_config *config = NULL;
    CLEANUP(free_p) const char **dirs = NULL;
    struct init_reader reader = {.error = ret_error};
    struct init_source *source;
    int r = init_source_new_from_file(path, &source, ret_error);

    if (r == 0) {
        r = config_new(source, &config);
    }
    if (r == 0) {
        config->host = options != NULL ? options->host : NULL;
        reader.host = config->host;
        r = header_dirs(config, options, &reader, &dirs);
    }
    if (r == 0) {
        r = config_fill(config, &reader);
    }
    if (r != 0) {
        return r;
    }
    *ret_config = STEAL(config);
    return 0;
}

/**
 * init_config_load_memory() - the same for a text in memory, without any access to files
 * @name:       what messages call it; borrowed
 * @bytes:      borrowed
 * @size:       bytes
 * @ret_config: owned by the caller
 * @ret_error:  written when INIT_E_INVALID is returned; then owned by the caller,
 * init_error_deinit()
 *
 * An id that is a constant of a header is refused.
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_config_load_memory(const char *name, const void *bytes, size_t size,
                            struct init_config **ret_config, struct init_error *ret_error)
{
    CLEANUP(init_config_free_p) struct init_config *config = NULL;
    struct init_reader reader = {.error = ret_error};
    struct init_source *source;
    int r = init_source_new(name, bytes, size, &source, ret_error);

    if (r == 0) {
        r = config_new(source, &config);
    }
    if (r == 0) {
        r = config_fill(config, &reader);
    }
    if (r != 0) {
        return r;
    }
    *ret_config = STEAL(config);
    return 0;
}

/* init_config_free() - release a config; NULL is none. Return: NULL. */
struct init_config *init_config_free(struct init_config *config)
{
    if (config != NULL) {
        for (size_t i = 0; i < config->n_entities; i++) {
            init_entity_deinit(&config->entities[i]);
        }
        free(config->entities);
        init_dynamic_deinit(config);
        free(config->file);
        free(config->folder);
        init_source_free(config->source);
        free(config);
    }
    return NULL;
}

/* init_config_free_p() - for CLEANUP() */
void init_config_free_p(struct init_config **config)
{
    *config = init_config_free(*config);
}

/* init_config_find_task() - the entity whose task is @task, lent from @config; NULL if there is
 * none */
struct init_entity *init_config_find_task(const struct init_config *config, const char *task)
{
    for (size_t i = 0; i < config->n_entities; i++) {
        if (strcmp(config->entities[i].task, task) == 0) {
            return &config->entities[i];
        }
    }
    return NULL;
}
