/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warnings by name, and which of them are wanted. What deserves one is in find_warnings.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum idl_warning {
    IDL_WARN_CASE_CLASH,
    IDL_WARN_DEPRECATED,
    IDL_WARN_EMPTY_INTERFACE,
    IDL_WARN_FILE_NAME,
    IDL_WARN_LARGE_MESSAGE,
    IDL_WARN_PACKAGE_PATH,
    IDL_WARN_SHADOW,
    IDL_WARN_UNDERSCORE,
    IDL_WARN_UNKNOWN_INTERFACE,
    IDL_WARN_UNUSED_IMPORT,
    IDL_WARN_ZERO_BOUND,
    IDL_N_WARNINGS,
};

struct idl_warning_info {
    const char *name;    /* as behind -W */
    const char *summary; /* what it finds, for lists; begins small, has no full stop */
};

/* By number; NULL behind the last one. Sorted by name. */
const struct idl_warning_info *idl_warning_at(size_t i);
/* By name; false if there is none. */
bool idl_warning_find(const char *name, enum idl_warning *ret_warning);
/* The name that was perhaps meant, or NULL. */
const char *idl_warning_nearest(const char *name);

/* What the user wants. Starts as a zeroed struct: all are on, and none is an error. */
struct idl_warning_settings {
    bool is_off[IDL_N_WARNINGS];
    bool are_errors;
};
