/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/dependencies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "gen/emit.h"
#include "gen/names.h"
#include "gen/scratch.h"
#include "idl/context.h"

/* The list while it grows. */
struct walk {
    struct scratch *scratch;
    struct idl_table seen;
    struct dependency *first;
    struct dependency **tail;
};

static void walk_file(struct walk *walk, const struct idl_file *file);

/* walk_members() - the interfaces or components that a class refers to */
static void walk_members(struct walk *walk, const struct idl_member *members)
{
    for (const struct idl_member *member = members; member != NULL; member = member->next) {
        walk_file(walk, member->file);
    }
}

/* walk_file() - a file and what it refers to; as deep as files wait for one another */
static void walk_file(struct walk *walk, const struct idl_file *file)
{
    if (!scratch_claim(walk->scratch, &walk->seen, name_source(walk->scratch, file))) {
        return;
    }
    struct dependency *dependency = scratch_alloc(walk->scratch, sizeof(*dependency));
    if (dependency == NULL) {
        return;
    }
    dependency->file = file;
    *walk->tail = dependency;
    walk->tail = &dependency->next;
    for (const struct idl_import *import = file->imports; import != NULL; import = import->next) {
        walk_file(walk, import->file);
    }
    if (file->component != NULL) {
        walk_members(walk, file->component->endpoints);
        walk_members(walk, file->component->components);
    }
}

const struct dependency *dependencies_of(struct scratch *scratch, const struct idl_file *file)
{
    struct walk walk = {.scratch = scratch, .tail = &walk.first};

    walk_file(&walk, file);
    return scratch->error == 0 ? walk.first : NULL;
}

/* is_older() - whether one point in time is before another */
static bool is_older(struct timespec time, struct timespec other)
{
    return time.tv_sec != other.tv_sec ? time.tv_sec < other.tv_sec : time.tv_nsec < other.tv_nsec;
}

/* newest() - when the last one of these files was changed; the epoch if there is none on disk */
static struct timespec newest(const struct dependency *input)
{
    struct timespec time = {0};
    struct stat status;

    for (; input != NULL; input = input->next) {
        if (stat(idl_file_path(input->file), &status) == 0 && is_older(time, status.st_mtim)) {
            time = status.st_mtim;
        }
    }
    return time;
}

int dependencies_refresh(struct scratch *scratch, const struct generated *outputs,
                         const struct idl_file *file)
{
    struct timespec time = newest(dependencies_of(scratch, file));
    struct stat status;

    for (const struct generated *output = outputs; output != NULL; output = output->next) {
        if (stat(output->path, &status) != 0) {
            return -errno;
        }
        if (is_older(status.st_mtim, time) && utimensat(AT_FDCWD, output->path, NULL, 0) != 0) {
            return -errno;
        }
    }
    return 0;
}

/**
 * dependencies_escape() - a path as it stands in a makefile
 * @scratch: for the copy
 * @path:    any
 *
 * Return: $ doubled, a backslash before spaces, tabs, # and colons, and the backslashes before
 * these doubled: what `gcc -M` does.
 */
const char *dependencies_escape(struct scratch *scratch, const char *path)
{
    char *escaped = scratch_alloc(scratch, 2 * strlen(path) + 1);
    char *end = escaped;
    size_t n_backslashes = 0;

    for (; escaped != NULL && *path != '\0'; path++) {
        if (strchr(" \t#:", *path) != NULL) {
            memset(end, '\\', n_backslashes + 1);
            end += n_backslashes + 1;
        } else if (*path == '$') {
            *end++ = '$';
        }
        n_backslashes = *path == '\\' ? n_backslashes + 1 : 0;
        *end++ = *path;
    }
    return escaped == NULL ? "" : escaped;
}

/* emit_path() - a path on a line of its own, behind the rule's last one */
static void emit_path(struct emit *emit, const char *before, const char *path)
{
    emit_text(emit, "%s%s", before, dependencies_escape(emit->scratch, path));
}

/**
 * dependencies_emit() - the rule of one file
 * @emit:    where to
 * @outputs: at least one
 * @file:    that they were made of
 *
 * Everything but @file itself gets a rule without a recipe too, so that make does not stop when it
 * has been removed together with the last reference to it.
 */
void dependencies_emit(struct emit *emit, const struct generated *outputs,
                       const struct idl_file *file)
{
    const struct dependency *first = dependencies_of(emit->scratch, file);

    for (const struct generated *output = outputs; output != NULL; output = output->next) {
        emit_path(emit, output == outputs ? "" : " \\\n", output->path);
    }
    emit_text(emit, ":");
    for (const struct dependency *input = first; input != NULL; input = input->next) {
        emit_path(emit, " \\\n    ", idl_file_path(input->file));
    }
    emit_blank(emit);
    for (const struct dependency *input = first; input != NULL; input = input->next) {
        if (input != first) {
            emit_path(emit, "\n", idl_file_path(input->file));
            emit_line(emit, ":");
        }
    }
}
