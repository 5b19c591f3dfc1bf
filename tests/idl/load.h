/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text, loaded from memory, for tests of the front end.
 */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/loader.h"

struct loaded {
    struct idl_context *context;
    const struct idl_file *file; /* NULL if it is refused */
    int r;
};

/* load_more() - load another text into the same run; it becomes the file */
static inline void load_more(struct loaded *loaded, enum idl_file_kind kind, const char *text)
{
    const struct idl_file *file = NULL;

    loaded->r = idl_load_memory(loaded->context, kind, "test.idl", text, strlen(text), &file);
    loaded->file = file;
}

/* load_text() - load a text into a new run; release with unload() */
static inline struct loaded load_text(enum idl_file_kind kind, const char *text)
{
    struct loaded loaded = {.context = idl_context_new()};

    ck_assert_ptr_nonnull(loaded.context);
    load_more(&loaded, kind, text);
    return loaded;
}

/* load_good() - the same for a text that must be accepted */
static inline struct loaded load_good(enum idl_file_kind kind, const char *text)
{
    struct loaded loaded = load_text(kind, text);

    if (loaded.r != 0) {
        idl_print_diagnostics(loaded.context, stderr);
    }
    ck_assert_int_eq(loaded.r, 0);
    return loaded;
}

static inline void unload(struct loaded *loaded)
{
    loaded->context = idl_context_free(loaded->context);
}

/* first_error() - of a run, warnings left out; NULL if there is none */
static inline const struct idl_diagnostic *first_error(const struct idl_context *context)
{
    const struct idl_diagnostic *diagnostic = context->diagnostics.first;

    while (diagnostic != NULL && !diagnostic->is_error) {
        diagnostic = diagnostic->next;
    }
    return diagnostic;
}

/* expect_error() - the first error stands at this place and contains @message; then unload */
static inline void expect_error(struct loaded *loaded, uint32_t line, uint32_t column,
                                const char *message)
{
    const struct idl_diagnostic *first = first_error(loaded->context);

    ck_assert_int_eq(loaded->r, IDL_E_INVALID);
    ck_assert_ptr_nonnull(first);
    ck_assert_msg(strstr(first->message, message) != NULL, "\"%s\" is not in \"%s\"", message,
                  first->message);
    ck_assert_uint_eq(first->position.line, line);
    ck_assert_uint_eq(first->position.column, column);
    unload(loaded);
}

/* take_stream() - a stream's text as memory of its own: gcc takes the stream's pointer for a
 * dangling one */
static inline char *take_stream(char *text)
{
    char *copy = strdup(text);

    ck_assert_ptr_nonnull(copy);
    free(text);
    return copy;
}

/* printed() - what idl_print_diagnostics() prints; release with free() */
static inline char *printed(const struct idl_context *context)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    idl_print_diagnostics(context, out);
    fclose(out);
    return take_stream(text);
}

/* repeated() - @prefix, @n times @unit, @suffix; release with free() */
static inline char *repeated(const char *prefix, const char *unit, size_t n, const char *suffix)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    fputs(prefix, out);
    for (size_t i = 0; i < n; i++) {
        fputs(unit, out);
    }
    fputs(suffix, out);
    fclose(out);
    return take_stream(text);
}
