/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/format_comment.h"

#include <string.h>

#include "gen/emit.h"
#include "gen/format_pieces.h"

size_t format_columns(const struct format_piece *piece)
{
    size_t n_columns = 0;

    for (size_t i = 0; i < piece->size; i++) {
        n_columns += ((unsigned char)piece->text[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return n_columns;
}

/* next_line() - the line at @text, without blanks at its end, and *ret_next behind it; NULL there
 * for the last one */
static size_t next_line(const char *text, const char *end, const char **ret_next)
{
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    const char *line_end = newline == NULL ? end : newline;

    *ret_next = newline == NULL ? NULL : newline + 1;
    while (line_end > text && strchr(" \t\r\v\f", line_end[-1]) != NULL) {
        line_end--;
    }
    return (size_t)(line_end - text);
}

/* moved() - @column, as far to the left or right as @from is from @to */
static size_t moved(size_t column, size_t from, size_t to)
{
    return column + to > from ? column + to - from : 0;
}

void format_comment_move(struct emit *emit, const struct format_piece *piece, size_t column)
{
    const char *end = piece->text + piece->size;
    const char *text;

    emit_text(emit, "%.*s", (int)next_line(piece->text, end, &text), piece->text);
    while (text != NULL) {
        const char *line;
        const char *next;
        size_t indent = format_indentation(text, end, &line);
        size_t size = next_line(line, end, &next);
        if (size > 0) {
            emit_text(emit, "\n%*s%.*s", (int)moved(indent, piece->column, column), "", (int)size,
                      line);
        } else {
            emit_blank(emit);
        }
        text = next;
    }
}

void format_comment_keep(struct emit *emit, const struct format_piece *piece)
{
    const char *end = piece->text + piece->size;
    const char *text = piece->text;

    while (text != NULL) {
        const char *next;
        size_t size = next_line(text, end, &next);
        emit_text(emit, "%s%.*s", text == piece->text ? "" : "\n", (int)size, text);
        text = next;
    }
}
