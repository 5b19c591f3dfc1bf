/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/diagnostics.h"

#include <errno.h>
#include <stdarg.h>

#include "idl/arena.h"
#include "idl/limits.h"
#include "idl/source.h"

/* How much of a long line is shown, and how much of that before the column in question. */
#define EXCERPT_BYTES_MAX 160
#define EXCERPT_BYTES_BEFORE 80

/* idl_diagnostics_init() - start empty; messages will lie in @arena, which must live longer */
void idl_diagnostics_init(struct idl_diagnostics *diagnostics, struct idl_arena *arena)
{
    *diagnostics = (struct idl_diagnostics){.arena = arena};
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
    va_list arguments;

    if (idl_diagnostics_is_full(diagnostics)) {
        diagnostics->has_dropped = true;
        return IDL_E_INVALID;
    }
    struct idl_diagnostic *diagnostic = idl_arena_alloc(diagnostics->arena, sizeof(*diagnostic));
    if (diagnostic == NULL) {
        return -ENOMEM;
    }
    diagnostic->position = position;
    va_start(arguments, format);
    diagnostic->message = idl_arena_vprintf(diagnostics->arena, format, arguments);
    va_end(arguments);
    if (diagnostic->message == NULL) {
        return -ENOMEM;
    }
    if (diagnostics->last == NULL) {
        diagnostics->first = diagnostic;
    } else {
        diagnostics->last->next = diagnostic;
    }
    diagnostics->last = diagnostic;
    diagnostics->n_diagnostics++;
    return IDL_E_INVALID;
}

/* idl_diagnose_note() - let the last error point to a second place too; dropped if that error was
 */
int idl_diagnose_note(struct idl_diagnostics *diagnostics, struct idl_position position,
                      const char *format, ...)
{
    va_list arguments;

    if (diagnostics->has_dropped) {
        return IDL_E_INVALID;
    }
    va_start(arguments, format);
    diagnostics->last->note = idl_arena_vprintf(diagnostics->arena, format, arguments);
    va_end(arguments);
    diagnostics->last->note_position = position;
    return diagnostics->last->note == NULL ? -ENOMEM : IDL_E_INVALID;
}

bool idl_diagnostics_is_full(const struct idl_diagnostics *diagnostics)
{
    return diagnostics->n_diagnostics >= IDL_DIAGNOSTICS_MAX;
}

/* print_character() - one character of a source line, made harmless; returns its length */
static size_t print_character(const char *text, size_t size, FILE *out)
{
    size_t length = idl_utf8_length(text, size);
    unsigned char first = (unsigned char)text[0];

    /* U+0080 to U+009F are control characters too. */
    bool is_control = first < 0x20 || first == 0x7F ||
                      (length == 2 && first == 0xC2 && (unsigned char)text[1] < 0xA0);
    if (first == '\t') {
        fputc('\t', out);
    } else if (length == 0 || is_control) {
        fputc('?', out);
    } else {
        fwrite(text, 1, length, out);
    }
    return length == 0 ? 1 : length;
}

/* is_continuation() - is this byte inside a UTF-8 character? */
static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* print_excerpt() - the source line with a caret below @position; only a part of a long line */
static void print_excerpt(struct idl_position position, FILE *out)
{
    size_t size;
    const char *line = idl_source_line(position.source, position.line, &size);
    size_t caret = position.column - 1 > size ? size : position.column - 1;
    size_t start = 0;

    if (size == 0) {
        return;
    }
    if (size > EXCERPT_BYTES_MAX && caret > EXCERPT_BYTES_BEFORE) {
        start = caret - EXCERPT_BYTES_BEFORE;
        while (start < caret && is_continuation(line[start])) {
            start++;
        }
    }
    size_t end = size - start > EXCERPT_BYTES_MAX ? start + EXCERPT_BYTES_MAX : size;
    while (end < size && is_continuation(line[end])) {
        end++;
    }
    for (size_t i = start; i < end;) {
        i += print_character(line + i, end - i, out);
    }
    fputc('\n', out);
    for (size_t i = start; i < caret;) {
        size_t length = idl_utf8_length(line + i, size - i);
        fputc(line[i] == '\t' ? '\t' : ' ', out);
        i += length == 0 ? 1 : length;
    }
    fputs("^\n", out);
}

/* print_one() - "path:line:column: kind: message" and the excerpt */
static void print_one(struct idl_position position, const char *kind, const char *message,
                      FILE *out)
{
    fprintf(out, "%s:%u:%u: %s: %s\n", position.source->path, position.line, position.column, kind,
            message);
    print_excerpt(position, out);
}

/* idl_diagnostics_print() - all errors with their notes, in the order in which they were found */
void idl_diagnostics_print(const struct idl_diagnostics *diagnostics, FILE *out)
{
    const struct idl_diagnostic *diagnostic;

    for (diagnostic = diagnostics->first; diagnostic != NULL; diagnostic = diagnostic->next) {
        print_one(diagnostic->position, "error", diagnostic->message, out);
        if (diagnostic->note != NULL) {
            print_one(diagnostic->note_position, "note", diagnostic->note, out);
        }
    }
    if (idl_diagnostics_is_full(diagnostics)) {
        fprintf(out, "stopped after %d errors; there may be more\n", IDL_DIAGNOSTICS_MAX);
    }
}
