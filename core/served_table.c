/* SPDX-License-Identifier: Apache-2.0 */
#include "core/served_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MIN 8

/* A key is never used again, even if its place is. It is even, and not 0. */
#define KEY_GENERATION_SHIFT 32
#define KEY_PLACE(key) (((size_t)(key)&0xffffffffu) / 2)

/* served_table_deinit() - give the table back; its channels are the caller's */
void served_table_deinit(struct served_table *table)
{
    free(table->places);
    *table = (struct served_table){0};
}

/* grow() - more places. Return: 0; -ENOMEM. */
static int grow(struct served_table *table)
{
    size_t n_places = table->n_places < PLACES_MIN ? PLACES_MIN : 2 * table->n_places;
    struct served **places = realloc(table->places, n_places * sizeof(struct served *));

    if (places == NULL) {
        return -ENOMEM;
    }
    memset(places + table->n_places, 0, (n_places - table->n_places) * sizeof(struct served *));
    table->places = places;
    table->n_places = n_places;
    return 0;
}

/*
 * served_table_add() - take in a channel, whose reference is consumed on success
 *
 * Return: 0, and it has a key; -ENOMEM.
 */
int served_table_add(struct served_table *table, struct served *served)
{
    size_t index = table->first_free;
    int r = 0;

    while (index < table->n_places && table->places[index] != NULL) {
        index++;
    }
    table->first_free = index;
    if (index >= table->n_places) {
        r = grow(table);
    }
    if (r == 0) {
        table->places[index] = served;
        table->n_channels++;
        table->generation = table->generation == UINT32_MAX ? 1 : table->generation + 1;
        served->index = index;
        served->key = (uint64_t)table->generation << KEY_GENERATION_SHIFT | index * 2;
    }
    return r;
}

/* served_table_remove() - the reference is the caller's again. Return: whether it was there. */
bool served_table_remove(struct served_table *table, struct served *served)
{
    if (table->places[served->index] != served) {
        return false;
    }
    table->places[served->index] = NULL;
    table->n_channels--;
    if (served->index < table->first_free) {
        table->first_free = served->index;
    }
    return true;
}

/* served_table_find() - the channel with @key; NULL if it ended */
struct served *served_table_find(const struct served_table *table, uint64_t key)
{
    size_t index = KEY_PLACE(key);
    struct served *served = index < table->n_places ? table->places[index] : NULL;

    return served != NULL && served->key == key ? served : NULL;
}
