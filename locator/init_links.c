/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_links.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "locator/init_connection.h"
#include "locator/init_names.h"

/* How many tasks a message lists. */
#define LISTED_TASKS_MAX 8

/* The tasks of a config, sorted. */
struct tasks {
    const struct init_reader *reader;
    struct init_config *config;
    struct init_name *names;
};

/* check_tasks() - refuse two entities with one task name */
static int check_tasks(const struct tasks *tasks)
{
    const struct init_config *config = tasks->config;
    const struct init_name *repeated = init_names_repeated(tasks->names, config->n_entities);

    if (repeated == NULL) {
        return 0;
    }
    const struct init_entity *first = &config->entities[repeated[-1].index];
    const struct init_entity *again = &config->entities[repeated->index];
    return init_source_fail(tasks->reader->source, again->task_position, tasks->reader->error,
                            "two entities are called %s, the first one in line %u; give each a "
                            "'task' of its own",
                            init_quote(again->task).text, first->task_position.line);
}

/* check_ids() - refuse two connections of one client with one id */
static int check_ids(const struct init_reader *reader, const struct init_entity *client)
{
    CLEANUP(free_p) struct init_name *names = NULL;
    const struct init_name *repeated;

    if (client->n_connections < 2) {
        return 0;
    }
    names = calloc(client->n_connections, sizeof(names[0]));
    if (names == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < client->n_connections; i++) {
        names[i] = (struct init_name){.name = client->connections[i].id, .index = i};
    }
    init_names_sort(names, client->n_connections);
    repeated = init_names_repeated(names, client->n_connections);
    if (repeated == NULL) {
        return 0;
    }
    const struct init_connection *first = &client->connections[repeated[-1].index];
    const struct init_connection *again = &client->connections[repeated->index];
    return init_source_fail(reader->source, again->id_position, reader->error,
                            "entity %s has two connections with id %s, the first one in line %u",
                            init_quote(client->task).text, init_quote(again->id).text,
                            first->id_position.line);
}

/* list_tasks() - "'A', 'B' and 3 more" */
static void list_tasks(const struct init_config *config, char *text, size_t size)
{
    size_t used = 0;
    size_t i;

    for (i = 0; i < config->n_entities && i < LISTED_TASKS_MAX; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 init_quote(config->entities[i].task).text);
    }
    if (i < config->n_entities) {
        (void)snprintf(text + used, size - used, " and %zu more", config->n_entities - i);
    }
}

/**
 * init_links_fail() - a name that is no task: a slip of the pen, a class instead of a task, or
 * anything else
 * @role: what the message calls it
 *
 * Return: INIT_E_INVALID; -ENOMEM.
 */
int init_links_fail(const struct init_reader *reader, const struct init_config *config,
                    const char *role, const char *name, struct init_position position)
{
    char listed[(sizeof(struct init_quoted) + 2) * LISTED_TASKS_MAX + 40];
    struct init_nearest nearest;

    init_nearest_init(&nearest, name);
    for (size_t i = 0; i < config->n_entities; i++) {
        const struct init_entity *entity = &config->entities[i];
        if (strcmp(entity->class_name, name) == 0) {
            return init_source_fail(reader->source, position, reader->error,
                                    "%s %s is a class; name one of its tasks, such as %s", role,
                                    init_quote(name).text, init_quote(entity->task).text);
        }
        init_nearest_offer(&nearest, entity->task);
    }
    if (nearest.name[0] != '\0') {
        return init_source_fail(reader->source, position, reader->error,
                                "%s %s is not the task of any entity; did you mean '%s'?", role,
                                init_quote(name).text, nearest.name);
    }
    list_tasks(config, listed, sizeof(listed));
    return init_source_fail(reader->source, position, reader->error,
                            "%s %s is not the task of any entity; the tasks are %s", role,
                            init_quote(name).text, listed);
}

/* leave_out() - remove the connections to entities that are not there because the host does their
 * work */
static void leave_out(const struct tasks *tasks, struct init_entity *client)
{
    const struct init_config *config = tasks->config;
    size_t n_left = 0;

    for (size_t i = 0; i < client->n_connections; i++) {
        struct init_connection *connection = &client->connections[i];
        if (init_names_find(tasks->names, config->n_entities, connection->target_name) == NULL &&
            init_host_does(config->host, connection->target_name)) {
            init_connection_deinit(connection);
        } else {
            client->connections[n_left++] = *connection;
        }
    }
    client->n_connections = n_left;
}

/* resolve_connection() - find the entity that a connection leads to */
static int resolve_connection(const struct tasks *tasks, const struct init_entity *client,
                              struct init_connection *connection)
{
    struct init_config *config = tasks->config;
    const struct init_name *found =
        init_names_find(tasks->names, config->n_entities, connection->target_name);

    if (found == NULL) {
        return init_links_fail(tasks->reader, config, "target", connection->target_name,
                               connection->target_position);
    }
    connection->target = &config->entities[found->index];
    if (connection->unread.message != NULL &&
        !init_host_does(config->host, connection->target->class_name)) {
        return init_connection_fail(connection, tasks->reader->error);
    }
    if (connection->target == client) {
        return init_source_fail(tasks->reader->source, connection->target_position,
                                tasks->reader->error,
                                "entity %s connects to itself; a channel joins two entities",
                                init_quote(client->task).text);
    }
    return 0;
}

static int resolve_entity(const struct tasks *tasks, struct init_entity *client)
{
    int r = 0;

    leave_out(tasks, client);
    for (size_t i = 0; r == 0 && i < client->n_connections; i++) {
        r = resolve_connection(tasks, client, &client->connections[i]);
    }
    return r != 0 ? r : check_ids(tasks->reader, client);
}

/**
 * init_links_resolve() - check the entities against each other and set the targets of connections
 * @reader: borrowed
 * @config: its entities are all read and stay where they are
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_links_resolve(const struct init_reader *reader, struct init_config *config)
{
    CLEANUP(free_p) struct init_name *names = calloc(config->n_entities, sizeof(names[0]));
    const struct tasks tasks = {.reader = reader, .config = config, .names = names};
    int r;

    if (names == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->n_entities; i++) {
        names[i] = (struct init_name){.name = config->entities[i].task, .index = i};
    }
    init_names_sort(names, config->n_entities);
    r = check_tasks(&tasks);
    for (size_t i = 0; r == 0 && i < config->n_entities; i++) {
        r = resolve_entity(&tasks, &config->entities[i]);
    }
    return r;
}
