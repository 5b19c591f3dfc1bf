/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the JSON model that its other parts consist of. Without memory an object is NULL, or
 * lacks a member; json_part_failed() tells.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "idl/model.h"

/* Memory ran out since the last call; or elsewhere, which json_part_check() is told. */
bool json_part_failed(void);
void json_part_check(bool is_fine);

/* Adds a member or an element; @value is consumed. */
void json_part_put(json_t *object, const char *key, json_t *value);
void json_part_add(json_t *array, json_t *value);

/* Something with a name, and where it stands. */
json_t *json_part_named(const char *name, struct idl_position position);
json_t *json_part_type(const struct idl_type *type);
/* A list of fields, members or parameters. */
json_t *json_part_fields(const struct idl_field *fields);
/* What an IDL file declares outside its interface: those of one kind. */
json_t *json_part_declarations(const struct idl_file *file, enum idl_declaration_kind kind);
