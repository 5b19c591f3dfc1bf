/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The errors of one run, collected in the order in which they are found and printed at the end by
 * whoever wants to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "idl/context.h"
#include "idl/model.h"

struct idl_arena;

/* One error; a note points to a second place, if its message is set. */
struct idl_diagnostic {
    struct idl_position position;
    const char *message;
    struct idl_position note_position;
    const char *note;
    struct idl_diagnostic *next;
};

struct idl_diagnostics {
    struct idl_arena *arena;
    struct idl_diagnostic *first;
    struct idl_diagnostic *last;
    size_t n_diagnostics; /* kept */
    bool has_dropped;     /* one over IDL_DIAGNOSTICS_MAX; its note is to be dropped too */
};

void idl_diagnostics_init(struct idl_diagnostics *diagnostics, struct idl_arena *arena);

/* Both return what the caller returns in turn: IDL_E_INVALID, or -ENOMEM. */
int idl_diagnose(struct idl_diagnostics *diagnostics, struct idl_position position,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));
int idl_diagnose_note(struct idl_diagnostics *diagnostics, struct idl_position position,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Is there no room for another one, so that it is useless to look for more? */
bool idl_diagnostics_is_full(const struct idl_diagnostics *diagnostics);

void idl_diagnostics_print(const struct idl_diagnostics *diagnostics, FILE *out);
