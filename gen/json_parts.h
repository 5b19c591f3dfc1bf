/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the JSON model that its other parts consist of. Without memory a value is NULL or
 * lacks a part, and the scratch says so.
 */
#pragma once

#include <jansson.h>

#include "idl/model.h"

struct scratch;

/* Adds a member or an element; @value is consumed. */
void json_part_put(struct scratch *scratch, json_t *object, const char *key, json_t *value);
void json_part_add(struct scratch *scratch, json_t *array, json_t *value);
/* Adds where something stands. */
void json_part_put_position(struct scratch *scratch, json_t *object, struct idl_position position);

/* Something with a name, and where it stands. */
json_t *json_part_named(struct scratch *scratch, const char *name, struct idl_position position);
/* A path; U+FFFD stands for each byte that is not UTF-8. */
json_t *json_part_path(struct scratch *scratch, const char *path);
json_t *json_part_type(struct scratch *scratch, const struct idl_type *type);
/* A list of fields, members or parameters. */
json_t *json_part_fields(struct scratch *scratch, const struct idl_field *fields);
/* What an IDL file declares outside its interface: those of one kind. */
json_t *json_part_declarations(struct scratch *scratch, const struct idl_file *file,
                               enum idl_declaration_kind kind);
