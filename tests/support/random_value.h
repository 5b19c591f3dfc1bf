/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random values of any type, made from its tables: the edges of a type far more often than chance
 * would have them. The same source gives the same values in every process.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * @state:      of the generator
 * @is_orderly: chunks are allocated in the order of the IDL and no string is unset, so that the
 * receiver builds the same arena from the body alone
 */
struct random_source {
    uint64_t state;
    bool is_orderly;
};

/* The seed of a test run, of the environment variable CAPCHAN_SEED if it is set. */
uint64_t random_seed(void);

uint64_t random_next(struct random_source *source);
void random_fill(struct random_source *source, const struct capchan_record *record, void *object,
                 struct nk_arena *arena);
