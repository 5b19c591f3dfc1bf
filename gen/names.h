/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How things are called in the generated C, and where the generated files are.
 */
#pragma once

#include <stdbool.h>

#include "idl/model.h"

struct scratch;

/* "echo/IPing" + suffix; the source "echo/IPing.idl"; the header <echo/IPing.idl.h>. */
const char *name_path(struct scratch *scratch, const struct idl_file *file, const char *suffix);
const char *name_source(struct scratch *scratch, const struct idl_file *file);
const char *name_underscored(struct scratch *scratch, const char *dotted);
const char *name_extension(const struct idl_file *file);

/* Whether @word cannot be an identifier in C or C++, or is a macro of the compiler itself. */
bool name_is_keyword(const char *word);
/* A word as the name of a C struct member: itself, unless it is a keyword. */
const char *name_member(struct scratch *scratch, const char *word);
/* The same for a field or parameter, different from all others in @list. */
const char *name_field(struct scratch *scratch, const struct idl_field *list,
                       const struct idl_field *field);

/* "nk_uint32_t name[4]": the declaration of @name; just the type if it is empty. */
const char *name_declaration(struct scratch *scratch, const struct idl_type *type,
                             const char *name);
