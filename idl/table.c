/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/table.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "idl/arena.h"

#define SLOTS_MIN 16

struct idl_table_entry {
    uint64_t hash;
    const char *name;
    void *value;
    struct idl_table_entry *next;
};

/* hash_name() - FNV-1a */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = 0xCBF29CE484222325U;

    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3U;
    }
    return hash;
}

/* find_entry() - the entry of @name, or NULL */
static struct idl_table_entry *find_entry(const struct idl_table *table, const char *name,
                                          uint64_t hash)
{
    if (table->n_slots == 0) {
        return NULL;
    }
    struct idl_table_entry *entry = table->slots[hash & (table->n_slots - 1)];
    while (entry != NULL && (entry->hash != hash || strcmp(entry->name, name) != 0)) {
        entry = entry->next;
    }
    return entry;
}

/* grow() - twice as many slots; the old ones stay in the arena */
static int grow(struct idl_table *table, struct idl_arena *arena)
{
    size_t n_slots = table->n_slots == 0 ? SLOTS_MIN : table->n_slots * 2;
    struct idl_table_entry **slots =
        idl_arena_alloc(arena, n_slots * sizeof(struct idl_table_entry *));
    if (slots == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < table->n_slots; i++) {
        struct idl_table_entry *next;
        for (struct idl_table_entry *entry = table->slots[i]; entry != NULL; entry = next) {
            struct idl_table_entry **slot = &slots[entry->hash & (n_slots - 1)];
            next = entry->next;
            entry->next = *slot;
            *slot = entry;
        }
    }
    table->slots = slots;
    table->n_slots = n_slots;
    return 0;
}

int idl_table_add(struct idl_table *table, struct idl_arena *arena, const char *name, void *value,
                  void **ret_existing)
{
    uint64_t hash = hash_name(name);
    struct idl_table_entry *existing = find_entry(table, name, hash);

    *ret_existing = existing == NULL ? NULL : existing->value;
    if (existing != NULL) {
        return 0;
    }
    if (table->n_entries >= table->n_slots) {
        int r = grow(table, arena);
        if (r != 0) {
            return r;
        }
    }
    struct idl_table_entry *entry = idl_arena_alloc(arena, sizeof(*entry));
    if (entry == NULL) {
        return -ENOMEM;
    }
    struct idl_table_entry **slot = &table->slots[hash & (table->n_slots - 1)];
    *entry = (struct idl_table_entry){.hash = hash, .name = name, .value = value, .next = *slot};
    *slot = entry;
    table->n_entries++;
    return 0;
}

void *idl_table_find(const struct idl_table *table, const char *name)
{
    struct idl_table_entry *entry = find_entry(table, name, hash_name(name));

    return entry == NULL ? NULL : entry->value;
}
