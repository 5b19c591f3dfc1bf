/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names to whatever they stand for; in the memory of an arena, never shrinks. Starts as a zeroed
 * struct.
 */
#pragma once

struct idl_arena;
struct idl_table_entry;

struct idl_table {
    struct idl_table_entry *root;
};

/* Adds @name, unless it is there: then *ret_existing is the value it has and nothing changes.
 * The name is borrowed; the value must not be NULL. Returns 0 or -ENOMEM. */
int idl_table_add(struct idl_table *table, struct idl_arena *arena, const char *name, void *value,
                  void **ret_existing);
/* The value of @name; NULL if it is not there. */
void *idl_table_find(const struct idl_table *table, const char *name);
