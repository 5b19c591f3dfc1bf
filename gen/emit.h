/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of one generated file while it is written. Failures are sticky: emit_finish() reports
 * them.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Columns of the generated text, where names leave the choice. */
#define EMIT_COLUMNS 100

struct scratch;

struct emit {
    FILE *stream;
    char *text; /* valid after emit_finish() */
    size_t size;
    struct scratch *scratch; /* for strings on their way into the text; borrowed */
    const char *prefix;      /* of names that only this file uses; borrowed, or NULL */
};

int emit_init(struct emit *emit, struct scratch *scratch);
void emit_deinit(struct emit *emit);
int emit_finish(struct emit *emit);

/* Text as it is; a whole line; an empty one; @items between @head and @tail, in as many lines as it
 * takes. */
void emit_text(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_line(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_blank(struct emit *emit);
void emit_list(struct emit *emit, const char *head, const char *const items[], size_t n_items,
               const char *tail);
