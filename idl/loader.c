/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/loader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idl/checker.h"
#include "idl/context.h"
#include "idl/find_warnings.h"
#include "idl/limits.h"
#include "idl/parser.h"
#include "idl/table.h"

static const char *const suffixes[] = {
    [IDL_FILE_IDL] = ".idl", [IDL_FILE_CDL] = ".cdl", [IDL_FILE_EDL] = ".edl"};

/* What one file says about another. */
struct reference {
    enum idl_file_kind kind;
    const char *name;
    struct idl_position position;
};

static bool ends_with(const char *text, const char *end)
{
    size_t text_size = strlen(text);
    size_t end_size = strlen(end);

    return text_size >= end_size && strcmp(text + text_size - end_size, end) == 0;
}

bool idl_kind_of_path(const char *path, enum idl_file_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (ends_with(path, suffixes[i])) {
            *ret_kind = (enum idl_file_kind)i;
            return true;
        }
    }
    return false;
}

struct idl_unit *idl_find_loaded(const struct idl_context *context, const struct idl_source *source)
{
    for (struct idl_unit *unit = context->units; unit != NULL; unit = unit->next) {
        if (source->is_file && unit->source->is_file && unit->source->device == source->device &&
            unit->source->inode == source->inode) {
            return unit;
        }
    }
    return NULL;
}

/* keep_named() - let references find the unit; the first one of a name stays */
static int keep_named(struct idl_context *context, struct idl_unit *unit, const char *name)
{
    void *existing;

    unit->name = name;
    return idl_table_add(&context->units_by_name[unit->kind], &context->arena, name, unit,
                         &existing);
}

/* relative_path() - "a/B.idl" for a.B; NULL without memory */
static char *relative_path(struct idl_context *context, enum idl_file_kind kind, const char *name)
{
    char *path = idl_arena_printf(&context->arena, "%s%s", name, suffixes[kind]);

    if (path != NULL) {
        for (char *c = path; c < path + strlen(name); c++) {
            *c = *c == '.' ? '/' : *c;
        }
    }
    return path;
}

/* own_root() - what is left of @path without "a/B.idl" at its end; NULL if it does not end so */
static int own_root(struct idl_context *context, const char *path, const char *relative,
                    const char **ret_root)
{
    size_t size = strlen(path) - (ends_with(path, relative) ? strlen(relative) : 0);

    *ret_root = NULL;
    if (!ends_with(path, relative) || (size > 0 && path[size - 1] != '/')) {
        return 0;
    }
    /* "/a/B.idl" has the root "/", which is the one that keeps its slash. */
    size -= size > 1 ? 1 : 0;
    *ret_root = idl_arena_copy(&context->arena, path, size);
    return *ret_root == NULL ? -ENOMEM : 0;
}

/* find_own_root() - the directory that a file's own place makes a root, if any */
static int find_own_root(struct idl_context *context, struct idl_unit *unit)
{
    const char *relative = relative_path(context, unit->kind, unit->name);

    if (relative == NULL) {
        return -ENOMEM;
    }
    if (!unit->source->is_file) {
        return 0;
    }
    int r = own_root(context, unit->source->path, relative, &unit->root);
    if (r != 0 || unit->root != NULL) {
        return r;
    }
    /* Inside the package's own folder the path is just "B.idl". */
    char *full_path = realpath(unit->source->path, NULL);
    if (full_path != NULL) {
        r = own_root(context, full_path, relative, &unit->root);
        free(full_path);
    }
    return r;
}

/* join_path() - @relative below @dir; NULL without memory */
static const char *join_path(struct idl_context *context, const char *dir, const char *relative)
{
    if (*dir == '\0' || strcmp(dir, ".") == 0) {
        return relative;
    }
    return idl_arena_printf(&context->arena, "%s%s%s", dir, ends_with(dir, "/") ? "" : "/",
                            relative);
}

/* try_root() - the path below @dir if there is such a file, otherwise NULL */
static int try_root(struct idl_context *context, const char *dir, const char *relative,
                    const char **ret_path)
{
    const char *path = join_path(context, dir, relative);

    if (path == NULL) {
        return -ENOMEM;
    }
    *ret_path = access(path, F_OK) == 0 ? path : NULL;
    return 0;
}

/* refuse_missing() - no root has the file */
static int refuse_missing(struct idl_context *context, const struct idl_unit *unit,
                          const struct reference *reference, const char *relative)
{
    const char *searched = unit->root == NULL ? "" : *unit->root == '\0' ? "." : unit->root;
    int n_roots = unit->root == NULL ? 0 : 1;

    for (const struct idl_root *root = context->roots; root != NULL; root = root->next) {
        n_roots++;
        if (*searched == '\0') {
            searched = root->dir;
        }
    }
    if (n_roots == 0) {
        return idl_diagnose(&context->diagnostics, reference->position,
                            "cannot find %s: no directory to look in, add one with -I", relative);
    }
    return idl_diagnose(&context->diagnostics, reference->position,
                        n_roots == 1 ? "cannot find %s in %s; add its directory with -I"
                                     : "cannot find %s in %s and the other directories given; add "
                                       "its directory with -I",
                        relative, searched);
}

/* declares() - whether a file is there and begins with this name; nothing about it is reported */
static bool declares(struct idl_context *context, const char *path,
                     const struct reference *reference)
{
    struct idl_diagnostics ignored;
    struct idl_source *source;
    struct idl_file *file;

    idl_diagnostics_init(&ignored, &context->arena);
    return access(path, F_OK) == 0 &&
           idl_source_read(&context->arena, &ignored, path, &source) == 0 &&
           idl_parse(&context->arena, &ignored, source, reference->kind, &file) >= 0 &&
           file->name != NULL && strcmp(file->name, reference->name) == 0;
}

/* try_sibling() - the file beside the unit's own that has the last part of the name, if it declares
 * all of it; projects keep their files in one folder, and build systems sort them into packages */
static int try_sibling(struct idl_context *context, const struct idl_unit *unit,
                       const struct reference *reference, const char *relative,
                       const char **ret_path)
{
    const char *own = strrchr(unit->source->path, '/');
    const char *last = strrchr(relative, '/');
    int size = own == NULL ? 0 : (int)(own + 1 - unit->source->path);
    const char *path = idl_arena_printf(&context->arena, "%.*s%s", size, unit->source->path,
                                        last == NULL ? relative : last + 1);

    if (path == NULL) {
        return -ENOMEM;
    }
    *ret_path = unit->source->is_file && declares(context, path, reference) ? path : NULL;
    return 0;
}

/* look_for() - the path of a file: below the given roots first, then the unit's own, then among
 * what comes with idlc, then beside the unit's file; NULL if it is nowhere */
static int look_for(struct idl_context *context, const struct idl_unit *unit,
                    const struct reference *reference, const char *relative, const char **ret_path)
{
    const char *path = NULL;
    int r = 0;

    for (const struct idl_root *root = context->roots; root != NULL && r == 0 && path == NULL;
         root = root->next) {
        r = try_root(context, root->dir, relative, &path);
    }
    if (r == 0 && path == NULL && unit->root != NULL) {
        r = try_root(context, unit->root, relative, &path);
    }
    if (r == 0 && path == NULL && context->shipped_dir != NULL) {
        r = try_root(context, context->shipped_dir, relative, &path);
    }
    if (r == 0 && path == NULL) {
        r = try_sibling(context, unit, reference, relative, &path);
    }
    if (r == 0) {
        *ret_path = path;
    }
    return r;
}

/* locate() - the path of the file that is referred to */
static int locate(struct idl_context *context, const struct idl_unit *unit,
                  const struct reference *reference, const char **ret_path)
{
    const char *relative = relative_path(context, reference->kind, reference->name);
    const char *path = NULL;
    int r = relative == NULL ? -ENOMEM : look_for(context, unit, reference, relative, &path);

    if (r == 0 && path == NULL) {
        r = refuse_missing(context, unit, reference, relative);
    }
    if (r == 0) {
        *ret_path = path;
    }
    return r;
}

/* refuse_cycle() - the unit that is referred to waits for the one that refers to it */
static int refuse_cycle(struct idl_context *context, const struct idl_unit *target,
                        const struct reference *reference)
{
    const char *chain = target->name;

    for (const struct idl_unit *unit = context->units; chain != NULL; unit = unit->next) {
        if (unit->state == IDL_UNIT_LOADING) {
            chain = idl_arena_printf(&context->arena, "%s -> %s", unit->name, chain);
        }
        if (unit == target) {
            break;
        }
    }
    if (chain == NULL) {
        return -ENOMEM;
    }
    return idl_diagnose(&context->diagnostics, reference->position,
                        "these files need one another: %s", chain);
}

/* is_shipped() - whether a path leads to what comes with idlc */
static bool is_shipped(const struct idl_context *context, const char *path)
{
    size_t size = context->shipped_dir == NULL ? 0 : strlen(context->shipped_dir);

    return size > 0 && strncmp(path, context->shipped_dir, size) == 0 && path[size] == '/';
}

static int load_unit(struct idl_context *context, const struct idl_source *source,
                     enum idl_file_kind kind, const struct reference *reference,
                     struct idl_unit **ret_unit);

/* load_reference() - find and load the file that is referred to */
static int load_reference(struct idl_context *context, const struct idl_unit *unit,
                          const struct reference *reference, const struct idl_unit **ret_unit)
{
    struct idl_source *source;
    struct idl_unit *loaded;
    const char *path;
    int r = locate(context, unit, reference, &path);

    if (r != 0) {
        return r;
    }
    r = idl_source_read(&context->arena, &context->diagnostics, path, &source);
    if (r < 0 && r != -ENOMEM) {
        return idl_diagnose(&context->diagnostics, reference->position, "cannot read %s: %s", path,
                            strerror(-r));
    }
    if (r == 0) {
        source->is_shipped = is_shipped(context, path);
        r = load_unit(context, source, reference->kind, reference, &loaded);
    }
    if (r == 0) {
        *ret_unit = loaded;
    }
    return r;
}

/* resolve() - the checked file that is referred to, loaded now or before */
static int resolve(struct idl_context *context, const struct idl_unit *unit,
                   const struct reference *reference, const struct idl_file **ret_file)
{
    const struct idl_unit *target =
        idl_table_find(&context->units_by_name[reference->kind], reference->name);
    int r = 0;

    if (target == NULL) {
        r = load_reference(context, unit, reference, &target);
    } else if (target->state == IDL_UNIT_LOADING) {
        r = refuse_cycle(context, target, reference);
    } else if (target->state == IDL_UNIT_FAILED) {
        r = IDL_E_INVALID;
    }
    if (r == 0) {
        assert(target != NULL);
        *ret_file = target->file;
    }
    return r;
}

/* drop_repeated_imports() - importing a package twice is harmless, but once is enough; these move
 * to a list of their own */
static int drop_repeated_imports(struct idl_context *context, struct idl_file *file)
{
    struct idl_table names = {0};
    struct idl_import **link = &file->imports;
    struct idl_import **repeated_tail = &file->repeated_imports;

    while (*link != NULL) {
        void *existing;
        int r = idl_table_add(&names, &context->arena, (*link)->name, *link, &existing);
        if (r != 0) {
            return r;
        }
        if (existing != NULL) {
            *repeated_tail = *link;
            repeated_tail = &(*link)->next;
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
    *repeated_tail = NULL;
    return 0;
}

/* resolve_imports() - load what an IDL file imports */
static int resolve_imports(struct idl_context *context, const struct idl_unit *unit)
{
    int result = drop_repeated_imports(context, unit->file);

    for (struct idl_import *import = unit->file->imports; import != NULL && result >= 0;
         import = import->next) {
        struct reference reference = {IDL_FILE_IDL, import->name, import->position};
        int r = resolve(context, unit, &reference, &import->file);
        result = r != 0 ? r : result;
    }
    return result;
}

/* resolve_members() - load the interfaces or components that a block refers to */
static int resolve_members(struct idl_context *context, const struct idl_unit *unit,
                           enum idl_file_kind kind, struct idl_member *members)
{
    int result = 0;

    for (struct idl_member *member = members; member != NULL && result >= 0;
         member = member->next) {
        struct reference reference = {kind, member->target, member->target_position};
        int r = resolve(context, unit, &reference, &member->file);
        result = r != 0 ? r : result;
    }
    return result;
}

/* resolve_component() - load all that a CDL or EDL file refers to */
static int resolve_component(struct idl_context *context, const struct idl_unit *unit)
{
    struct idl_component *component = unit->file->component;
    int r = resolve_members(context, unit, IDL_FILE_IDL, component->endpoints);

    if (r < 0) {
        return r;
    }
    int r_components = resolve_members(context, unit, IDL_FILE_CDL, component->components);
    r = r_components != 0 ? r_components : r;
    if (r < 0) {
        return r;
    }
    int r_security = resolve_members(context, unit, IDL_FILE_IDL, component->security);
    return r_security != 0 ? r_security : r;
}

/* refuse_interface() - a handle of what is no interface */
static int refuse_interface(struct idl_context *context, const struct idl_type *handle)
{
    return idl_diagnose(&context->diagnostics, handle->interface_position,
                        "package '%s' has no interface, so there can be no handle of it",
                        handle->interface_name);
}

/* check_handle() - is there an interface behind it? Nothing that is generated needs to know, so one
 * that is not there at all is only worth a warning. */
static int check_handle(struct idl_context *context, const struct idl_unit *unit,
                        const struct idl_type *handle)
{
    struct reference reference = {IDL_FILE_IDL, handle->interface_name, handle->interface_position};
    const char *relative = relative_path(context, IDL_FILE_IDL, handle->interface_name);
    const struct idl_file *file = NULL;
    const char *path = NULL;
    bool is_known =
        idl_table_find(&context->units_by_name[IDL_FILE_IDL], handle->interface_name) != NULL;
    int r = relative == NULL ? -ENOMEM : 0;

    if (r == 0 && !is_known) {
        r = look_for(context, unit, &reference, relative, &path);
    }
    if (r == 0 && !is_known && path == NULL) {
        return idl_warn(&context->diagnostics, IDL_WARN_UNKNOWN_INTERFACE,
                        handle->interface_position,
                        "cannot find %s; add its directory with -I, or correct the name", relative);
    }
    if (r == 0) {
        r = resolve(context, unit, &reference, &file);
    }
    return r == 0 && file->interface == NULL ? refuse_interface(context, handle) : r;
}

/* check_handles() - those of a whole file. What it needs is loaded by now, so that interfaces may
 * well have handles of each other. */
static int check_handles(struct idl_context *context, const struct idl_unit *unit)
{
    int result = 0;

    for (const struct idl_type *handle = unit->file->handles; handle != NULL && result >= 0;
         handle = handle->next_handle) {
        int r = check_handle(context, unit, handle);
        result = r != 0 ? r : result;
    }
    return result;
}

/* claim_prefix() - interfaces have a space of names in C, components and task classes another */
static int claim_prefix(struct idl_context *context, struct idl_file *file)
{
    bool is_idl = file->kind == IDL_FILE_IDL;
    void *existing;
    int r = idl_table_add(is_idl ? &context->idl_prefixes : &context->class_prefixes,
                          &context->arena, file->prefix, file, &existing);

    if (r != 0 || existing == NULL) {
        return r;
    }
    const struct idl_file *other = existing;
    r = idl_diagnose(&context->diagnostics, file->position,
                     "another file has the name '%s', which is '%s' in C too; rename one of them",
                     other->name, file->prefix);
    return r < 0
               ? r
               : idl_diagnose_note(&context->diagnostics, other->position, "the other one is here");
}

/* check_name() - the declared name must be the one referred to, and no other file's in C */
static int check_name(struct idl_context *context, const struct idl_unit *unit,
                      const struct reference *reference)
{
    struct idl_file *file = unit->file;

    if (reference != NULL && strcmp(file->name, reference->name) != 0) {
        int r = idl_diagnose(&context->diagnostics, reference->position,
                             "%s declares '%s' and not '%s'", file->source->path, file->name,
                             reference->name);
        return r < 0 ? r
                     : idl_diagnose_note(&context->diagnostics, file->position,
                                         "the declaration is here");
    }
    return claim_prefix(context, file);
}

/* complete_unit() - from the source to the checked model */
static int complete_unit(struct idl_context *context, struct idl_unit *unit,
                         const struct reference *reference)
{
    int r =
        idl_parse(&context->arena, &context->diagnostics, unit->source, unit->kind, &unit->file);

    if (r != 0) {
        return r;
    }
    r = check_name(context, unit, reference);
    if (r != 0) {
        return r;
    }
    r = keep_named(context, unit, unit->file->name);
    if (r == 0) {
        r = find_own_root(context, unit);
    }
    if (r != 0) {
        return r;
    }
    bool is_idl = unit->kind == IDL_FILE_IDL;
    r = is_idl ? resolve_imports(context, unit) : resolve_component(context, unit);
    if (r != 0) {
        return r;
    }
    return is_idl ? idl_check_idl(&context->arena, &context->diagnostics, unit->file)
                  : idl_check_component(&context->diagnostics, unit->file);
}

/* check_limits() - may one more file be loaded? Not after so many errors that no check would report
 * another. */
static int check_limits(struct idl_context *context, struct idl_position position)
{
    if (idl_diagnostics_is_full(&context->diagnostics)) {
        return IDL_E_INVALID;
    }
    if (context->depth == IDL_IMPORT_DEPTH_MAX) {
        return idl_diagnose(&context->diagnostics, position,
                            "more than %d files wait for one another here; shorten the chain of "
                            "imports or components",
                            IDL_IMPORT_DEPTH_MAX);
    }
    if (context->n_units == IDL_FILES_MAX) {
        return idl_diagnose(&context->diagnostics, position,
                            "more than %d files in one run; split it", IDL_FILES_MAX);
    }
    return 0;
}

/**
 * load_unit() - parse and check a file and all that it needs
 * @source:    the text, in the arena
 * @kind:      its language
 * @reference: who wants it, and under which name; NULL for a file that the user named
 * @ret_unit:  a unit that is done
 *
 * Return: 0; IDL_E_INVALID, reported; -ENOMEM.
 */
static int load_unit(struct idl_context *context, const struct idl_source *source,
                     enum idl_file_kind kind, const struct reference *reference,
                     struct idl_unit **ret_unit)
{
    struct idl_position start = {.source = source, .line = 1, .column = 1};
    int r = check_limits(context, reference == NULL ? start : reference->position);
    if (r != 0) {
        return r;
    }
    struct idl_unit *unit = idl_arena_alloc(&context->arena, sizeof(*unit));
    if (unit == NULL) {
        return -ENOMEM;
    }
    *unit = (struct idl_unit){
        .state = IDL_UNIT_LOADING, .kind = kind, .source = source, .next = context->units};
    context->units = unit;
    context->n_units++;
    context->depth++;
    if (reference != NULL) {
        r = keep_named(context, unit, reference->name);
    }
    if (r == 0) {
        r = complete_unit(context, unit, reference);
    }
    context->depth--;
    if (r != 0) {
        unit->state = IDL_UNIT_FAILED;
        return r;
    }
    unit->state = IDL_UNIT_DONE;
    *context->files_tail = unit->file;
    context->files_tail = &unit->file->next;
    *ret_unit = unit;
    return 0;
}

/**
 * idl_name_unit() - look at a unit as one that the user named, which only the first time takes work
 * @unit:     one that is done
 * @ret_file: its file
 *
 * Only here are handles followed, and warnings given: what a file imports is the business of
 * others.
 *
 * Return: 0; IDL_E_INVALID, reported; -ENOMEM.
 */
int idl_name_unit(struct idl_context *context, struct idl_unit *unit,
                  const struct idl_file **ret_file)
{
    if (!unit->is_named) {
        unit->is_named = true;
        unit->named_result = check_handles(context, unit);
        if (unit->named_result == 0) {
            unit->named_result =
                idl_find_warnings(&context->arena, &context->diagnostics, unit->file);
        }
    }
    if (unit->named_result == 0) {
        *ret_file = unit->file;
    }
    return unit->named_result;
}

/* idl_load_source() - load_unit() for a file that the user named */
int idl_load_source(struct idl_context *context, const struct idl_source *source,
                    enum idl_file_kind kind, const struct idl_file **ret_file)
{
    struct idl_unit *unit;
    int r = load_unit(context, source, kind, NULL, &unit);

    return r == 0 ? idl_name_unit(context, unit, ret_file) : r;
}
