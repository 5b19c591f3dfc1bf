/* SPDX-License-Identifier: Apache-2.0 */
/* Many names: which one is given twice, where one is, and which one somebody may have meant. */
#pragma once

#include <stddef.h>

/* A name and what it stands for: the index of an entity, a connection or a key. */
struct init_name {
    const char *name;
    size_t index;
};

/* The known name that is most like a wanted one. */
struct init_nearest {
    const char *wanted;
    size_t distance;
    char name[64]; /* empty: none is alike */
};

void init_names_sort(struct init_name *names, size_t n_names);
const struct init_name *init_names_find(const struct init_name *names, size_t n_names,
                                        const char *name);
const struct init_name *init_names_repeated(const struct init_name *names, size_t n_names);

void init_nearest_init(struct init_nearest *nearest, const char *wanted);
void init_nearest_offer(struct init_nearest *nearest, const char *name);
