/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_dynamic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "locator/init_capabilities.h"
#include "locator/init_links.h"

/* read_pattern() - a name, or the beginning of one and a `*` */
static int read_pattern(const struct init_reader *reader, const struct init_yaml_node *value,
                        size_t bytes_max, char **ret_pattern)
{
    int r = init_read_name(reader, value, bytes_max, ret_pattern);

    if (r != 0) {
        return r;
    }
    const char *star = strchr(*ret_pattern, '*');
    if (star != NULL && star[1] != '\0') {
        return init_source_fail(reader->source, value->position, reader->error,
                                "%s: '*' stands for any rest of a name; it must be the last "
                                "character of %s",
                                init_describe(value).text, init_quote(*ret_pattern).text);
    }
    return 0;
}

static int read_client(const struct init_reader *reader, const struct init_yaml_node *value,
                       void *out)
{
    struct init_rule *rule = out;

    rule->client_position = value->position;
    return read_pattern(reader, value, NAME_BYTES_MAX, &rule->client);
}

static int read_server(const struct init_reader *reader, const struct init_yaml_node *value,
                       void *out)
{
    struct init_rule *rule = out;

    rule->server_position = value->position;
    return read_pattern(reader, value, NAME_BYTES_MAX, &rule->server);
}

static int read_service(const struct init_reader *reader, const struct init_yaml_node *value,
                        void *out)
{
    return read_pattern(reader, value, LOCATOR_NAME_BYTES_MAX, &((struct init_rule *)out)->service);
}

static int read_requires(const struct init_reader *reader, const struct init_yaml_node *list,
                         void *out)
{
    struct init_rule *rule = out;

    return init_capabilities_read(reader, list, &rule->requires, &rule->n_requires);
}

static const struct init_key rule_keys[] = {
    {"client", read_client},
    {"server", read_server},
    {"service", read_service},
    {"requires", read_requires},
};

static int read_rule(const struct init_reader *reader, const struct init_yaml_node *map,
                     struct init_rule *rule)
{
    int r = init_read_map(reader, map, "a rule of 'dynamic'", rule_keys,
                          sizeof(rule_keys) / sizeof(rule_keys[0]), rule);
    const char *missing = rule->client == NULL    ? "client"
                          : rule->server == NULL  ? "server"
                          : rule->service == NULL ? "service"
                                                  : NULL;

    if (r != 0 || missing == NULL) {
        return r;
    }
    return init_source_fail(reader->source, map->position, reader->error,
                            "a rule of 'dynamic' has no '%s'; write %s: \"*\" for any", missing,
                            missing);
}

/**
 * init_dynamic_read() - read `capchan: dynamic:`
 * @reader: borrowed
 * @list:   nothing counts as an empty one: nobody may ask anybody
 * @config: gets the rules, also those before one that is refused
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_dynamic_read(const struct init_reader *reader, const struct init_yaml_node *list,
                      struct init_config *config)
{
    int r = 0;

    config->has_rules = true;
    if (list->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, list, INIT_YAML_LIST);
    }
    if (r != 0 || list->n_children == 0) {
        return r;
    }
    if (list->n_children > DYNAMIC_RULES_MAX) {
        return init_source_fail(reader->source, list->key_position, reader->error,
                                "%zu rules in 'dynamic'; the most is %d; one with a '*' can stand "
                                "for many",
                                list->n_children, DYNAMIC_RULES_MAX);
    }
    config->rules = calloc(list->n_children, sizeof(config->rules[0]));
    if (config->rules == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = read_rule(reader, item, &config->rules[config->n_rules++]);
    }
    return r;
}

/* check_task() - refuse a name that no entity has: the rule would never allow anything */
static int check_task(const struct init_reader *reader, const struct init_config *config,
                      const char *role, const char *name, struct init_position position)
{
    size_t size = strlen(name);
    bool is_open = name[size - 1] == '*';

    for (size_t i = 0; i < config->n_entities; i++) {
        const char *task = config->entities[i].task;
        if (is_open ? strncmp(name, task, size - 1) == 0 : strcmp(name, task) == 0) {
            return 0;
        }
    }
    if (is_open) {
        return init_source_fail(reader->source, position, reader->error,
                                "%s %s: no task of any entity begins so", role,
                                init_quote(name).text);
    }
    return init_links_fail(reader, config, role, name, position);
}

/* check_rule() - both ends must be there, and not be the same entity */
static int check_rule(const struct init_reader *reader, const struct init_config *config,
                      const struct init_rule *rule)
{
    int r = check_task(reader, config, "client", rule->client, rule->client_position);

    if (r == 0) {
        r = check_task(reader, config, "server", rule->server, rule->server_position);
    }
    if (r == 0 && strcmp(rule->client, rule->server) == 0 && strchr(rule->client, '*') == NULL) {
        r = init_source_fail(reader->source, rule->server_position, reader->error,
                             "entity %s connects to itself; a channel joins two entities",
                             init_quote(rule->client).text);
    }
    return r;
}

/**
 * init_dynamic_check() - check the rules against the entities
 * @reader: borrowed
 * @config: all of it is read
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_dynamic_check(const struct init_reader *reader, const struct init_config *config)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < config->n_rules; i++) {
        r = check_rule(reader, config, &config->rules[i]);
    }
    return r;
}

/* init_dynamic_deinit() - release the rules of @config */
void init_dynamic_deinit(struct init_config *config)
{
    for (size_t i = 0; i < config->n_rules; i++) {
        free(config->rules[i].client);
        free(config->rules[i].server);
        free(config->rules[i].service);
        free(config->rules[i].requires);
    }
    free(config->rules);
}
