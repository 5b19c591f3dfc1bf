/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/scope.h"

#include <errno.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/builtin.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/suggest.h"
#include "idl/table.h"

/* declare_one() - add @declaration to the file's names, unless its name is taken */
static int declare_one(struct idl_scope *scope, struct idl_declaration *declaration)
{
    void *existing;
    int r =
        idl_table_add(scope->file->names, scope->arena, declaration->name, declaration, &existing);

    if (r != 0 || existing == NULL) {
        return r;
    }
    const struct idl_declaration *earlier = existing;
    r = idl_diagnose(scope->diagnostics, declaration->position,
                     "'%s' is declared twice in this file; rename one of them", declaration->name);
    return r < 0 ? r
                 : idl_diagnose_note(scope->diagnostics, earlier->position,
                                     "the earlier one is here");
}

/**
 * idl_scope_declare() - collect the names of the file's own declarations
 * @scope: with the file, whose names are set
 *
 * Return: 0; IDL_E_INVALID when a name is declared twice, each is reported; -ENOMEM.
 */
int idl_scope_declare(struct idl_scope *scope)
{
    int result = 0;

    scope->file->names = idl_arena_alloc(scope->arena, sizeof(*scope->file->names));
    if (scope->file->names == NULL) {
        return -ENOMEM;
    }
    for (struct idl_declaration *declaration = scope->file->declarations; declaration != NULL;
         declaration = declaration->next) {
        int r = declare_one(scope, declaration);
        if (r < 0) {
            return r;
        }
        result = r != 0 ? r : result;
    }
    return result;
}

/* is_wanted() - is a declaration of the kind that is looked for? */
static bool is_wanted(const struct idl_declaration *declaration, enum idl_wanted wanted)
{
    return (declaration->kind == IDL_CONST) == (wanted == IDL_WANTED_CONSTANT);
}

/* offer_declarations() - let the names of @file compete for "did you mean" */
static void offer_declarations(struct idl_suggestion *suggestion, const struct idl_file *file,
                               enum idl_wanted wanted)
{
    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (is_wanted(declaration, wanted)) {
            idl_suggestion_offer(suggestion, declaration->name);
        }
    }
}

/* refuse_unknown() - nothing has this name; perhaps something similar */
static int refuse_unknown(const struct idl_scope *scope, enum idl_wanted wanted, const char *name,
                          struct idl_position position)
{
    struct idl_suggestion suggestion;

    idl_suggestion_init(&suggestion, name, strlen(name));
    for (size_t i = 0; wanted == IDL_WANTED_TYPE && idl_builtin_at(i) != NULL; i++) {
        idl_suggestion_offer(&suggestion, idl_builtin_at(i)->name);
    }
    offer_declarations(&suggestion, scope->file, wanted);
    for (const struct idl_import *import = scope->file->imports; import != NULL;
         import = import->next) {
        offer_declarations(&suggestion, import->file, wanted);
    }
    return idl_diagnose(scope->diagnostics, position, "unknown %s '%s'" IDL_SUGGESTION_FORMAT,
                        wanted == IDL_WANTED_TYPE ? "type" : "constant", name,
                        IDL_SUGGESTION_ARGUMENTS(&suggestion));
}

/* refuse_early_use() - the declaration is in this file, but not before its use */
static int refuse_early_use(const struct idl_scope *scope, struct idl_position position,
                            const struct idl_declaration *declaration)
{
    int r = idl_diagnose(scope->diagnostics, position,
                         "'%s' is used before its declaration is complete; declare it further up",
                         declaration->name);
    return r < 0 ? r
                 : idl_diagnose_note(scope->diagnostics, declaration->position,
                                     "the declaration is here");
}

/* refuse_kind() - the name stands for something else */
static int refuse_kind(const struct idl_scope *scope, struct idl_position position,
                       const struct idl_declaration *declaration)
{
    bool is_constant = declaration->kind == IDL_CONST;
    int r = idl_diagnose(scope->diagnostics, position, "'%s' is a %s, not a %s", declaration->name,
                         is_constant ? "constant" : "type", is_constant ? "type" : "constant");
    return r < 0 ? r
                 : idl_diagnose_note(scope->diagnostics, declaration->position,
                                     "the declaration is here");
}

/* find_imported() - the one declaration among all imports; NULL if there is none */
static int find_imported(const struct idl_scope *scope, const char *name,
                         struct idl_position position,
                         const struct idl_declaration **ret_declaration)
{
    const struct idl_declaration *found = NULL;

    for (struct idl_import *import = scope->file->imports; import != NULL; import = import->next) {
        const struct idl_declaration *declaration = idl_table_find(import->file->names, name);
        if (declaration != NULL && found != NULL && declaration != found) {
            return idl_diagnose(scope->diagnostics, position,
                                "'%s' is ambiguous: both %s and %s declare it; rename one of them",
                                name, found->file->name, declaration->file->name);
        }
        import->is_used = import->is_used || declaration != NULL;
        found = declaration != NULL ? declaration : found;
    }
    *ret_declaration = found;
    return 0;
}

/**
 * idl_scope_find() - what a name stands for
 * @scope:           where it is used
 * @wanted:          what it must stand for
 * @name:            the name; borrowed
 * @position:        of its use
 * @ret_declaration: a declaration of the wanted kind, in this file only one that is checked
 * already; it may be broken
 *
 * Return: 0; IDL_E_INVALID, reported; -ENOMEM.
 */
int idl_scope_find(const struct idl_scope *scope, enum idl_wanted wanted, const char *name,
                   struct idl_position position, const struct idl_declaration **ret_declaration)
{
    const struct idl_declaration *declaration = idl_table_find(scope->file->names, name);

    if (declaration == NULL) {
        int r = find_imported(scope, name, position, &declaration);
        if (r != 0) {
            return r;
        }
    }
    if (declaration == NULL) {
        return refuse_unknown(scope, wanted, name, position);
    }
    if (!is_wanted(declaration, wanted)) {
        return refuse_kind(scope, position, declaration);
    }
    if (declaration->measure.depth == 0) {
        return refuse_early_use(scope, position, declaration);
    }
    *ret_declaration = declaration;
    return 0;
}
