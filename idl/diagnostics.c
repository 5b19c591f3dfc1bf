/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/diagnostics.h"

#include <errno.h>
#include <stdarg.h>

#include "idl/arena.h"
#include "idl/excerpt.h"
#include "idl/limits.h"
#include "idl/source.h"

/* idl_diagnostics_init() - start empty; messages will lie in @arena, which must live longer */
void idl_diagnostics_init(struct idl_diagnostics *diagnostics, struct idl_arena *arena)
{
    *diagnostics = (struct idl_diagnostics){.arena = arena};
}

/* is_behind() - does @a stand behind @b in their file? */
static bool is_behind(struct idl_position a, struct idl_position b)
{
    return a.line != b.line ? a.line > b.line : a.column > b.column;
}

/* find_place() - where @position belongs: behind the others of its file that are not behind it */
static struct idl_diagnostic **find_place(struct idl_diagnostics *diagnostics,
                                          struct idl_position position)
{
    struct idl_diagnostic **place = &diagnostics->first;

    while (*place != NULL && (*place)->position.source != position.source) {
        place = &(*place)->next;
    }
    while (*place != NULL && (*place)->position.source == position.source &&
           !is_behind((*place)->position, position)) {
        place = &(*place)->next;
    }
    return place;
}

/* keep() - add a diagnostic, of which the message is missing */
static int keep(struct idl_diagnostics *diagnostics, struct idl_diagnostic draft,
                const char *format, va_list arguments)
{
    struct idl_diagnostic *diagnostic = idl_arena_alloc(diagnostics->arena, sizeof(*diagnostic));
    if (diagnostic == NULL) {
        return -ENOMEM;
    }
    *diagnostic = draft;
    diagnostic->message = idl_arena_vprintf(diagnostics->arena, format, arguments);
    if (diagnostic->message == NULL) {
        return -ENOMEM;
    }
    struct idl_diagnostic **place = find_place(diagnostics, draft.position);
    diagnostic->next = *place;
    *place = diagnostic;
    diagnostics->latest = diagnostic;
    return diagnostics->latest_result;
}

/* keep_error() - the same for an error, if there is room */
static int keep_error(struct idl_diagnostics *diagnostics, struct idl_diagnostic draft,
                      const char *format, va_list arguments)
{
    diagnostics->latest = NULL;
    diagnostics->latest_result = IDL_E_INVALID;
    if (idl_diagnostics_is_full(diagnostics)) {
        return IDL_E_INVALID;
    }
    diagnostics->n_errors++;
    return keep(diagnostics, draft, format, arguments);
}

/* keep_warning() - the same for a warning; they have room of their own */
static int keep_warning(struct idl_diagnostics *diagnostics, struct idl_diagnostic draft,
                        const char *format, va_list arguments)
{
    diagnostics->latest = NULL;
    diagnostics->latest_result = 0;
    if (diagnostics->n_warnings == IDL_DIAGNOSTICS_MAX) {
        diagnostics->n_dropped_warnings++;
        return 0;
    }
    diagnostics->n_warnings++;
    return keep(diagnostics, draft, format, arguments);
}

/**
 * idl_diagnose() - report an error
 * @diagnostics: where it is collected; if full, the error is dropped
 * @position:    what it is about
 * @format:      what is wrong and how to mend it, without a full stop
 *
 * Return: IDL_E_INVALID, for the caller to return; -ENOMEM.
 */
int idl_diagnose(struct idl_diagnostics *diagnostics, struct idl_position position,
                 const char *format, ...)
{
    struct idl_diagnostic draft = {.is_error = true, .position = position};
    va_list arguments;

    va_start(arguments, format);
    int r = keep_error(diagnostics, draft, format, arguments);
    va_end(arguments);
    return r;
}

/**
 * idl_warn() - report what is allowed but hardly meant, unless the user does not want to know
 * @diagnostics: where it is collected, with the user's settings
 * @warning:     which one it is
 * @position:    what it is about
 * @format:      as in idl_diagnose()
 *
 * Return: 0; IDL_E_INVALID if the user wants warnings to be errors; -ENOMEM.
 */
int idl_warn(struct idl_diagnostics *diagnostics, enum idl_warning warning,
             struct idl_position position, const char *format, ...)
{
    bool is_error = diagnostics->settings.are_errors;
    struct idl_diagnostic draft = {
        .is_error = is_error, .warning = idl_warning_at(warning)->name, .position = position};
    va_list arguments;

    if (diagnostics->settings.is_off[warning]) {
        diagnostics->latest = NULL;
        diagnostics->latest_result = 0;
        return 0;
    }
    va_start(arguments, format);
    int r = is_error ? keep_error(diagnostics, draft, format, arguments)
                     : keep_warning(diagnostics, draft, format, arguments);
    va_end(arguments);
    return r;
}

/* idl_diagnose_note() - let what was reported last point to a second place too; dropped if that was
 */
int idl_diagnose_note(struct idl_diagnostics *diagnostics, struct idl_position position,
                      const char *format, ...)
{
    struct idl_diagnostic *latest = diagnostics->latest;
    va_list arguments;

    if (latest == NULL) {
        return diagnostics->latest_result;
    }
    va_start(arguments, format);
    latest->note = idl_arena_vprintf(diagnostics->arena, format, arguments);
    va_end(arguments);
    latest->note_position = position;
    return latest->note == NULL ? -ENOMEM : diagnostics->latest_result;
}

bool idl_diagnostics_is_full(const struct idl_diagnostics *diagnostics)
{
    return diagnostics->n_errors >= IDL_DIAGNOSTICS_MAX;
}

/* print_head() - "path:line:column: kind: message" */
static void print_head(struct idl_position position, const char *kind, const char *message,
                       FILE *out)
{
    idl_print_harmless(position.source->path, out);
    fprintf(out, ":%u:%u: %s: ", position.line, position.column, kind);
    idl_print_harmless(message, out);
}

/* print_one() - an error or warning and its note */
static void print_one(const struct idl_diagnostic *diagnostic, FILE *out)
{
    print_head(diagnostic->position, diagnostic->is_error ? "error" : "warning",
               diagnostic->message, out);
    if (diagnostic->warning != NULL) {
        fprintf(out, " [-W%s%s]", diagnostic->is_error ? "error=" : "", diagnostic->warning);
    }
    fputc('\n', out);
    idl_excerpt_print(diagnostic->position, out);
    if (diagnostic->note != NULL) {
        print_head(diagnostic->note_position, "note", diagnostic->note, out);
        fputc('\n', out);
        idl_excerpt_print(diagnostic->note_position, out);
    }
}

/* idl_diagnostics_print() - everything with its notes, and how much more there is */
void idl_diagnostics_print(const struct idl_diagnostics *diagnostics, FILE *out)
{
    const struct idl_diagnostic *diagnostic;

    for (diagnostic = diagnostics->first; diagnostic != NULL; diagnostic = diagnostic->next) {
        print_one(diagnostic, out);
    }
    if (diagnostics->n_dropped_warnings > 0) {
        fprintf(out, "%zu more warning%s; mend those above, or switch them off with -Wno-NAME\n",
                diagnostics->n_dropped_warnings, diagnostics->n_dropped_warnings == 1 ? "" : "s");
    }
    if (idl_diagnostics_is_full(diagnostics)) {
        fprintf(out, "stopped after %d errors; there may be more\n", IDL_DIAGNOSTICS_MAX);
    }
}
