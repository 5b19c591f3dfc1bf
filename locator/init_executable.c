/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cleanup.h"
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

static int fail_unusable(const struct search *search, const char *path, const char *reason)
{
    return init_source_fail(search->config->source, search->entity->path_position, search->error,
                            "'%s' cannot be started: %s", path, reason);
}

static int fail_not_found(const struct search *search, const char *const *dirs, size_t n_dirs)
{
    CLEANUP(free_p) char *folders = NULL;
    int r;

    if (search->entity->path[0] == '/') {
        return init_source_fail(search->config->source, search->entity->path_position,
                                search->error, "executable %s does not exist; build it",
                                init_quote(search->entity->path).text);
    }
    r = init_file_list_folders(dirs, n_dirs, &folders);
    if (r != 0) {
        return r;
    }
    return init_source_fail(search->config->source, search->entity->path_position, search->error,
                            "executable %s was not found in %s; build it or pass --bin DIR",
                            init_quote(search->entity->path).text, folders);
}

/* find_executable() - the first file that can be started; or else the error of the first that is
 * there at all */
static int find_executable(const struct search *search, const char *const *dirs, size_t n_dirs)
{
    CLEANUP(free_p) char *unusable = NULL;
    const char *why = NULL;

    for (size_t i = 0; i < n_dirs; i++) {
        CLEANUP(free_p) char *path = NULL;
        const char *reason;
        int r = init_file_join(dirs[i], search->entity->path, &path);
        if (r != 0) {
            return r;
        }
        enum found found = probe(path, &reason);
        if (found == FOUND_EXECUTABLE) {
            free(search->entity->executable);
            search->entity->executable = STEAL(path);
            return 0;
        }
        if (found == FOUND_UNUSABLE && unusable == NULL) {
            unusable = STEAL(path);
            why = reason;
        }
    }
    return unusable != NULL ? fail_unusable(search, unusable, why)
                            : fail_not_found(search, dirs, n_dirs);
}

/**
 * init_config_find_executables() - find the executable of each entity
 * @config:    its entities get `executable`
 * @dirs:      folders, in the order they are searched; at least one; borrowed
 * @n_dirs:    how many
 * @ret_error: written when INIT_E_INVALID is returned; then owned by the caller,
 * init_error_deinit()
 *
 * Entities that are built in need none. A path that begins with a slash is taken as it is. An
 * executable is a regular file that we may execute.
 *
 * Return: 0; INIT_E_INVALID: not there, or not executable; -ENOMEM.
 */
int init_config_find_executables(struct init_config *config, const char *const *dirs, size_t n_dirs,
                                 struct init_error *ret_error)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < config->n_entities; i++) {
        const struct search search = {
            .config = config,
            .entity = &config->entities[i],
            .error = ret_error,
        };
        r = search.entity->is_built_in ? 0 : find_executable(&search, dirs, n_dirs);
    }
    return r;
}
