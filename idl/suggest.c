/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/suggest.h"

#include <string.h>

#include "idl/limits.h"

#define DISTANCE_MAX 2

/* Looking at more candidates for one message would take noticeable time. */
#define CANDIDATES_MAX 1000

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/**
 * edit_distance() - how many characters to insert, delete or replace to make @a into @b, whatever
 * their case
 *
 * Exact up to DISTANCE_MAX, and more than that otherwise: only the cells so near to the table's
 * diagonal are filled in, the others keep their first value, which is too large anyway. Both are at
 * most IDL_NAME_BYTES_MAX long, and their lengths differ by at most DISTANCE_MAX.
 */
static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[IDL_NAME_BYTES_MAX + 1];

    for (size_t j = 0; j <= b_size; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t first = i > DISTANCE_MAX ? i - DISTANCE_MAX : 1;
        size_t diagonal = row[first - 1];
        row[first - 1] = first == 1 ? i : DISTANCE_MAX + 1;
        for (size_t j = first; j <= b_size && j <= i + DISTANCE_MAX; j++) {
            size_t above = row[j];
            size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            row[j] = min3(above + 1, row[j - 1] + 1, replaced);
            diagonal = above;
        }
    }
    return row[b_size];
}

/* idl_suggestion_init() - look for something like @wanted (borrowed); short names must be nearer */
void idl_suggestion_init(struct idl_suggestion *suggestion, const char *wanted, size_t wanted_size)
{
    size_t farthest = wanted_size / 2 < DISTANCE_MAX ? wanted_size / 2 : DISTANCE_MAX;

    *suggestion = (struct idl_suggestion){
        .wanted = wanted, .wanted_size = wanted_size, .distance = farthest + 1};
}

/* idl_suggestion_offer() - a candidate, borrowed; of equally near ones the first wins */
void idl_suggestion_offer(struct idl_suggestion *suggestion, const char *candidate)
{
    size_t size = strlen(candidate);
    size_t wanted_size = suggestion->wanted_size;

    if (suggestion->n_offered++ >= CANDIDATES_MAX || size > IDL_NAME_BYTES_MAX ||
        wanted_size > IDL_NAME_BYTES_MAX || size > wanted_size + DISTANCE_MAX ||
        wanted_size > size + DISTANCE_MAX) {
        return;
    }
    size_t distance = edit_distance(suggestion->wanted, wanted_size, candidate, size);
    if (distance < suggestion->distance) {
        suggestion->distance = distance;
        suggestion->best = candidate;
    }
}
