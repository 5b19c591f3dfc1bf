/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The errors and warnings of one run, kept by file and, within a file, by position; printed at the
 * end by whoever wants to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "idl/context.h"
#include "idl/model.h"
#include "idl/warnings.h"

struct idl_arena;

/* One error or warning; a note points to a second place, if its message is set. */
struct idl_diagnostic {
    bool is_error;
    const char *warning; /* its name, also if it was made an error; NULL for any other error */
    struct idl_position position;
    const char *message;
    struct idl_position note_position;
    const char *note;
    struct idl_diagnostic *next;
};

struct idl_diagnostics {
    struct idl_arena *arena;
    struct idl_warning_settings settings;
    struct idl_diagnostic *first;
    struct idl_diagnostic *latest; /* which a note is for; NULL if it was dropped */
    int latest_result;             /* what its caller returned */
    size_t n_errors;               /* kept, as the next one */
    size_t n_warnings;
    size_t n_dropped_warnings; /* over IDL_DIAGNOSTICS_MAX */
};

void idl_diagnostics_init(struct idl_diagnostics *diagnostics, struct idl_arena *arena);

/* All return what the caller returns in turn: IDL_E_INVALID for an error, 0 for a warning or its
 * note, or -ENOMEM. */
int idl_diagnose(struct idl_diagnostics *diagnostics, struct idl_position position,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));
int idl_warn(struct idl_diagnostics *diagnostics, enum idl_warning warning,
             struct idl_position position, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int idl_diagnose_note(struct idl_diagnostics *diagnostics, struct idl_position position,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Is there no room for another error, so that it is useless to look for more? */
bool idl_diagnostics_is_full(const struct idl_diagnostics *diagnostics);

void idl_diagnostics_print(const struct idl_diagnostics *diagnostics, FILE *out);
