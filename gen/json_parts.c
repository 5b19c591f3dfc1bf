/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/json_parts.h"

#include <inttypes.h>

#include "idl/builtin.h"

static bool failed;

bool json_part_failed(void)
{
    bool has_failed = failed;

    failed = false;
    return has_failed;
}

void json_part_check(bool is_fine)
{
    failed = failed || !is_fine;
}

void json_part_put(json_t *object, const char *key, json_t *value)
{
    failed = json_object_set_new(object, key, value) != 0 || failed;
}

void json_part_add(json_t *array, json_t *value)
{
    failed = json_array_append_new(array, value) != 0 || failed;
}

json_t *json_part_named(const char *name, struct idl_position position)
{
    json_t *object = json_object();

    json_part_put(object, "name", json_string(name));
    json_part_put(object, "line", json_integer(position.line));
    json_part_put(object, "column", json_integer(position.column));
    return object;
}

/* put_named_type() - what a use of a typedef, struct or union leads to */
static void put_named_type(json_t *object, const struct idl_type *type)
{
    json_part_put(object, "name", json_string(type->name));
    json_part_put(object, "package", json_string(type->declaration->file->name));
}

/* put_handle() - the interface behind a handle, if it names one */
static void put_handle(json_t *object, const struct idl_type *type)
{
    json_part_put(object, "interface",
                  type->interface_name == NULL ? json_null() : json_string(type->interface_name));
}

json_t *json_part_type(const struct idl_type *type)
{
    const struct idl_builtin *builtin = idl_builtin_of_kind(type->kind);
    json_t *object = json_object();

    json_part_put(object, "kind", json_string(builtin == NULL ? "named" : builtin->name));
    if (type->bound_expression != NULL) {
        json_part_put(object, "bound", json_integer((json_int_t)type->bound));
    }
    if (type->element != NULL) {
        json_part_put(object, "element", json_part_type(type->element));
    }
    if (type->kind == IDL_NAMED) {
        put_named_type(object, type);
    }
    if (type->kind == IDL_HANDLE) {
        put_handle(object, type);
    }
    return object;
}

json_t *json_part_fields(const struct idl_field *fields)
{
    json_t *array = json_array();

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        json_t *object = json_part_named(field->name, field->position);
        json_part_put(object, "type", json_part_type(field->type));
        json_part_add(array, object);
    }
    return array;
}

/* constant_value() - the digits, since many readers have no integers of 64 bits */
static json_t *constant_value(const struct idl_declaration *constant)
{
    enum idl_type_kind kind = idl_type_resolve(constant->type)->kind;

    return idl_builtin_of_kind(kind)->is_signed ? json_sprintf("%" PRId64, (int64_t)constant->value)
                                                : json_sprintf("%" PRIu64, constant->value);
}

json_t *json_part_declarations(const struct idl_file *file, enum idl_declaration_kind kind)
{
    json_t *array = json_array();

    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (declaration->kind != kind) {
            continue;
        }
        json_t *object = json_part_named(declaration->name, declaration->position);
        if (idl_declaration_is_record(declaration)) {
            json_part_put(object, "fields", json_part_fields(declaration->fields));
        } else {
            json_part_put(object, "type", json_part_type(declaration->type));
        }
        if (kind == IDL_CONST) {
            json_part_put(object, "value", constant_value(declaration));
        }
        json_part_add(array, object);
    }
    return array;
}
