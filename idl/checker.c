/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/checker.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "idl/builtin.h"
#include "idl/c_names.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/expression.h"
#include "idl/limits.h"
#include "idl/scope.h"
#include "idl/table.h"

/* In memory, a string, sequence or bytes is an offset and a size, and its content elsewhere. */
#define POINTER_BYTES 8

/* A union has a tag before its members. */
#define TAG_BYTES 8

/* What stands beside parameters in messages, and beside members in unions. */
static const char *const reserved_parameters[] = {"base_", "res_", "err_", NULL};
static const char *const reserved_members[] = {"tag_", NULL};

/* worse() - of two results the one to return: -errno before an outcome before 0 */
static int worse(int a, int b)
{
    return a < 0 || b == 0 ? a : b;
}

/* find_constant() - idl_evaluation.find: the value of a constant by name */
static int find_constant(void *userdata, const char *name, struct idl_position position,
                         idl_wide *ret_value)
{
    const struct idl_scope *scope = userdata;
    const struct idl_declaration *constant;
    int r = idl_scope_find(scope, IDL_WANTED_CONSTANT, name, position, &constant);

    if (r != 0) {
        return r;
    }
    if (idl_measure_is_broken(constant->measure)) {
        return IDL_E_INVALID;
    }
    enum idl_type_kind kind = idl_type_resolve(constant->type)->kind;
    *ret_value = idl_builtin_of_kind(kind)->is_signed ? (idl_wide)(int64_t)constant->value
                                                      : (idl_wide)constant->value;
    return 0;
}

/* check_bound() - evaluate the bound of a string, bytes, sequence or array */
static int check_bound(struct idl_scope *scope, struct idl_type *type)
{
    struct idl_evaluation evaluation = {
        .diagnostics = scope->diagnostics,
        .complement_max = IDL_WIDE_MAX,
        .find = find_constant,
        .userdata = scope,
    };
    char digits[IDL_WIDE_TEXT_BYTES];
    idl_wide bound;
    int r = idl_expression_evaluate(type->bound_expression, &evaluation, &bound);

    if (r != 0) {
        return r;
    }
    if (bound < 0 || bound > IDL_BOUND_MAX) {
        return idl_diagnose(scope->diagnostics, type->bound_expression->position,
                            "the bound %s is out of range; 0 to %d are possible",
                            idl_wide_text(bound, digits), IDL_BOUND_MAX);
    }
    if (bound == 0 && type->kind == IDL_ARRAY) {
        return idl_diagnose(scope->diagnostics, type->bound_expression->position,
                            "an array has at least 1 element");
    }
    type->bound = (uint64_t)bound;
    return 0;
}

/* check_measure() - refuse what is too deep, too wide or too large for the back ends and the wire
 */
static int check_measure(struct idl_scope *scope, struct idl_position position,
                         struct idl_measure measure)
{
    if (measure.depth > IDL_TYPE_DEPTH_MAX) {
        return idl_diagnose(scope->diagnostics, position, "types nest deeper than %d levels",
                            IDL_TYPE_DEPTH_MAX);
    }
    if (measure.n_values > IDL_TYPE_VALUES_MAX) {
        return idl_diagnose(scope->diagnostics, position,
                            "this has %" PRIu64 " fields, those of nested structs counted; at most "
                            "%d are allowed",
                            measure.n_values, IDL_TYPE_VALUES_MAX);
    }
    if (measure.bytes > IDL_TYPE_BYTES_MAX) {
        return idl_diagnose(scope->diagnostics, position,
                            "this can take %" PRIu64 " bytes; at most %d are allowed, lower the "
                            "bounds",
                            measure.bytes, IDL_TYPE_BYTES_MAX);
    }
    return 0;
}

/* check_total() - refuse, once, a file whose structs and methods amount to too much: a few lines of
 * nested structs make gigabytes of C otherwise */
static int check_total(struct idl_scope *scope, struct idl_position position, uint64_t n_values)
{
    bool was_over = scope->n_values > IDL_FILE_VALUES_MAX;

    scope->n_values += n_values;
    if (was_over || scope->n_values <= IDL_FILE_VALUES_MAX) {
        return 0;
    }
    return idl_diagnose(scope->diagnostics, position,
                        "with this, the structs and methods of the file have %" PRIu64
                        " fields, those of nested structs counted each time; at most %d are "
                        "allowed, split the file",
                        scope->n_values, IDL_FILE_VALUES_MAX);
}

static int check_type(struct idl_scope *scope, struct idl_type *type,
                      struct idl_measure *ret_measure);

/* check_named() - a typedef, struct or union by its name */
static int check_named(struct idl_scope *scope, struct idl_type *type,
                       struct idl_measure *ret_measure)
{
    int r = idl_scope_find(scope, IDL_WANTED_TYPE, type->name, type->position, &type->declaration);

    if (r != 0) {
        return r;
    }
    *ret_measure = type->declaration->measure;
    if (idl_measure_is_broken(*ret_measure)) {
        return IDL_E_INVALID;
    }
    ret_measure->depth++;
    return 0;
}

/* check_container() - sequence and array: the element, then the bound */
static int check_container(struct idl_scope *scope, struct idl_type *type,
                           struct idl_measure *ret_measure)
{
    int r = check_type(scope, type->element, ret_measure);

    r = r < 0 ? r : worse(r, check_bound(scope, type));
    if (r != 0) {
        return r;
    }
    ret_measure->depth++;
    ret_measure->bytes *= type->bound;
    ret_measure->bytes += type->kind == IDL_SEQUENCE ? POINTER_BYTES : 0;
    return 0;
}

/* check_bounded() - string and bytes */
static int check_bounded(struct idl_scope *scope, struct idl_type *type,
                         struct idl_measure *ret_measure)
{
    int r = check_bound(scope, type);

    *ret_measure = (struct idl_measure){
        .depth = 1,
        .n_values = 1,
        .bytes = POINTER_BYTES + type->bound + (type->kind == IDL_STRING ? 1 : 0),
    };
    return r;
}

/* check_type_by_kind() - complete a use of a type; the measure may be over the limits */
static int check_type_by_kind(struct idl_scope *scope, struct idl_type *type,
                              struct idl_measure *ret_measure)
{
    switch (type->kind) {
    case IDL_NAMED:
        return check_named(scope, type, ret_measure);
    case IDL_SEQUENCE:
    case IDL_ARRAY:
        return check_container(scope, type, ret_measure);
    case IDL_STRING:
    case IDL_BYTES:
        return check_bounded(scope, type, ret_measure);
    default:
        *ret_measure = (struct idl_measure){
            .depth = 1, .n_values = 1, .bytes = idl_builtin_of_kind(type->kind)->bytes};
        return 0;
    }
}

/* check_type() - complete a use of a type; the parser bounds the recursion */
static int check_type(struct idl_scope *scope, struct idl_type *type,
                      struct idl_measure *ret_measure)
{
    int r = check_type_by_kind(scope, type, ret_measure);

    return r == 0 ? check_measure(scope, type->position, *ret_measure) : r;
}

/* check_variable_name() - refuse a second field or parameter of one name */
static int check_variable_name(struct idl_scope *scope, struct idl_table *names,
                               struct idl_field *variable, const char *what)
{
    void *existing;
    int r = idl_table_add(names, scope->arena, variable->name, variable, &existing);

    if (r != 0 || existing == NULL) {
        return r;
    }
    const struct idl_field *earlier = existing;
    r = idl_diagnose(scope->diagnostics, variable->position,
                     "there is another %s '%s'; rename one of them", what, variable->name);
    return r < 0 ? r
                 : idl_diagnose_note(scope->diagnostics, earlier->position,
                                     "the earlier one is here");
}

/* add_measure() - @total becomes what holds both; both stay far from overflow */
static void add_measure(struct idl_measure *total, struct idl_measure part)
{
    total->depth = part.depth > total->depth ? part.depth : total->depth;
    total->n_values += part.n_values;
    total->bytes += part.bytes;
}

/**
 * check_variables() - the fields of a struct, or a method's parameters of one direction
 * @names:       of the struct or of all directions
 * @what:        "field" or "parameter"
 * @ret_measure: of all together
 */
static int check_variables(struct idl_scope *scope, struct idl_table *names,
                           struct idl_field *variables, const char *what,
                           struct idl_measure *ret_measure)
{
    int result = 0;

    for (struct idl_field *variable = variables;
         variable != NULL && !idl_diagnostics_is_full(scope->diagnostics);
         variable = variable->next) {
        struct idl_measure measure = {0};
        int r = check_type(scope, variable->type, &measure);

        r = r < 0 ? r : worse(r, check_variable_name(scope, names, variable, what));
        if (r < 0) {
            return r;
        }
        result = worse(result, r);
        add_measure(ret_measure, measure);
    }
    return result;
}

/* check_reserved() - refuse names that the generated code has for something of its own */
static int check_reserved(struct idl_scope *scope, const char *const reserved[],
                          const struct idl_field *variables)
{
    for (const struct idl_field *variable = variables; variable != NULL;
         variable = variable->next) {
        for (size_t i = 0; reserved[i] != NULL; i++) {
            if (strcmp(variable->name, reserved[i]) == 0) {
                return idl_diagnose(scope->diagnostics, variable->position,
                                    "the generated code needs the name '%s'; choose another one",
                                    variable->name);
            }
        }
    }
    return 0;
}

/* check_record() - the fields of a struct or union */
static int check_record(struct idl_scope *scope, struct idl_declaration *record,
                        struct idl_measure *ret_measure)
{
    struct idl_table names = {0};
    bool is_union = record->kind == IDL_UNION;

    if (record->fields == NULL) {
        return idl_diagnose(scope->diagnostics, record->position,
                            "%s '%s' has no fields; it needs at least one",
                            is_union ? "union" : "struct", record->name);
    }
    int r = is_union ? check_reserved(scope, reserved_members, record->fields) : 0;
    if (r == 0) {
        r = check_variables(scope, &names, record->fields, "field", ret_measure);
    }
    ret_measure->bytes += is_union ? TAG_BYTES : 0;
    if (r == 0) {
        r = check_measure(scope, record->position, *ret_measure);
    }
    return r == 0 ? check_total(scope, record->position, ret_measure->n_values) : r;
}

/* check_value() - evaluate a constant for its type */
static int check_value(struct idl_scope *scope, struct idl_declaration *constant,
                       const struct idl_builtin *scalar)
{
    struct idl_evaluation evaluation = {
        .diagnostics = scope->diagnostics,
        .complement_max = scalar->is_signed ? 0 : idl_builtin_max(scalar),
        .find = find_constant,
        .userdata = scope,
    };
    char digits[IDL_WIDE_TEXT_BYTES];
    char min_digits[IDL_WIDE_TEXT_BYTES];
    char max_digits[IDL_WIDE_TEXT_BYTES];
    idl_wide value;
    int r = idl_expression_evaluate(constant->expression, &evaluation, &value);

    if (r != 0) {
        return r;
    }
    if (value < idl_builtin_min(scalar) || value > idl_builtin_max(scalar)) {
        return idl_diagnose(scope->diagnostics, constant->expression->position,
                            "%s does not fit in %s; %s to %s are possible",
                            idl_wide_text(value, digits), scalar->name,
                            idl_wide_text(idl_builtin_min(scalar), min_digits),
                            idl_wide_text(idl_builtin_max(scalar), max_digits));
    }
    constant->value = (uint64_t)value;
    return 0;
}

/* check_constant() - the type of a constant, then its value */
static int check_constant(struct idl_scope *scope, struct idl_declaration *constant,
                          struct idl_measure *ret_measure)
{
    int r = check_type(scope, constant->type, ret_measure);
    if (r != 0) {
        return r;
    }
    const struct idl_builtin *builtin = idl_builtin_of_kind(idl_type_resolve(constant->type)->kind);
    if (builtin == NULL || builtin->form != IDL_FORM_SCALAR) {
        return idl_diagnose(scope->diagnostics, constant->type->position,
                            "a constant has an integer type, such as UInt32");
    }
    return check_value(scope, constant, builtin);
}

/* check_declaration() - a constant, typedef, struct or union; afterwards it may be used */
static int check_declaration(struct idl_scope *scope, struct idl_declaration *declaration)
{
    struct idl_measure measure = {0};
    int r;

    switch (declaration->kind) {
    case IDL_CONST:
        r = check_constant(scope, declaration, &measure);
        break;
    case IDL_TYPEDEF:
        r = check_type(scope, declaration->type, &measure);
        break;
    default:
        r = check_record(scope, declaration, &measure);
        break;
    }
    declaration->measure = r == 0 ? measure : IDL_MEASURE_BROKEN;
    return r;
}

/* check_parameters() - all directions of a method; each is a message of its own */
static int check_parameters(struct idl_scope *scope, struct idl_method *method)
{
    struct idl_field *directions[] = {method->in, method->out, method->error};
    struct idl_table names = {0};
    int result = 0;

    for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
        struct idl_measure measure = {0};
        int r = check_reserved(scope, reserved_parameters, directions[i]);
        if (r == 0) {
            r = check_variables(scope, &names, directions[i], "parameter", &measure);
        }
        if (r == 0) {
            r = check_measure(scope, method->position, measure);
        }
        if (r == 0) {
            r = check_total(scope, method->position, measure.n_values);
        }
        method->max_bytes = measure.bytes > method->max_bytes ? measure.bytes : method->max_bytes;
        if (r < 0) {
            return r;
        }
        result = worse(result, r);
    }
    return result;
}

/* check_method_name() - refuse a second method of one name, and one that a type or constant has */
static int check_method_name(struct idl_scope *scope, struct idl_table *names,
                             struct idl_method *method)
{
    void *existing;
    const struct idl_declaration *declaration = idl_table_find(scope->file->names, method->name);
    int r = idl_table_add(names, scope->arena, method->name, method, &existing);

    if (r != 0 || (existing == NULL && declaration == NULL)) {
        return r;
    }
    const struct idl_method *earlier = existing;
    r = idl_diagnose(scope->diagnostics, method->position,
                     "there is another %s '%s' in this file; rename one of them",
                     earlier == NULL ? "declaration of" : "method", method->name);
    return r < 0 ? r
                 : idl_diagnose_note(scope->diagnostics,
                                     earlier == NULL ? declaration->position : earlier->position,
                                     "the earlier one is here");
}

/* check_interface() - all methods, on past errors */
static int check_interface(struct idl_scope *scope, struct idl_interface *interface)
{
    struct idl_table names = {0};
    int result = 0;

    for (struct idl_method *method = interface->methods;
         method != NULL && !idl_diagnostics_is_full(scope->diagnostics); method = method->next) {
        int r = check_method_name(scope, &names, method);
        r = r < 0 ? r : worse(r, check_parameters(scope, method));
        if (r < 0) {
            return r;
        }
        result = worse(result, r);
    }
    return result == 0 ? idl_check_c_names(scope, &names) : result;
}

/* idl_check_idl() - constants, types and the interface, in this order, on past errors */
int idl_check_idl(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
                  struct idl_file *file)
{
    struct idl_scope scope = {.arena = arena, .diagnostics = diagnostics, .file = file};
    int result = idl_scope_declare(&scope);

    for (struct idl_declaration *declaration = file->declarations;
         declaration != NULL && result >= 0 && !idl_diagnostics_is_full(diagnostics);
         declaration = declaration->next) {
        result = worse(result, check_declaration(&scope, declaration));
    }
    if (result >= 0 && file->interface != NULL) {
        result = worse(result, check_interface(&scope, file->interface));
    }
    if (result == 0) {
        result = idl_check_name_ends(&scope);
    }
    return result == 0 ? idl_check_tag_names(&scope) : result;
}
