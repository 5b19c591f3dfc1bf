/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/deadlines.h"

#include <errno.h>
#include <stdlib.h>

/* deadlines_deinit() - forget them all */
void deadlines_deinit(struct deadlines *deadlines)
{
    free(deadlines->heap);
    *deadlines = (struct deadlines){0};
}

static void put(struct deadlines *deadlines, size_t place, struct deadline *deadline)
{
    deadlines->heap[place] = deadline;
    deadline->place = place;
}

/* rise() - move @deadline towards the top, from an empty @place, as far as it belongs */
static void rise(struct deadlines *deadlines, size_t place, struct deadline *deadline)
{
    while (place > 0 && deadlines->heap[(place - 1) / 2]->at_ns > deadline->at_ns) {
        put(deadlines, place, deadlines->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(deadlines, place, deadline);
}

/* sink() - the same, away from the top */
static void sink(struct deadlines *deadlines, size_t place, struct deadline *deadline)
{
    for (;;) {
        size_t child = 2 * place + 1;
        if (child + 1 < deadlines->n &&
            deadlines->heap[child + 1]->at_ns < deadlines->heap[child]->at_ns) {
            child++;
        }
        if (child >= deadlines->n || deadlines->heap[child]->at_ns >= deadline->at_ns) {
            break;
        }
        put(deadlines, place, deadlines->heap[child]);
        place = child;
    }
    put(deadlines, place, deadline);
}

/* deadlines_add() - @deadline stays where it is until it is removed. Return: 0; -ENOMEM. */
int deadlines_add(struct deadlines *deadlines, struct deadline *deadline)
{
    if (deadlines->n == deadlines->n_max) {
        size_t n_max = deadlines->n_max == 0 ? 16 : 2 * deadlines->n_max;
        struct deadline **heap = realloc(deadlines->heap, n_max * sizeof(struct deadline *));
        if (heap == NULL) {
            return -ENOMEM;
        }
        deadlines->heap = heap;
        deadlines->n_max = n_max;
    }
    rise(deadlines, deadlines->n++, deadline);
    return 0;
}

/* deadlines_remove() - @deadline was added before */
void deadlines_remove(struct deadlines *deadlines, struct deadline *deadline)
{
    size_t place = deadline->place;
    struct deadline *last = deadlines->heap[--deadlines->n];

    if (last == deadline) {
        return;
    }
    if (last->at_ns < deadline->at_ns) {
        rise(deadlines, place, last);
    } else {
        sink(deadlines, place, last);
    }
}

/* deadlines_first() - the earliest; NULL if there is none */
struct deadline *deadlines_first(const struct deadlines *deadlines)
{
    return deadlines->n > 0 ? deadlines->heap[0] : NULL;
}
