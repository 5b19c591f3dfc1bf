/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is generated from a CDL or EDL file: <pkg/Name.cdl.h> or <pkg/Name.edl.h>, and its C file.
 */
#pragma once

#include <stdbool.h>

struct emit;
struct idl_file;
struct idl_member;

/* @has_code: the header holds the code too, see c_inline.h. */
void component_header_emit(struct emit *emit, const struct idl_file *file, bool has_code);
void component_tables_emit(struct emit *emit, const struct idl_file *file);
void component_code_emit(struct emit *emit, const struct idl_file *file);

/* Declarations that the C file repeats; @prefix is that of the class, @kind "component" or
 * "entity". */
void component_init_emit(struct emit *emit, const struct idl_file *file, const char *kind,
                         const char *tail);
void component_dispatch_emit(struct emit *emit, const char *prefix, const char *tail);
void entity_dispatch_emit(struct emit *emit, const char *prefix, const char *tail);
/* The parameter of an init function for a member of the class. */
const char *component_parameter(struct emit *emit, const struct idl_member *member);
