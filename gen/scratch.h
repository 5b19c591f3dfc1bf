/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short-lived strings and objects of one run; they live as long as their scratch.
 *
 * Failures are sticky: strings are never NULL, and `error` says at the end whether one is missing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "idl/arena.h"
#include "idl/table.h"

struct scratch {
    struct idl_arena arena;
    int error; /* -ENOMEM once there was no memory */
};

void scratch_init(struct scratch *scratch);
void scratch_deinit(struct scratch *scratch);

/* A string, never NULL. */
const char *scratch_format(struct scratch *scratch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Zeroed memory; NULL when there is none. */
void *scratch_alloc(struct scratch *scratch, size_t size);

/* Keeps @value under @name, unless there is one already: then that is returned, otherwise NULL. */
void *scratch_keep(struct scratch *scratch, struct idl_table *table, const char *name, void *value);

/* Takes @name in a set of names; false when it was taken before. */
bool scratch_claim(struct scratch *scratch, struct idl_table *names, const char *name);
