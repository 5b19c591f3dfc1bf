/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/emit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "gen/scratch.h"

/* A continuation line starts under the first item, unless that is further right than this. */
#define ALIGN_COLUMN_MAX 60

/**
 * emit_init() - start an empty text
 * @emit:    to be set up
 * @scratch: borrowed until emit_deinit()
 *
 * Return: 0; negative errno.
 */
int emit_init(struct emit *emit, struct scratch *scratch)
{
    *emit = (struct emit){.scratch = scratch};
    emit->stream = open_memstream(&emit->text, &emit->size);
    return emit->stream == NULL ? -errno : 0;
}

/* emit_deinit() - release the text; good after a failed emit_init() too */
void emit_deinit(struct emit *emit)
{
    if (emit->stream != NULL) {
        fclose(emit->stream);
    }
    free(emit->text);
    *emit = (struct emit){.stream = NULL};
}

/* emit_finish() - make text and size valid; 0 or the first failure, a negative errno */
int emit_finish(struct emit *emit)
{
    if (fflush(emit->stream) != 0 || ferror(emit->stream)) {
        return -ENOMEM;
    }
    return emit->scratch->error;
}

void emit_text(struct emit *emit, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(emit->stream, format, arguments);
    va_end(arguments);
}

void emit_line(struct emit *emit, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(emit->stream, format, arguments);
    va_end(arguments);
    fputc('\n', emit->stream);
}

void emit_blank(struct emit *emit)
{
    fputc('\n', emit->stream);
}

/* list_indent() - column at which the continuation lines of a list start */
static size_t list_indent(const char *head)
{
    size_t indent = strlen(head);

    return indent <= ALIGN_COLUMN_MAX ? indent : strspn(head, " ") + 4;
}

/**
 * emit_list() - items separated by commas, wrapped
 * @emit:    where to
 * @head:    what stands before the first item
 * @items:   borrowed
 * @n_items: number of @items
 * @tail:    what stands behind the last item; a line end follows it
 *
 * Where the next item does not fit into the line any more, a new one starts below the first item.
 */
void emit_list(struct emit *emit, const char *head, const char *const items[], size_t n_items,
               const char *tail)
{
    size_t indent = list_indent(head);
    size_t column = strlen(head);
    const char *separator = "";

    fputs(head, emit->stream);
    for (size_t i = 0; i < n_items; i++) {
        size_t room = i + 1 < n_items ? 1 : strlen(tail);
        size_t width = strlen(separator) + strlen(items[i]);
        if (column > indent && column + width + room > EMIT_COLUMNS) {
            fprintf(emit->stream, "%s\n%*s", i == 0 ? "" : ",", (int)indent, "");
            column = indent;
            separator = "";
        }
        fprintf(emit->stream, "%s%s", separator, items[i]);
        column += strlen(separator) + strlen(items[i]);
        separator = ", ";
    }
    fprintf(emit->stream, "%s\n", tail);
}
