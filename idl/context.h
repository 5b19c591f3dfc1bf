/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of the front end: the import path, the files that were loaded, the memory of the model
 * and the diagnostics. Nothing here prints or exits by itself; all that is lent lives until
 * idl_context_free().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "idl/model.h"

/* Outcomes of loading (positive; 0 is success, negative is -errno). */
enum idl_error {
    _IDL_E_SUCCESS,
    IDL_E_INVALID, /* the input is wrong; the diagnostics say where */
};

struct idl_context *idl_context_new(void);
struct idl_context *idl_context_free(struct idl_context *context);

int idl_context_add_import_dir(struct idl_context *context, const char *dir);

/* Where the declarations are that come with idlc: looked in last, borrowed for the call. */
int idl_context_set_shipped_dir(struct idl_context *context, const char *dir);
int idl_context_set_warning(struct idl_context *context, const char *name, bool is_on);
void idl_context_set_warnings_are_errors(struct idl_context *context);

int idl_load(struct idl_context *context, const char *path, const struct idl_file **ret_file);
int idl_load_memory(struct idl_context *context, enum idl_file_kind kind, const char *name,
                    const char *text, size_t size, const struct idl_file **ret_file);

/* Parses a file without looking at what it refers to; *ret_source lives until idl_context_free().
 */
int idl_parse_only(struct idl_context *context, const char *path,
                   const struct idl_source **ret_source);

/* All checked files, linked through `next`: each one after everything it imports. */
const struct idl_file *idl_context_files(const struct idl_context *context);
/* The path a file was read from: what idl_load() was given, or DIR/a/B.idl for an import. */
const char *idl_file_path(const struct idl_file *file);
/* Whether it was found among the declarations that come with idlc. */
bool idl_file_is_shipped(const struct idl_file *file);

/* How many are kept to be printed. Loading failed if there is an error; warnings are no failure. */
size_t idl_n_errors(const struct idl_context *context);
size_t idl_n_warnings(const struct idl_context *context);
void idl_print_diagnostics(const struct idl_context *context, FILE *out);
