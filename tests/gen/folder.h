/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of generated files: filled and listed.
 */
#pragma once

#include <check.h>
#include <ftw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/generate.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"
#include "idl/context.h"
#include "tests/support/folder.h"

#define FILES_MAX 512

/* Paths below a folder, sorted. */
struct files {
    char *paths[FILES_MAX];
    size_t n;
};

static struct files *folder_found;

static inline int folder_add(const char *path, const struct stat *status, int kind,
                             struct FTW *where)
{
    (void)status;
    (void)where;
    if (kind == FTW_F) {
        ck_assert_uint_lt(folder_found->n, FILES_MAX);
        folder_found->paths[folder_found->n++] = strdup(path);
    }
    return 0;
}

static inline int folder_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* folder_list() - every file below @path */
static inline void folder_list(const char *path, struct files *ret_files)
{
    ret_files->n = 0;
    folder_found = ret_files;
    ck_assert_int_eq(nftw(path, folder_add, 16, FTW_PHYS), 0);
    qsort(ret_files->paths, ret_files->n, sizeof(ret_files->paths[0]), folder_compare);
}

static inline void files_free(struct files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->paths[i]);
    }
}

/* folder_generate() - do what idlc does with every file below @in */
static inline void folder_generate(const char *in, const char *out)
{
    struct idl_context *context = idl_context_new();
    const struct idl_file *file;
    struct files files;

    ck_assert_ptr_nonnull(context);
    ck_assert_int_eq(idl_context_add_import_dir(context, in), 0);
    folder_list(in, &files);
    for (size_t i = 0; i < files.n; i++) {
        struct scratch scratch;
        struct proto_set protos = {.scratch = &scratch};
        struct generator generator = {.out_dir = out, .scratch = &scratch, .protos = &protos};
        int r = idl_load(context, files.paths[i], &file);
        idl_print_diagnostics(context, stderr);
        ck_assert_int_eq(r, 0);
        scratch_init(&scratch);
        r = generate(&generator, file);
        if (r == 0) {
            r = generate_protobuf(&generator, &file, 1);
        }
        ck_assert_msg(r == 0, "%s: %s", files.paths[i], generator.problem);
        scratch_deinit(&scratch);
    }
    files_free(&files);
    idl_context_free(context);
}
