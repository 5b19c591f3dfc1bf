/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/format.h"

#include <string.h>

#include "gen/emit.h"
#include "gen/format_pieces.h"
#include "idl/lexer.h"

#define INDENT 4

/* What kind of declaration something is; those of one kind stand together. */
enum group {
    GROUP_NONE,
    GROUP_HEAD, /* package, component, entity, task class */
    GROUP_IMPORT,
    GROUP_PLAIN, /* const, typedef */
    GROUP_BLOCK, /* what stands alone */
};

/* @is_split: the declaration or entry takes several lines, and continues at column @column;
 * @n_brackets: angle brackets that are open */
struct printer {
    struct emit *emit;
    const struct format_pieces *all;
    enum group group;
    bool is_split;
    size_t column;
    unsigned n_brackets;
};

static const struct format_piece *piece_at(const struct printer *printer, size_t i)
{
    return &printer->all->pieces[i];
}

/* next_token() - the first token from piece @i on, or the number of pieces */
static size_t next_token(const struct printer *printer, size_t i)
{
    while (i < printer->all->n_pieces && format_is_comment(piece_at(printer, i))) {
        i++;
    }
    return i;
}

/* previous_token() - the last token before piece @i; NULL if there is none */
static const struct format_piece *previous_token(const struct printer *printer, size_t i)
{
    while (i > 0) {
        if (!format_is_comment(piece_at(printer, --i))) {
            return piece_at(printer, i);
        }
    }
    return NULL;
}

static enum group group_of(const struct format_piece *word)
{
    static const struct {
        const char *word;
        enum group group;
    } groups[] = {
        {"package", GROUP_HEAD},  {"component", GROUP_HEAD}, {"entity", GROUP_HEAD},
        {"task", GROUP_HEAD},     {"import", GROUP_IMPORT},  {"const", GROUP_PLAIN},
        {"typedef", GROUP_PLAIN},
    };

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (format_is_word(word, groups[i].word)) {
            return groups[i].group;
        }
    }
    return GROUP_BLOCK;
}

/* is_operator() - a mark of an expression that has an operand on its right */
static bool is_operator(int kind)
{
    return kind == IDL_TOKEN_SHIFT_LEFT || kind == IDL_TOKEN_SHIFT_RIGHT ||
           kind == IDL_TOKEN_POWER || (kind < 128 && strchr("+-*/%&|~", kind) != NULL);
}

/* is_unary() - whether the operator at @i has no left operand */
static bool is_unary(const struct printer *printer, size_t i)
{
    const struct format_piece *before = previous_token(printer, i);

    return piece_at(printer, i)->kind == '~' || before == NULL || is_operator(before->kind) ||
           (before->kind < 128 && strchr("=(,<", before->kind) != NULL);
}

/* is_tight_before() - no blank before this token */
static bool is_tight_before(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    const struct format_piece *before = previous_token(printer, i);

    if (piece->kind == '(' || piece->kind == '<') {
        return before != NULL && before->kind == IDL_TOKEN_NAME;
    }
    return piece->kind < 128 && strchr(";,)>.", piece->kind) != NULL;
}

/* is_tight_after() - no blank behind this token */
static bool is_tight_after(const struct printer *printer, size_t i)
{
    int kind = piece_at(printer, i)->kind;

    if (kind == '(' || kind == '<' || kind == '.') {
        return true;
    }
    return is_operator(kind) && is_unary(printer, i);
}

/* has_blank() - whether there is one between the pieces @i - 1 and @i of one line */
static bool has_blank(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    const struct format_piece *before = piece_at(printer, i - 1);

    if (format_is_comment(piece)) {
        return true;
    }
    if (format_is_comment(before)) {
        return !(piece->kind < 128 && strchr(";,)", piece->kind) != NULL);
    }
    return !is_tight_before(printer, i) && !is_tight_after(printer, i - 1);
}

/* is_line_of_comments() - whether nothing but comments stands before piece @i in its line */
static bool is_line_of_comments(const struct printer *printer, size_t i)
{
    while (i > 0 && piece_at(printer, i)->n_newlines == 0 &&
           format_is_comment(piece_at(printer, i - 1))) {
        i--;
    }
    return i == 0 || piece_at(printer, i)->n_newlines > 0;
}

/* ends_line() - whether a new line begins at piece @i, whatever the width */
static bool ends_line(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    const struct format_piece *before = piece_at(printer, i - 1);

    if (before->kind == FORMAT_COMMENT_LINE || piece->kind == '}') {
        return true;
    }
    if (format_is_comment(piece)) {
        return piece->n_newlines > 0;
    }
    if (before->kind == FORMAT_COMMENT_BLOCK) {
        return piece->n_newlines > 0 || (piece->starts && !is_line_of_comments(printer, i - 1));
    }
    return piece->starts;
}

/* statement_end() - behind the last piece of the declaration or entry that begins at @i, as far as
 * it belongs into one line */
static size_t statement_end(const struct printer *printer, size_t i)
{
    do {
        i++;
    } while (i < printer->all->n_pieces && !piece_at(printer, i)->starts &&
             piece_at(printer, i)->kind != '}' && piece_at(printer, i - 1)->kind != ';' &&
             piece_at(printer, i - 1)->kind != '{');
    return i;
}

/* block_comment() - as it is, but for blanks at the ends of its lines. Return: its bytes; with NULL
 * for @emit nothing is printed. */
static size_t block_comment(struct emit *emit, const struct format_piece *piece)
{
    const char *text = piece->text;
    const char *end = text + piece->size;
    size_t size = 0;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline == NULL ? end : newline;
        while (newline != NULL && line_end > text && strchr(" \t\r\v\f", line_end[-1]) != NULL) {
            line_end--;
        }
        size += (size_t)(line_end - text) + (newline == NULL ? 0 : 1);
        if (emit != NULL) {
            emit_text(emit, "%.*s%s", (int)(line_end - text), text, newline == NULL ? "" : "\n");
        }
        text = newline == NULL ? end : newline + 1;
    }
    return size;
}

/* width_of() - columns that a piece takes in a line, with the blank before it */
static size_t width_of(const struct printer *printer, size_t start, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    size_t size = piece->kind == FORMAT_COMMENT_BLOCK ? block_comment(NULL, piece) : piece->size;

    return size + (i > start && has_blank(printer, i) ? 1 : 0);
}

/* must_split() - whether a method does not fit into one line */
static bool must_split(const struct printer *printer, size_t start)
{
    size_t width = piece_at(printer, start)->depth * INDENT;
    size_t end = statement_end(printer, start);
    size_t open = start;

    while (open < end && piece_at(printer, open)->kind != '(') {
        open++;
    }
    if (piece_at(printer, start)->depth == 0 || open == end) {
        return false;
    }
    for (size_t i = start; i < end; i++) {
        if (i > start && ends_line(printer, i)) {
            return true;
        }
        width += width_of(printer, start, i);
    }
    return width > EMIT_COLUMNS;
}

/* is_new_group() - whether piece @i is, or leads to, a declaration that stands apart from the one
 * before */
static bool is_new_group(const struct printer *printer, size_t i)
{
    size_t start = next_token(printer, i);
    bool has_comment =
        format_is_comment(piece_at(printer, i - 1)) && is_line_of_comments(printer, i - 1);

    if (has_comment || start == printer->all->n_pieces || printer->group == GROUP_NONE ||
        piece_at(printer, start)->depth > 0 || !piece_at(printer, start)->starts) {
        return false;
    }
    enum group group = group_of(piece_at(printer, start));
    return group == GROUP_BLOCK || group != printer->group;
}

/* needs_gap() - whether an empty line comes before piece @i, which begins a line */
static bool needs_gap(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);

    if (piece_at(printer, i - 1)->kind == '{' || piece->kind == '}') {
        return false;
    }
    return piece->n_newlines > 1 || is_new_group(printer, i);
}

/* indent_of() - columns before piece @i at the beginning of a line */
static size_t indent_of(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    size_t start = next_token(printer, i);
    bool is_inside = start < printer->all->n_pieces && !piece_at(printer, start)->starts &&
                     piece_at(printer, start)->kind != '}';

    if (is_inside && printer->is_split) {
        return printer->column;
    }
    return piece->depth * INDENT + (is_inside ? INDENT : 0);
}

/* begin_line() - end the line before, if there is one, and indent the next one */
static void begin_line(struct printer *printer, size_t i)
{
    if (i > 0) {
        emit_text(printer->emit, needs_gap(printer, i) ? "\n\n" : "\n");
    }
    emit_text(printer->emit, "%*s", (int)indent_of(printer, i), "");
}

/* split_column() - where the parameters of a method begin */
static size_t split_column(const struct printer *printer, size_t start)
{
    size_t column = piece_at(printer, start)->depth * INDENT;

    for (size_t i = start;; i++) {
        column += width_of(printer, start, i);
        if (piece_at(printer, i)->kind == '(') {
            return column;
        }
    }
}

/* begin_statement() - a declaration, block, field, method or entry begins at token @i */
static void begin_statement(struct printer *printer, size_t i)
{
    printer->is_split = must_split(printer, i);
    if (printer->is_split) {
        printer->column = split_column(printer, i);
    }
    if (piece_at(printer, i)->depth == 0) {
        printer->group = group_of(piece_at(printer, i));
    }
}

/* print_piece() - one piece, and what stands between it and the one before */
static void print_piece(struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    bool is_parameter = printer->is_split && printer->n_brackets == 0 && i > 0 &&
                        piece_at(printer, i - 1)->kind == ',' && !format_is_comment(piece);

    if (i == 0 || is_parameter || ends_line(printer, i)) {
        begin_line(printer, i);
    } else if (has_blank(printer, i)) {
        emit_text(printer->emit, " ");
    }
    if (piece->starts) {
        begin_statement(printer, i);
    }
    printer->n_brackets += piece->kind == '<' ? 1 : 0;
    printer->n_brackets -= piece->kind == '>' ? 1 : 0;
    if (piece->kind == FORMAT_COMMENT_BLOCK) {
        (void)block_comment(printer->emit, piece);
    } else {
        emit_text(printer->emit, "%.*s", (int)piece->size, piece->text);
    }
}

int format_emit(struct emit *emit, const struct idl_source *source)
{
    struct format_pieces pieces;
    struct printer printer = {.emit = emit, .all = &pieces};

    int r = format_take_apart(emit->scratch, source, &pieces);
    for (size_t i = 0; r == 0 && i < pieces.n_pieces; i++) {
        print_piece(&printer, i);
    }
    if (r == 0 && pieces.n_pieces > 0) {
        emit_text(emit, "\n");
    }
    return r;
}
