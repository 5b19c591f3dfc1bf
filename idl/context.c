/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "idl/loader.h"
#include "idl/parser.h"

/* idl_context_new() - an empty run; owned by the caller, release with idl_context_free(); NULL
 * without memory */
struct idl_context *idl_context_new(void)
{
    struct idl_context *context = calloc(1, sizeof(*context));

    if (context != NULL) {
        idl_diagnostics_init(&context->diagnostics, &context->arena);
        context->roots_tail = &context->roots;
        context->files_tail = &context->files;
    }
    return context;
}

/* idl_context_free() - release the run and all that it lent; NULL is fine; returns NULL */
struct idl_context *idl_context_free(struct idl_context *context)
{
    if (context != NULL) {
        idl_arena_deinit(&context->arena);
        free(context);
    }
    return NULL;
}

/**
 * idl_context_add_import_dir() - look for imports below one more directory, after those added
 * before
 * @context: the run
 * @dir:     the directory; borrowed for this call; whether it exists shows when it is needed
 *
 * Return: 0; -ENOMEM.
 */
int idl_context_add_import_dir(struct idl_context *context, const char *dir)
{
    struct idl_root *root = idl_arena_alloc(&context->arena, sizeof(*root));
    if (root == NULL) {
        return -ENOMEM;
    }
    root->dir = idl_arena_copy(&context->arena, dir, strlen(dir));
    if (root->dir == NULL) {
        return -ENOMEM;
    }
    *context->roots_tail = root;
    context->roots_tail = &root->next;
    return 0;
}

int idl_context_set_shipped_dir(struct idl_context *context, const char *dir)
{
    context->shipped_dir = idl_arena_copy(&context->arena, dir, strlen(dir));
    return context->shipped_dir == NULL ? -ENOMEM : 0;
}

/**
 * idl_context_set_warning() - switch a warning off, or on again; all are on at first
 * @context: the run; what was loaded before stays as it is
 * @name:    the warning's, as idl_warning_at() lists it
 * @is_on:   whether it is wanted
 *
 * Return: 0; IDL_E_INVALID if there is no such warning, idl_warning_nearest() may know which one
 * was meant.
 */
int idl_context_set_warning(struct idl_context *context, const char *name, bool is_on)
{
    enum idl_warning warning;

    if (!idl_warning_find(name, &warning)) {
        return IDL_E_INVALID;
    }
    context->diagnostics.settings.is_off[warning] = !is_on;
    return 0;
}

/* idl_context_set_warnings_are_errors() - from now on a warning fails the load, as an error does */
void idl_context_set_warnings_are_errors(struct idl_context *context)
{
    context->diagnostics.settings.are_errors = true;
}

/* refuse_suffix() - neither .idl nor .cdl nor .edl */
static int refuse_suffix(struct idl_context *context, const struct idl_source *source)
{
    struct idl_position position = {.source = source, .line = 1, .column = 1};

    return idl_diagnose(&context->diagnostics, position,
                        "the name of the file must end in .idl, .cdl or .edl");
}

/**
 * idl_load() - parse and check a file and everything that it needs
 * @context:  the run
 * @path:     the file; its suffix says which language it is in
 * @ret_file: the checked file; lent until the run is freed; the same one if it was loaded before
 *
 * Packages are looked for below the directories added to the run, then below the file's own root: X
 * if X/a/B.idl declares a.B; then among the declarations that come with idlc. Warnings are only
 * given about files that are loaded in this way.
 *
 * Return: 0; IDL_E_INVALID when there are errors; -errno when @path cannot be read.
 */
int idl_load(struct idl_context *context, const char *path, const struct idl_file **ret_file)
{
    enum idl_file_kind kind;
    struct idl_source *source;
    int r = idl_source_read(&context->arena, &context->diagnostics, path, &source);

    if (r != 0) {
        return r;
    }
    if (!idl_kind_of_path(path, &kind)) {
        return refuse_suffix(context, source);
    }
    struct idl_unit *unit = idl_find_loaded(context, source);
    if (unit == NULL) {
        return idl_load_source(context, source, kind, ret_file);
    }
    if (unit->state != IDL_UNIT_DONE) {
        return IDL_E_INVALID;
    }
    return idl_name_unit(context, unit, ret_file);
}

/**
 * idl_load_memory() - the same for a text in memory
 * @context:  the run
 * @kind:     which language it is in
 * @name:     stands for the path in diagnostics
 * @text:     the text, copied
 * @size:     its bytes
 * @ret_file: as in idl_load()
 *
 * What it needs is looked for among the files loaded before, then below the directories added to
 * the run.
 *
 * Return: 0; IDL_E_INVALID when there are errors; -ENOMEM.
 */
int idl_load_memory(struct idl_context *context, enum idl_file_kind kind, const char *name,
                    const char *text, size_t size, const struct idl_file **ret_file)
{
    struct idl_source *source;
    int r =
        idl_source_from_memory(&context->arena, &context->diagnostics, name, text, size, &source);

    return r == 0 ? idl_load_source(context, source, kind, ret_file) : r;
}

/**
 * idl_parse_only() - read a file and see whether it follows the grammar
 * @context:    the run
 * @path:       the file; its suffix says which language it is in
 * @ret_source: its text
 *
 * Return: as idl_load().
 */
int idl_parse_only(struct idl_context *context, const char *path,
                   const struct idl_source **ret_source)
{
    enum idl_file_kind kind;
    struct idl_source *source;
    struct idl_file *file;
    int r = idl_source_read(&context->arena, &context->diagnostics, path, &source);

    if (r != 0) {
        return r;
    }
    if (!idl_kind_of_path(path, &kind)) {
        return refuse_suffix(context, source);
    }
    r = idl_parse(&context->arena, &context->diagnostics, source, kind, &file);
    if (r == 0) {
        *ret_source = source;
    }
    return r;
}

const struct idl_file *idl_context_files(const struct idl_context *context)
{
    return context->files;
}

const char *idl_file_path(const struct idl_file *file)
{
    return file->source->path;
}

bool idl_file_is_shipped(const struct idl_file *file)
{
    return file->source->is_shipped;
}

size_t idl_n_errors(const struct idl_context *context)
{
    return context->diagnostics.n_errors;
}

size_t idl_n_warnings(const struct idl_context *context)
{
    return context->diagnostics.n_warnings;
}

/* idl_print_diagnostics() - as "path:line:column: error: message", the line and the place in it
 * underlined; by file, in the order of the lines */
void idl_print_diagnostics(const struct idl_context *context, FILE *out)
{
    idl_diagnostics_print(&context->diagnostics, out);
}
