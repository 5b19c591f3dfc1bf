/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_error.h"

#include <stdlib.h>
#include <string.h>

/* How much of an offending line is shown before the column and in all. */
#define SHOWN_BEFORE_BYTES 80
#define SHOWN_BYTES 160

static int is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* print_caret() - a caret below column @column of @shown; tabs stay tabs, a character takes one
 * place */
static void print_caret(const char *shown, size_t column, FILE *out)
{
    for (size_t i = 0; i < column && shown[i] != '\0'; i++) {
        if (!is_continuation(shown[i])) {
            fputc(shown[i] == '\t' ? '\t' : ' ', out);
        }
    }
    fputs("^\n", out);
}

/* print_source() - the offending line, or the part of a long one around the column, and the caret
 */
static void print_source(const struct init_error *error, FILE *out)
{
    const char *line = error->source_line;
    size_t column = error->position.column - 1;
    size_t start = column > SHOWN_BEFORE_BYTES ? column - SHOWN_BEFORE_BYTES : 0;
    size_t end;

    while (start > 0 && is_continuation(line[start])) {
        start--;
    }
    end = start + strnlen(line + start, SHOWN_BYTES);
    while (end > start && is_continuation(line[end])) {
        end--;
    }
    int margin = fprintf(out, "    %u | ", error->position.line);
    fprintf(out, "%.*s\n", (int)(end - start), line + start);
    fprintf(out, "%*s", margin, "| ");
    print_caret(line + start, column - start, out);
}

/**
 * init_error_print() - show an error as file:line:column, message, offending line and caret
 * @error: borrowed
 * @out:   where to; borrowed
 */
void init_error_print(const struct init_error *error, FILE *out)
{
    fprintf(out, "%s:", error->file);
    if (error->position.line > 0) {
        fprintf(out, "%u:%u:", error->position.line, error->position.column);
    }
    fprintf(out, " error: %s\n", error->message);
    if (error->source_line != NULL) {
        print_source(error, out);
    }
}

/* init_error_deinit() - release the strings of @error, which is not set afterwards */
void init_error_deinit(struct init_error *error)
{
    free(error->file);
    free(error->message);
    free(error->source_line);
    *error = (struct init_error){0};
}
