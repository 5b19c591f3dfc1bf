/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/endpoints.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"

struct endpoint_entry {
    uint32_t riid;
    char *name;
    char *class_name;
    char *interface;
};

static void endpoint_entry_deinit(struct endpoint_entry *entry)
{
    free(entry->name);
    free(entry->class_name);
    free(entry->interface);
}

void endpoints_deinit(struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->n_entries; i++) {
        endpoint_entry_deinit(&endpoints->entries[i]);
    }
    free(endpoints->entries);
    *endpoints = (struct endpoints){0};
}

/*
 * endpoints_add() - note an endpoint; all strings are copied
 *
 * Return: 0; ERROR_QUOTA: more than ENDPOINTS_PER_ENTITY_MAX; ERROR_BAD_MESSAGE: the list is
 * complete; -ENOMEM.
 */
int endpoints_add(struct endpoints *endpoints, uint32_t riid, const char *name,
                  const char *class_name, const char *interface)
{
    if (endpoints->complete) {
        return ERROR_BAD_MESSAGE;
    }
    if (endpoints->n_entries == ENDPOINTS_PER_ENTITY_MAX) {
        return ERROR_QUOTA;
    }
    struct endpoint_entry *entries =
        realloc(endpoints->entries, (endpoints->n_entries + 1) * sizeof(*entries));
    if (entries == NULL) {
        return -ENOMEM;
    }
    endpoints->entries = entries;
    struct endpoint_entry entry = {.riid = riid,
                                   .name = strdup(name),
                                   .class_name = strdup(class_name),
                                   .interface = strdup(interface)};
    if (entry.name == NULL || entry.class_name == NULL || entry.interface == NULL) {
        endpoint_entry_deinit(&entry);
        return -ENOMEM;
    }
    entries[endpoints->n_entries++] = entry;
    return 0;
}

/*
 * endpoints_find_riid() - look up a name, by instances or by class; the first that fits
 *
 * Return: 0; ERROR_NOT_FOUND.
 */
int endpoints_find_riid(const struct endpoints *endpoints, const char *name, uint32_t *ret_riid)
{
    for (size_t i = 0; i < endpoints->n_entries; i++) {
        const struct endpoint_entry *entry = &endpoints->entries[i];
        if (strcmp(entry->name, name) == 0 || strcmp(entry->class_name, name) == 0) {
            *ret_riid = entry->riid;
            return 0;
        }
    }
    return ERROR_NOT_FOUND;
}

/* endpoints_name() - the name by instances of one of them, counted from 0; borrowed; or NULL */
const char *endpoints_name(const struct endpoints *endpoints, size_t number)
{
    return number < endpoints->n_entries ? endpoints->entries[number].name : NULL;
}

/* endpoints_find_interface() - the interface of endpoint @riid, borrowed; or NULL */
const char *endpoints_find_interface(const struct endpoints *endpoints, uint32_t riid)
{
    for (size_t i = 0; i < endpoints->n_entries; i++) {
        if (endpoints->entries[i].riid == riid) {
            return endpoints->entries[i].interface;
        }
    }
    return NULL;
}
