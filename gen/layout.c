/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/layout.h"

#include <stdbool.h>
#include <string.h>

#include "gen/names.h"
#include "gen/scratch.h"

/* trim() - a path without slashes and "/." at its end, which say nothing */
static const char *trim(struct scratch *scratch, const char *path)
{
    size_t size = strlen(path);
    bool has_changed = true;

    while (has_changed) {
        has_changed = (size > 1 && path[size - 1] == '/') ||
                      (size > 1 && path[size - 1] == '.' && path[size - 2] == '/');
        size -= has_changed ? 1 : 0;
    }
    return scratch_format(scratch, "%.*s", (int)size, path);
}

/* folders() - "kl/core" for kl.core.Types; empty for a name of one part */
static const char *folders(struct scratch *scratch, const struct idl_file *file)
{
    const char *path = name_path(scratch, file, "");
    const char *slash = strrchr(path, '/');

    return slash == NULL ? "" : scratch_format(scratch, "%.*s", (int)(slash - path), path);
}

/**
 * layout_nk_gen_c() - where things go for `-o PATH`
 * @scratch: for the paths
 * @path:    as given
 * @file:    that is compiled
 *
 * nk-gen-c writes Name.idl.h into PATH itself, and builds pass a PATH that ends in the folders of
 * the package and give the compiler what is before them. Other builds give it PATH.
 *
 * Return: what is before the folders; or PATH, with a header there that leads to the one in the
 * folders.
 */
struct layout layout_nk_gen_c(struct scratch *scratch, const char *path,
                              const struct idl_file *file)
{
    const char *end = folders(scratch, file);
    const char *dir = trim(scratch, path);
    size_t size = strlen(dir);
    size_t end_size = strlen(end);

    if (*end == '\0') {
        return (struct layout){.out_dir = dir};
    }
    if (strcmp(dir, end) == 0) {
        return (struct layout){.out_dir = "."};
    }
    if (size > end_size && dir[size - end_size - 1] == '/' &&
        strcmp(dir + size - end_size, end) == 0) {
        size -= end_size + 1;
        return (struct layout){
            .out_dir =
                size == 0 ? "/" : trim(scratch, scratch_format(scratch, "%.*s", (int)size, dir)),
        };
    }
    return (struct layout){.out_dir = dir, .front_dir = dir};
}
