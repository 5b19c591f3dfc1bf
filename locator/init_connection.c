/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_connection.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "core/limits.h"
#include "locator/c_constant.h"
#include "locator/init_file.h"

/* A file that is not refused cannot name more channels than there may be: this is the shortest way
 * to name one. */
_Static_assert(INIT_FILE_BYTES_MAX / (sizeof("{target: a,id: b},") - 1) <= CHANNELS_MAX,
               "the number of channels needs a check of its own");

/* `id: {var: NAME, include: FILE}`: the id is a string constant of a C header. */
struct header_id {
    const struct init_yaml_node *map;
    const struct init_yaml_node *var;
    const struct init_yaml_node *include;
};

static int read_var(const struct init_reader *reader, const struct init_yaml_node *value, void *out)
{
    CLEANUP(free_p) char *name = NULL;

    ((struct header_id *)out)->var = value;
    return init_read_name(reader, value, LOCATOR_NAME_BYTES_MAX, &name);
}

static int read_include(const struct init_reader *reader, const struct init_yaml_node *value,
                        void *out)
{
    CLEANUP(free_p) char *path = NULL;

    ((struct header_id *)out)->include = value;
    return init_read_name(reader, value, PATH_MAX - 1, &path);
}

static const struct init_key header_id_keys[] = {
    {"var", read_var},
    {"include", read_include},
};

static int fail_header(const struct init_reader *reader, const struct init_yaml_node *include,
                       int error)
{
    const char *reason = error == INIT_FILE_E_NOT_REGULAR ? "it is not a regular file"
                         : error == INIT_FILE_E_TOO_LARGE ? "it is too large"
                                                          : strerror(-error);

    if (error == -ENOMEM) {
        return error;
    }
    return init_source_fail(reader->source, include->position, reader->error,
                            "header %s cannot be read: %s", init_quote(include->text).text, reason);
}

static int fail_no_header(const struct init_reader *reader, const struct init_yaml_node *include)
{
    CLEANUP(free_p) char *folders = NULL;
    int r = init_file_list_folders(reader->header_dirs, reader->n_header_dirs, &folders);

    if (r != 0) {
        return r;
    }
    return init_source_fail(reader->source, include->position, reader->error,
                            "header %s was not found in %s", init_quote(include->text).text,
                            folders);
}

/* read_header() - the text of a header, owned by the caller, from the first folder that has it */
static int read_header(const struct init_reader *reader, const struct init_yaml_node *include,
                       char **ret_text, size_t *ret_size)
{
    for (size_t i = 0; i < reader->n_header_dirs; i++) {
        CLEANUP(free_p) char *path = NULL;
        int r = init_file_join(reader->header_dirs[i], include->text, &path);
        if (r == 0) {
            r = init_file_read(path, INIT_FILE_BYTES_MAX, ret_text, ret_size);
        }
        if (r == 0) {
            return 0;
        }
        if (r != -ENOENT && r != -ENOTDIR) {
            return fail_header(reader, include, r);
        }
    }
    return fail_no_header(reader, include);
}

/* constant_id() - the value of the constant that @id names, owned by the caller */
static int constant_id(const struct init_reader *reader, const struct header_id *id, char **ret_id)
{
    const struct init_yaml_node *include = id->include;
    const struct init_yaml_node *var = id->var;
    CLEANUP(free_p) char *text = NULL;
    CLEANUP(free_p) char *value = NULL;
    size_t size = 0;
    int r = read_header(reader, include, &text, &size);

    if (r != 0) {
        return r;
    }
    r = c_constant_find(text, size, var->text, &value);
    if (r == C_CONSTANT_E_NOT_FOUND) {
        return init_source_fail(reader->source, var->position, reader->error,
                                "header %s does not define %s", init_quote(include->text).text,
                                init_quote(var->text).text);
    }
    if (r == C_CONSTANT_E_NOT_STRING) {
        return init_source_fail(reader->source, var->position, reader->error,
                                "%s in header %s is not a plain string constant",
                                init_quote(var->text).text, init_quote(include->text).text);
    }
    if (r == 0) {
        r = init_check_name(reader, id->map, value, LOCATOR_NAME_BYTES_MAX);
    }
    if (r != 0) {
        return r;
    }
    *ret_id = STEAL(value);
    return 0;
}

/*
 * postpone() - the SDK's headers with ids of its system programs are not here, and where the host
 * does their work nobody needs the id: the error is kept, and the id gets a text that no other
 * constant has
 */
static int postpone(const struct init_reader *reader, const struct header_id *id,
                    struct init_connection *connection)
{
    if (asprintf(&connection->id, "{var: %s, include: %s}", id->var->text, id->include->text) < 0) {
        connection->id = NULL;
        return -ENOMEM;
    }
    connection->unread = *reader->error;
    *reader->error = (struct init_error){0};
    return 0;
}

/* read_header_id() - the id that `{var: NAME, include: FILE}` stands for */
static int read_header_id(const struct init_reader *reader, const struct init_yaml_node *map,
                          struct init_connection *connection)
{
    struct header_id id = {.map = map};
    int r = init_read_map(reader, map, "'id'", header_id_keys, 2, &id);

    if (r != 0) {
        return r;
    }
    if (id.var == NULL || id.include == NULL) {
        return init_source_fail(reader->source, map->position, reader->error,
                                "'id' lacks '%s'; write {var: NAME, include: FILE} or a text",
                                id.var == NULL ? "var" : "include");
    }
    if (reader->n_header_dirs == 0) {
        return init_source_fail(reader->source, map->position, reader->error,
                                "headers cannot be read here; write the id itself");
    }
    r = constant_id(reader, &id, &connection->id);
    return r == INIT_E_INVALID && reader->host != NULL ? postpone(reader, &id, connection) : r;
}

static int read_id(const struct init_reader *reader, const struct init_yaml_node *value, void *out)
{
    struct init_connection *connection = out;

    connection->id_position = value->position;
    if (value->kind == INIT_YAML_MAP) {
        return read_header_id(reader, value, connection);
    }
    return init_read_name(reader, value, LOCATOR_NAME_BYTES_MAX, &connection->id);
}

static int read_target(const struct init_reader *reader, const struct init_yaml_node *value,
                       void *out)
{
    struct init_connection *connection = out;

    connection->target_position = value->position;
    return init_read_name(reader, value, NAME_BYTES_MAX, &connection->target_name);
}

static const struct init_key connection_keys[] = {
    {"target", read_target},
    {"id", read_id},
};

static int read_connection(const struct init_reader *reader, const struct init_yaml_node *node,
                           struct init_connection *connection)
{
    int r = init_read_map(reader, node, "a connection", connection_keys, 2, connection);

    if (r != 0) {
        return r;
    }
    if (connection->target_name == NULL || connection->id == NULL) {
        return init_source_fail(reader->source, node->position, reader->error,
                                "a connection lacks '%s'; it needs 'target' and 'id'",
                                connection->target_name == NULL ? "target" : "id");
    }
    return 0;
}

/**
 * init_connections_read() - read the channels that an entity opens
 * @reader: borrowed
 * @list:   the value of `connections:`; nothing counts as an empty list
 * @entity: gets the connections, also those before one that is refused
 *
 * Return: 0; INIT_E_INVALID; -ENOMEM.
 */
int init_connections_read(const struct init_reader *reader, const struct init_yaml_node *list,
                          struct init_entity *entity)
{
    int r = 0;

    if (list->kind != INIT_YAML_NOTHING) {
        r = init_expect(reader, list, INIT_YAML_LIST);
    }
    if (r != 0 || list->n_children == 0) {
        return r;
    }
    if (list->n_children > CHANNELS_PER_ENTITY_MAX) {
        return init_source_fail(reader->source, list->key_position, reader->error,
                                "%zu connections in one entity; the most is %d", list->n_children,
                                CHANNELS_PER_ENTITY_MAX);
    }
    entity->connections = calloc(list->n_children, sizeof(entity->connections[0]));
    if (entity->connections == NULL) {
        return -ENOMEM;
    }
    for (const struct init_yaml_node *item = list->children; r == 0 && item != NULL;
         item = item->next) {
        r = read_connection(reader, item, &entity->connections[entity->n_connections++]);
    }
    return r;
}

/* init_connection_deinit() - release what @connection owns */
void init_connection_deinit(struct init_connection *connection)
{
    free(connection->id);
    free(connection->target_name);
    init_error_deinit(&connection->unread);
}

/* init_connection_fail() - what reading the id of @connection said. Return: INIT_E_INVALID. */
int init_connection_fail(struct init_connection *connection, struct init_error *ret_error)
{
    *ret_error = connection->unread;
    connection->unread = (struct init_error){0};
    return INIT_E_INVALID;
}

/*
 * init_connections_settle() - leave out connections to what the host does whose ids were not read
 * @entity:    its connections are resolved, and it is known for which entities there are programs
 * @ret_error: written when INIT_E_INVALID is returned
 *
 * Return: 0; INIT_E_INVALID: there is a program that needs the id.
 */
int init_connections_settle(struct init_entity *entity, struct init_error *ret_error)
{
    size_t n_left = 0;
    int r = 0;

    for (size_t i = 0; i < entity->n_connections; i++) {
        struct init_connection *connection = &entity->connections[i];
        bool is_unread = connection->unread.message != NULL;
        if (is_unread && connection->target->is_hosts) {
            init_connection_deinit(connection);
            continue;
        }
        if (is_unread && r == 0) {
            r = init_connection_fail(connection, ret_error);
        }
        entity->connections[n_left++] = *connection;
    }
    entity->n_connections = n_left;
    return r;
}

/* init_connections_deinit() - release the connections of @entity */
void init_connections_deinit(struct init_entity *entity)
{
    for (size_t i = 0; i < entity->n_connections; i++) {
        init_connection_deinit(&entity->connections[i]);
    }
    free(entity->connections);
}
