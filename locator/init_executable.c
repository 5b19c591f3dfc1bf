/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "locator/init_connection.h"
#include "locator/init_file.h"
#include "locator/init_source.h"

/* What a path leads to. */
enum found {
    FOUND_NOTHING,
    FOUND_UNUSABLE,
    FOUND_EXECUTABLE,
};

/* A search for the executable of an entity. */
struct search {
    const struct init_config *config;
    struct init_entity *entity;
    struct init_error *error;
    const char *const *dirs;
    size_t n_dirs;
    char *unusable; /* the first file that is there and cannot be started, and why */
    const char *why;
};

/* probe() - whether @path can be started by us; a text that says why not for FOUND_UNUSABLE */
static enum found probe(const char *path, const char **ret_reason)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        *ret_reason = strerror(errno);
        return errno == ENOENT || errno == ENOTDIR ? FOUND_NOTHING : FOUND_UNUSABLE;
    }
    if (!S_ISREG(status.st_mode)) {
        *ret_reason = "it is not a regular file";
        return FOUND_UNUSABLE;
    }
    if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0) {
        *ret_reason = errno == EACCES ? "it is not executable; see chmod +x" : strerror(errno);
        return FOUND_UNUSABLE;
    }
    return FOUND_EXECUTABLE;
}

/* short_name() - the class without its package, which a file may be called where `path` is not
 * written; NULL otherwise */
static const char *short_name(const struct init_entity *entity)
{
    const char *dot = strrchr(entity->class_name, '.');

    if (dot == NULL || dot[1] == '\0' || strchr(dot, '/') != NULL ||
        strcmp(entity->path, entity->class_name) != 0) {
        return NULL;
    }
    return dot + 1;
}

/* what_to_do() - about an executable that is not there. Classes of the SDK's own programs begin
 * with "kl."; whose the host does not do the work of is for hardware that it has not. */
static const char *what_to_do(const struct init_entity *entity)
{
    return strncmp(entity->class_name, "kl.", 3) == 0
               ? "a host has no such hardware: leave the entity out, or name a stand-in with "
                 "capchan run --replace CLASS=EXECUTABLE"
               : "build it or pass --bin DIR";
}

static int fail_not_found(const struct search *search)
{
    const struct init_entity *entity = search->entity;
    const char *name = short_name(entity);
    CLEANUP(free_p) char *folders = NULL;
    int r;

    if (entity->path[0] == '/') {
        return init_source_fail(search->config->source, entity->path_position, search->error,
                                "executable %s does not exist; build it",
                                init_quote(entity->path).text);
    }
    r = init_file_list_folders(search->dirs, search->n_dirs, &folders);
    if (r != 0) {
        return r;
    }
    return init_source_fail(search->config->source, entity->path_position, search->error,
                            "executable %s%s%s was not found in %s; %s",
                            init_quote(entity->path).text, name != NULL ? " or " : "",
                            name != NULL ? init_quote(name).text : "", folders, what_to_do(entity));
}

/*
 * look_for() - the first file of that name that can be started
 *
 * Return: 0: the entity has it; INIT_E_INVALID: there is none; -ENOMEM.
 */
static int look_for(struct search *search, const char *name)
{
    for (size_t i = 0; i < search->n_dirs; i++) {
        CLEANUP(free_p) char *path = NULL;
        const char *reason;
        int r = init_file_join(search->dirs[i], name, &path);
        if (r != 0) {
            return r;
        }
        enum found found = probe(path, &reason);
        if (found == FOUND_EXECUTABLE) {
            free(search->entity->executable);
            search->entity->executable = STEAL(path);
            return 0;
        }
        if (found == FOUND_UNUSABLE && search->unusable == NULL) {
            search->unusable = STEAL(path);
            search->why = reason;
        }
    }
    return INIT_E_INVALID;
}

/* find_executable() - or else the error of the first file that is there at all */
static int find_executable(struct search *search)
{
    const char *name = short_name(search->entity);
    int r = look_for(search, search->entity->path);

    if (r == INIT_E_INVALID && name != NULL) {
        r = look_for(search, name);
    }
    if (r != INIT_E_INVALID) {
        return r;
    }
    if (search->unusable != NULL) {
        return init_source_fail(search->config->source, search->entity->path_position,
                                search->error, "'%s' cannot be started: %s", search->unusable,
                                search->why);
    }
    if (init_host_does(search->config->host, search->entity->class_name)) {
        search->entity->is_built_in = search->entity->is_hosts = true;
        return 0;
    }
    return fail_not_found(search);
}

/**
 * init_config_find_executables() - find the executable of each entity
 * @config:    its entities get `executable`
 * @dirs:      folders, in the order they are searched; at least one; borrowed
 * @n_dirs:    how many
 * @ret_error: written when INIT_E_INVALID is returned; then owned by the caller,
 * init_error_deinit()
 *
 * Entities that are built in need none. Those whose work the host does are built in if they have
 * none, and connections to them whose ids are constants of headers that are not there are left out.
 * Where no path is written, the file is called like the class, with or without its package.
 * A path that begins with a slash is taken as it is. An
 * executable is a regular file that we may execute.
 *
 * Return: 0; INIT_E_INVALID: not there, or not executable; -ENOMEM.
 */
int init_config_find_executables(struct init_config *config, const char *const *dirs, size_t n_dirs,
                                 struct init_error *ret_error)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < config->n_entities; i++) {
        struct search search = {
            .config = config,
            .entity = &config->entities[i],
            .error = ret_error,
            .dirs = dirs,
            .n_dirs = n_dirs,
        };
        r = search.entity->is_built_in ? 0 : find_executable(&search);
        free(search.unusable);
    }
    for (size_t i = 0; r == 0 && i < config->n_entities; i++) {
        r = init_connections_settle(&config->entities[i], ret_error);
    }
    return r;
}
