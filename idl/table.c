/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/table.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "idl/arena.h"

/* How many bits of the hash choose the way at each node. */
#define BITS 2

/*
 * A node of a tree that the bits of the hash lead down, the top ones first. It needs no growing,
 * and names that were made to meet in a few bits of the hash only lie a few nodes deeper.
 */
struct idl_table_entry {
    uint64_t hash;
    const char *name;
    void *value;
    struct idl_table_entry *children[1 << BITS];
};

/* hash_name() - FNV-1a, and a multiplication that lets all of it show in the top bits */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = 0xCBF29CE484222325U;

    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3U;
    }
    return (hash ^ hash >> 32) * 0x9E3779B97F4A7C15U;
}

/* find_place() - where the entry of @name is, or NULL stands in its place */
static struct idl_table_entry **find_place(struct idl_table_entry **place, const char *name,
                                           uint64_t hash)
{
    for (uint64_t bits = hash; *place != NULL; bits <<= BITS) {
        if ((*place)->hash == hash && strcmp((*place)->name, name) == 0) {
            break;
        }
        place = &(*place)->children[bits >> (64 - BITS)];
    }
    return place;
}

int idl_table_add(struct idl_table *table, struct idl_arena *arena, const char *name, void *value,
                  void **ret_existing)
{
    uint64_t hash = hash_name(name);
    struct idl_table_entry **place = find_place(&table->root, name, hash);

    if (*place != NULL) {
        *ret_existing = (*place)->value;
        return 0;
    }
    struct idl_table_entry *entry = idl_arena_alloc(arena, sizeof(*entry));
    if (entry == NULL) {
        return -ENOMEM;
    }
    entry->hash = hash;
    entry->name = name;
    entry->value = value;
    *place = entry;
    *ret_existing = NULL;
    return 0;
}

void *idl_table_find(const struct idl_table *table, const char *name)
{
    struct idl_table_entry *root = table->root;
    struct idl_table_entry **place = find_place(&root, name, hash_name(name));

    return *place == NULL ? NULL : (*place)->value;
}
