/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that describe types. Each different type of a file gets one, called after the file
 * (emit->prefix) and what it is: echo_IPing_sequence_uint32_16_type_.
 */
#pragma once

#include "idl/model.h"
#include "idl/table.h"

struct emit;

/* The name of a type's table; the table itself, and those of its elements, unless they are in
 * @known. */
const char *c_type_table_name(struct emit *emit, const struct idl_type *type);
void c_type_tables_emit(struct emit *emit, struct idl_table *known, const struct idl_field *fields);
