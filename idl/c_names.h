/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that are different in IDL and the same in the C that is generated from it.
 */
#pragma once

struct idl_arena;
struct idl_scope;
struct idl_table;

/* A qualified name or path in C: "echo.IPing" is "echo_IPing". NULL without memory. */
char *idl_c_name(struct idl_arena *arena, const char *qualified);

/* Checks the names of types, constants and methods. Returns 0, IDL_E_INVALID (reported) or -ENOMEM.
 */
int idl_check_name_ends(struct idl_scope *scope);

/* Checks the names of the tags of unions. Returns 0, IDL_E_INVALID (reported) or -ENOMEM. */
int idl_check_tag_names(struct idl_scope *scope);

/* Checks the names of a file with an interface; @methods are its methods by name, without
 * duplicates. Returns 0, IDL_E_INVALID (reported) or -ENOMEM. */
int idl_check_c_names(struct idl_scope *scope, const struct idl_table *methods);
