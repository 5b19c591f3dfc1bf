/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/find_warnings.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/builtin.h"
#include "idl/diagnostics.h"
#include "idl/expression.h"
#include "idl/limits.h"
#include "idl/source.h"
#include "idl/table.h"

/* One look at one file. */
struct look {
    struct idl_arena *arena;
    struct idl_diagnostics *diagnostics;
    const struct idl_file *file;
    int result; /* 0; IDL_E_INVALID if warnings are errors; -ENOMEM */
};

/* A name with its place. */
struct named {
    const char *name;
    struct idl_position position;
};

/* take_result() - keep the worst of all results */
static void take_result(struct look *look, int r)
{
    look->result = look->result < 0 || r == 0 ? look->result : r;
}

/* add() - put a name into a table; the value that is there already, or NULL */
static void *add(struct look *look, struct idl_table *table, const char *name, void *value)
{
    void *existing = NULL;

    take_result(look, idl_table_add(table, look->arena, name, value, &existing));
    return existing;
}

/* lower_copy() - a name in lower case; NULL without memory */
static char *lower_copy(struct look *look, const char *name)
{
    char *copy = idl_arena_copy(look->arena, name, strlen(name));

    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    return copy;
}

/* compare_case() - does @name differ only in case from one that is in @names by now? */
static void compare_case(struct look *look, struct idl_table *names, const char *name,
                         struct idl_position position)
{
    const char *key = lower_copy(look, name);
    struct named *named = idl_arena_alloc(look->arena, sizeof(*named));

    if (key == NULL || named == NULL) {
        take_result(look, -ENOMEM);
        return;
    }
    *named = (struct named){.name = name, .position = position};
    const struct named *other = add(look, names, key, named);
    if (other != NULL) {
        take_result(
            look, idl_warn(look->diagnostics, IDL_WARN_CASE_CLASH, position,
                           "'%s' and '%s' differ only in case and are easily mixed up; rename one",
                           other->name, name));
        take_result(look,
                    idl_diagnose_note(look->diagnostics, other->position, "the other one is here"));
    }
}

/* refuse_underscore() - KasperskyOS allows none in the names of methods, endpoints and instances */
static void refuse_underscore(struct look *look, const char *what, const char *name,
                              struct idl_position position)
{
    if (strchr(name, '_') != NULL) {
        take_result(look,
                    idl_warn(look->diagnostics, IDL_WARN_UNDERSCORE, position,
                             "KasperskyOS allows no underscore in the name of %s; rename '%s'",
                             what, name));
    }
}

/* last_part() - behind the last @separator in @text */
static const char *last_part(const char *text, char separator)
{
    const char *last = strrchr(text, separator);

    return last == NULL ? text : last + 1;
}

/* check_place() - the last part of the file's name, and what it is called on disk */
static void check_place(struct look *look)
{
    const struct idl_file *file = look->file;
    const char *name = last_part(file->name, '.');
    const char *base = last_part(file->source->path, '/');
    const char *dot = strrchr(base, '.');
    size_t size = dot == NULL ? strlen(base) : (size_t)(dot - base);

    if (file->source->is_file && (strlen(name) != size || memcmp(name, base, size) != 0)) {
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_PACKAGE_PATH, file->position,
                                   "other files look for '%s' in %s%s, but this one is %s; rename "
                                   "the file, or what it declares",
                                   file->name, name, dot == NULL ? "" : dot, base));
    }
    if (*name < 'A' || *name > 'Z' || strchr(name, '_') != NULL) {
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_FILE_NAME, file->position,
                                   "KasperskyOS wants the last part of this name, '%s', to begin "
                                   "with a capital letter and to have no underscore; rename it, "
                                   "and the file",
                                   name));
    }
}

/* check_imports() - each is needed */
static void check_imports(struct look *look)
{
    struct idl_table handles = {0};

    for (struct idl_type *handle = look->file->handles; handle != NULL && look->result >= 0;
         handle = handle->next_handle) {
        add(look, &handles, handle->interface_name, handle);
    }
    for (const struct idl_import *import = look->file->imports; import != NULL && look->result >= 0;
         import = import->next) {
        if (!import->is_used && idl_table_find(&handles, import->name) == NULL) {
            take_result(look, idl_warn(look->diagnostics, IDL_WARN_UNUSED_IMPORT, import->position,
                                       "nothing in this file uses a type or constant of '%s'; "
                                       "remove the import",
                                       import->name));
        }
    }
}

/* check_repeated_imports() - each stands there once */
static void check_repeated_imports(struct look *look)
{
    struct idl_table imports = {0};

    for (struct idl_import *import = look->file->imports; import != NULL && look->result >= 0;
         import = import->next) {
        add(look, &imports, import->name, import);
    }
    for (const struct idl_import *import = look->file->repeated_imports;
         import != NULL && look->result >= 0; import = import->next) {
        const struct idl_import *earlier = idl_table_find(&imports, import->name);
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_UNUSED_IMPORT, import->position,
                                   "'%s' is imported already; remove this import", import->name));
        take_result(look, idl_diagnose_note(look->diagnostics, earlier->position,
                                            "the first import is here"));
    }
}

/* compare_import() - which names of an imported file does this one hide, as the first of them? */
static void compare_import(struct look *look, struct idl_table *hidden, const struct idl_file *file)
{
    for (const struct idl_declaration *imported = file->declarations;
         imported != NULL && look->result >= 0; imported = imported->next) {
        struct idl_declaration *own = idl_table_find(look->file->names, imported->name);
        if (own == NULL || add(look, hidden, own->name, own) != NULL) {
            continue;
        }
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_SHADOW, own->position,
                                   "'%s' hides what '%s' declares under this name; rename it",
                                   own->name, file->name));
        take_result(look, idl_diagnose_note(look->diagnostics, imported->position,
                                            "that declaration is here"));
    }
}

/* check_shadows() - all imports; a name that several declare is reported once */
static void check_shadows(struct look *look)
{
    struct idl_table hidden = {0};

    for (const struct idl_import *import = look->file->imports; import != NULL && look->result >= 0;
         import = import->next) {
        compare_import(look, &hidden, import->file);
    }
}

/* check_bounds() - bounds of 0 in a type; the parser limits how deep it nests */
static void check_bounds(struct look *look, const struct idl_type *type)
{
    if (type->bound_expression != NULL && type->bound == 0) {
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_ZERO_BOUND,
                                   type->bound_expression->position,
                                   "this '%s' is always empty, as its bound is 0; raise the bound",
                                   idl_builtin_of_kind(type->kind)->name));
    }
    if (type->element != NULL) {
        check_bounds(look, type->element);
    }
}

/* check_fields() - those of a record, or a method's parameters of one direction */
static void check_fields(struct look *look, const struct idl_field *fields)
{
    struct idl_table names = {0};

    for (const struct idl_field *field = fields; field != NULL && look->result >= 0;
         field = field->next) {
        check_bounds(look, field->type);
        compare_case(look, &names, field->name, field->position);
    }
}

/* check_declarations() - constants, typedefs, structs and unions */
static void check_declarations(struct look *look)
{
    struct idl_table constants = {0};
    struct idl_table types = {0};

    for (const struct idl_declaration *declaration = look->file->declarations;
         declaration != NULL && look->result >= 0; declaration = declaration->next) {
        compare_case(look, declaration->kind == IDL_CONST ? &constants : &types, declaration->name,
                     declaration->position);
        if (declaration->type != NULL) {
            check_bounds(look, declaration->type);
        }
        check_fields(look, declaration->fields);
    }
}

/* check_method() - its name, its parameters and its size */
static void check_method(struct look *look, const struct idl_method *method)
{
    refuse_underscore(look, "a method", method->name, method->position);
    check_fields(look, method->in);
    check_fields(look, method->out);
    check_fields(look, method->error);
    if (method->max_bytes > IDL_MESSAGE_BYTES_LARGE) {
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_LARGE_MESSAGE, method->position,
                                   "a message of '%s' can take %" PRIu64 " bytes, for which there "
                                   "is hardly room on a stack; lower the bounds, or send parts",
                                   method->name, method->max_bytes));
    }
}

/* check_interface() - has it methods, and what are they like? */
static void check_interface(struct look *look, const struct idl_interface *interface)
{
    struct idl_table names = {0};

    if (interface->methods == NULL) {
        take_result(look, idl_warn(look->diagnostics, IDL_WARN_EMPTY_INTERFACE, interface->position,
                                   "this interface has no methods, so that nobody can call it; add "
                                   "one, or remove the interface"));
    }
    for (const struct idl_method *method = interface->methods; method != NULL && look->result >= 0;
         method = method->next) {
        compare_case(look, &names, method->name, method->position);
        check_method(look, method);
    }
}

/* check_members() - the endpoints or instances of a component */
static void check_members(struct look *look, struct idl_table *names, const char *what,
                          const struct idl_member *members)
{
    for (const struct idl_member *member = members; member != NULL && look->result >= 0;
         member = member->next) {
        compare_case(look, names, member->name, member->position);
        refuse_underscore(look, what, member->name, member->position);
    }
}

/* check_component() - what a CDL or EDL file declares */
static void check_component(struct look *look, const struct idl_component *component)
{
    struct idl_table names = {0};

    if (component->interfaces.source != NULL) {
        take_result(look,
                    idl_warn(look->diagnostics, IDL_WARN_DEPRECATED, component->interfaces,
                             "'interfaces' is the old word for 'endpoints'; write the new one"));
    }
    check_members(look, &names, "an endpoint", component->endpoints);
    check_members(look, &names, "an instance", component->components);
}

/**
 * idl_find_warnings() - report what is worth a warning in a file
 * @arena:       memory to work with
 * @diagnostics: where warnings go
 * @file:        a checked file
 *
 * Return: 0; IDL_E_INVALID if the user wants warnings to be errors, and there is one; -ENOMEM.
 */
int idl_find_warnings(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                      const struct idl_file *file)
{
    struct look look = {.arena = arena, .diagnostics = diagnostics, .file = file};

    check_place(&look);
    if (file->component != NULL) {
        check_component(&look, file->component);
    } else {
        check_imports(&look);
        check_repeated_imports(&look);
        check_shadows(&look);
        check_declarations(&look);
    }
    if (file->interface != NULL) {
        check_interface(&look, file->interface);
    }
    return look.result;
}
