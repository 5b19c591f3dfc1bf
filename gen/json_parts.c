/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/json_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "gen/scratch.h"
#include "idl/builtin.h"
#include "idl/source.h"

/* note() - remember in the scratch that there was no memory, if @r is not 0 */
static void note(struct scratch *scratch, int r)
{
    scratch->error = r == 0 ? scratch->error : -ENOMEM;
}

void json_part_put(struct scratch *scratch, json_t *object, const char *key, json_t *value)
{
    note(scratch, json_object_set_new(object, key, value));
}

void json_part_add(struct scratch *scratch, json_t *array, json_t *value)
{
    note(scratch, json_array_append_new(array, value));
}

void json_part_put_position(struct scratch *scratch, json_t *object, struct idl_position position)
{
    json_part_put(scratch, object, "line", json_integer(position.line));
    json_part_put(scratch, object, "column", json_integer(position.column));
}

json_t *json_part_named(struct scratch *scratch, const char *name, struct idl_position position)
{
    json_t *object = json_object();

    json_part_put(scratch, object, "name", json_string(name));
    json_part_put_position(scratch, object, position);
    return object;
}

json_t *json_part_path(struct scratch *scratch, const char *path)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t left = strlen(path);
    char *text = scratch_alloc(scratch, left * (sizeof(replacement) - 1) + 1);
    char *end = text;

    if (text == NULL) {
        return NULL;
    }
    while (left > 0) {
        size_t valid = idl_utf8_length(path, left);
        size_t read = valid == 0 ? 1 : valid;
        end = valid == 0 ? stpcpy(end, replacement) : mempcpy(end, path, valid);
        path += read;
        left -= read;
    }
    return json_string(text);
}

/* put_named_type() - what a use of a typedef, struct or union leads to */
static void put_named_type(struct scratch *scratch, json_t *object, const struct idl_type *type)
{
    json_part_put(scratch, object, "name", json_string(type->name));
    json_part_put(scratch, object, "package", json_string(type->declaration->file->name));
}

/* put_handle() - the interface behind a handle, if it names one */
static void put_handle(struct scratch *scratch, json_t *object, const struct idl_type *type)
{
    json_part_put(scratch, object, "interface",
                  type->interface_name == NULL ? json_null() : json_string(type->interface_name));
}

json_t *json_part_type(struct scratch *scratch, const struct idl_type *type)
{
    const struct idl_builtin *builtin = idl_builtin_of_kind(type->kind);
    json_t *object = json_object();

    json_part_put(scratch, object, "kind", json_string(builtin == NULL ? "named" : builtin->name));
    if (type->bound_expression != NULL) {
        json_part_put(scratch, object, "bound", json_integer((json_int_t)type->bound));
    }
    if (type->element != NULL) {
        json_part_put(scratch, object, "element", json_part_type(scratch, type->element));
    }
    if (type->kind == IDL_NAMED) {
        put_named_type(scratch, object, type);
    }
    if (type->kind == IDL_HANDLE) {
        put_handle(scratch, object, type);
    }
    return object;
}

json_t *json_part_fields(struct scratch *scratch, const struct idl_field *fields)
{
    json_t *array = json_array();

    for (const struct idl_field *field = fields; field != NULL; field = field->next) {
        json_t *object = json_part_named(scratch, field->name, field->position);
        json_part_put(scratch, object, "type", json_part_type(scratch, field->type));
        json_part_add(scratch, array, object);
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

json_t *json_part_declarations(struct scratch *scratch, const struct idl_file *file,
                               enum idl_declaration_kind kind)
{
    json_t *array = json_array();

    for (const struct idl_declaration *declaration = file->declarations; declaration != NULL;
         declaration = declaration->next) {
        if (declaration->kind != kind) {
            continue;
        }
        json_t *object = json_part_named(scratch, declaration->name, declaration->position);
        if (idl_declaration_is_record(declaration)) {
            json_part_put(scratch, object, "fields",
                          json_part_fields(scratch, declaration->fields));
        } else {
            json_part_put(scratch, object, "type", json_part_type(scratch, declaration->type));
        }
        if (kind == IDL_CONST) {
            json_part_put(scratch, object, "value", constant_value(declaration));
        }
        json_part_add(scratch, array, object);
    }
    return array;
}
