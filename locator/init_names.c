/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
    const struct init_name *left = a;
    const struct init_name *right = b;
    int order = strcmp(left->name, right->name);

    if (order != 0) {
        return order;
    }
    return (left->index > right->index) - (left->index < right->index);
}

static int compare_to_name(const void *wanted, const void *name)
{
    return strcmp(wanted, ((const struct init_name *)name)->name);
}

/* init_names_sort() - bring names into the order that the functions below need: by name, then by
 * index */
void init_names_sort(struct init_name *names, size_t n_names)
{
    if (n_names > 0) {
        qsort(names, n_names, sizeof(names[0]), compare_names);
    }
}

/**
 * init_names_find() - look a name up
 * @names: sorted; borrowed
 *
 * Return: the entry, lent from @names, any one if the name is there several times; NULL if it is
 * not there.
 */
const struct init_name *init_names_find(const struct init_name *names, size_t n_names,
                                        const char *name)
{
    if (n_names == 0) {
        return NULL;
    }
    return bsearch(name, names, n_names, sizeof(names[0]), compare_to_name);
}

/**
 * init_names_repeated() - the first repetition, in the order of the indices
 * @names: sorted; borrowed
 *
 * Return: the entry that repeats a name, lent from @names, the one before it has the same name and
 * a smaller index; NULL if all names differ.
 */
const struct init_name *init_names_repeated(const struct init_name *names, size_t n_names)
{
    const struct init_name *first = NULL;

    for (size_t i = 1; i < n_names; i++) {
        if (strcmp(names[i - 1].name, names[i].name) == 0 &&
            (first == NULL || names[i].index < first->index)) {
            first = &names[i];
        }
    }
    return first;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* edit_distance() - letters to change, add or drop to make @a of @b, upper and lower case being
 * alike */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[sizeof(((struct init_nearest *)0)->name)];

    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            int differ = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (differ ? 1 : 0));
            diagonal = above;
        }
    }
    return row[b_length];
}

/* init_nearest_init() - begin to look for the name most like @wanted, which is borrowed until the
 * end */
void init_nearest_init(struct init_nearest *nearest, const char *wanted)
{
    *nearest = (struct init_nearest){.wanted = wanted, .distance = 2 + strlen(wanted) / 4};
}

/* init_nearest_offer() - keep a copy of @name if it is the most alike so far; long names are passed
 * over */
void init_nearest_offer(struct init_nearest *nearest, const char *name)
{
    size_t wanted_length = strnlen(nearest->wanted, sizeof(nearest->name));
    size_t length = strnlen(name, sizeof(nearest->name));

    if (wanted_length == sizeof(nearest->name) || length == sizeof(nearest->name)) {
        return;
    }
    size_t distance = edit_distance(nearest->wanted, wanted_length, name, length);
    if (distance < nearest->distance && distance < length) {
        nearest->distance = distance;
        memcpy(nearest->name, name, length + 1);
    }
}
