/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/c_names.h"

#include <errno.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"
#include "idl/scope.h"
#include "idl/table.h"

/* What follows the interface's own prefix in names of its generated code, echo_IPing_ops, or stands
 * beside methods. */
static const char *const interface_words[] = {
    "base_",       "ops",         "proxy",       "proxy_init",         "req",
    "res",         "mid_max",     "arena_size",  "req_arena_size",     "res_arena_size",
    "req_handles", "res_handles", "err_handles", "interface_dispatch", "interface_stub_",
};

/* What follows a method's name: echo_IPing_FPing_req, echo_IPing_FPing_req_arena_size. */
static const char *const method_words[] = {"req", "res", "err", "mid", "fn"};

char *idl_c_name(struct idl_arena *arena, const char *qualified)
{
    char *name = idl_arena_copy(arena, qualified, strlen(qualified));

    if (name != NULL) {
        for (char *c = name; *c != '\0'; c++) {
            *c = *c == '.' ? '_' : *c;
        }
    }
    return name;
}

/* is_interface_word() - does every interface have this name for something of its own? */
static bool is_interface_word(const char *name)
{
    for (size_t i = 0; i < sizeof(interface_words) / sizeof(interface_words[0]); i++) {
        if (strcmp(name, interface_words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* is_method_word() - does every method have something whose name goes on like this? */
static bool is_method_word(const char *tail)
{
    for (size_t i = 0; i < sizeof(method_words) / sizeof(method_words[0]); i++) {
        size_t size = strlen(method_words[i]);
        if (strncmp(tail, method_words[i], size) == 0 &&
            (tail[size] == '\0' || tail[size] == '_')) {
            return true;
        }
    }
    return false;
}

/* find_owner() - the method that needs @name for its own code; NULL if none does */
static const struct idl_method *find_owner(const struct idl_table *methods, const char *name)
{
    char head[IDL_NAME_BYTES_MAX + 1];
    const struct idl_method *owner = NULL;

    for (const char *c = strchr(name, '_'); c != NULL && owner == NULL; c = strchr(c + 1, '_')) {
        if (is_method_word(c + 1)) {
            memcpy(head, name, (size_t)(c - name));
            head[c - name] = '\0';
            owner = idl_table_find(methods, head);
        }
    }
    return owner;
}

/* check_name() - the name of a method, type or constant */
static int check_name(struct idl_scope *scope, const struct idl_table *methods, const char *name,
                      struct idl_position position)
{
    const struct idl_method *owner = find_owner(methods, name);

    if (is_interface_word(name)) {
        return idl_diagnose(scope->diagnostics, position,
                            "the generated code needs the name '%s'; choose another one", name);
    }
    if (owner == NULL) {
        return 0;
    }
    return idl_diagnose(scope->diagnostics, position,
                        "the generated code of method '%s' needs the name '%s'; choose another one",
                        owner->name, name);
}

/* check_end() - the generated code has names of its own that end in an underscore: S_record_ */
static int check_end(struct idl_scope *scope, const char *name, struct idl_position position)
{
    size_t size = strlen(name);

    if (name[size - 1] != '_') {
        return 0;
    }
    return idl_diagnose(scope->diagnostics, position,
                        "'%s' ends in an underscore, as names in the generated code do; choose "
                        "another one",
                        name);
}

int idl_check_name_ends(struct idl_scope *scope)
{
    const struct idl_interface *interface = scope->file->interface;
    int result = 0;

    for (const struct idl_declaration *declaration = scope->file->declarations;
         declaration != NULL && result >= 0; declaration = declaration->next) {
        int r = check_end(scope, declaration->name, declaration->position);
        result = r != 0 ? r : result;
    }
    for (const struct idl_method *method = interface == NULL ? NULL : interface->methods;
         method != NULL && result >= 0; method = method->next) {
        int r = check_end(scope, method->name, method->position);
        result = r != 0 ? r : result;
    }
    return result;
}

/* check_tag() - the constant U_a_tag of member a of union U */
static int check_tag(struct idl_scope *scope, struct idl_table *tags,
                     const struct idl_declaration *declaration, const struct idl_field *member)
{
    const char *tag = idl_arena_printf(scope->arena, "%s_%s_tag", declaration->name, member->name);
    void *existing = NULL;

    if (tag == NULL) {
        return -ENOMEM;
    }
    int r = idl_table_add(tags, scope->arena, tag, (void *)member, &existing);
    if (r != 0 || (existing == NULL && idl_table_find(scope->file->names, tag) == NULL)) {
        return r;
    }
    return idl_diagnose(scope->diagnostics, member->position,
                        "the generated code needs the name '%s' for this member's tag, and "
                        "something else has it; rename one of them",
                        tag);
}

/* take_methods() - methods are called in C as in IDL, so that no tag can have their names */
static int take_methods(struct idl_scope *scope, struct idl_table *tags)
{
    const struct idl_interface *interface = scope->file->interface;
    const struct idl_method *method = interface == NULL ? NULL : interface->methods;
    void *existing;
    int r = 0;

    for (; method != NULL && r == 0; method = method->next) {
        r = idl_table_add(tags, scope->arena, method->name, (void *)method, &existing);
    }
    return r;
}

int idl_check_tag_names(struct idl_scope *scope)
{
    struct idl_table tags = {0};
    int result = take_methods(scope, &tags);

    for (const struct idl_declaration *declaration = scope->file->declarations;
         declaration != NULL && result >= 0; declaration = declaration->next) {
        const struct idl_field *member =
            declaration->kind == IDL_UNION ? declaration->fields : NULL;
        for (; member != NULL && result >= 0; member = member->next) {
            int r = check_tag(scope, &tags, declaration, member);
            result = r != 0 ? r : result;
        }
    }
    return result;
}

int idl_check_c_names(struct idl_scope *scope, const struct idl_table *methods)
{
    int result = 0;

    for (const struct idl_declaration *declaration = scope->file->declarations;
         declaration != NULL && result >= 0; declaration = declaration->next) {
        int r = check_name(scope, methods, declaration->name, declaration->position);
        result = r != 0 ? r : result;
    }
    for (const struct idl_method *method = scope->file->interface->methods;
         method != NULL && result >= 0; method = method->next) {
        int r = check_name(scope, methods, method->name, method->position);
        result = r != 0 ? r : result;
    }
    return result;
}
