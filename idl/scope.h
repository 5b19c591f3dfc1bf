/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a name means in an IDL file: its own declarations first, then those of the files that it
 * imports.
 */
#pragma once

#include <stdbool.h>

#include "idl/model.h"

struct idl_arena;
struct idl_diagnostics;

struct idl_scope {
    struct idl_arena *arena;
    struct idl_diagnostics *diagnostics;
    struct idl_file *file;
    uint64_t n_values; /* in the structs and methods that are checked, nested ones counted */
};

/* What kind of name is looked for. */
enum idl_wanted {
    IDL_WANTED_TYPE,
    IDL_WANTED_CONSTANT,
};

/* Both return 0, IDL_E_INVALID (reported) or -ENOMEM. */
int idl_scope_declare(struct idl_scope *scope);
int idl_scope_find(const struct idl_scope *scope, enum idl_wanted wanted, const char *name,
                   struct idl_position position, const struct idl_declaration **ret_declaration);

/* The measure of a declaration that was looked at and found wrong: no error is to follow from it.
 */
#define IDL_MEASURE_BROKEN ((struct idl_measure){.depth = 1})
static inline bool idl_measure_is_broken(struct idl_measure measure)
{
    return measure.depth != 0 && measure.n_values == 0;
}
