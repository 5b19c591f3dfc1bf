/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/format.h"

#include <string.h>

#include "gen/emit.h"
#include "gen/format_comment.h"
#include "gen/format_pieces.h"
#include "idl/lexer.h"

/* What kind of declaration something is; those of one kind stand together. */
enum group {
    GROUP_NONE,
    GROUP_HEAD, /* package, component, entity, task class */
    GROUP_IMPORT,
    GROUP_PLAIN, /* const, typedef */
    GROUP_BLOCK, /* what stands alone */
};

/**
 * struct printer - what was printed so far
 * @group:      of the declaration
 * @is_split:   the method takes one line per parameter
 * @column:     where these lines begin
 * @open:       the parenthesis that the first parameter begins a line behind; 0 is none
 * @n_brackets: angle brackets that are open
 */
struct printer {
    struct emit *emit;
    const struct format_pieces *all;
    enum group group;
    bool is_split;
    size_t column;
    size_t open;
    unsigned n_brackets;
};

static const struct format_piece *piece_at(const struct printer *printer, size_t i)
{
    return &printer->all->pieces[i];
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
        return piece->kind == FORMAT_COMMENT_LINE || before->kind != '(';
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

/* width_of() - columns that a piece takes in a line, with the blank before it; what is in several
 * lines takes none */
static size_t width_of(const struct printer *printer, size_t start, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);

    if (format_is_long(piece)) {
        return 0;
    }
    return format_columns(piece) + (i > start && has_blank(printer, i) ? 1 : 0);
}

/* line_start() - the first of the pieces that stand in the line of token @start, which is new:
 * comments may stand before it, if they have one line themselves */
static size_t line_start(const struct printer *printer, size_t start)
{
    size_t i = start;

    if (!is_line_of_comments(printer, start)) {
        return start;
    }
    while (i > 0 && piece_at(printer, i)->n_newlines == 0 &&
           format_is_comment(piece_at(printer, i - 1)) &&
           !format_is_long(piece_at(printer, i - 1))) {
        i--;
    }
    return i;
}

/* find_parameters() - the parenthesis before those of the method at @start, if it has parameters or
 * comments in there; else 0 */
static size_t find_parameters(const struct printer *printer, size_t start)
{
    size_t end = statement_end(printer, start);

    if (piece_at(printer, start)->depth == 0) {
        return 0;
    }
    for (size_t i = start; i + 1 < end; i++) {
        if (piece_at(printer, i)->kind == '(') {
            return piece_at(printer, i + 1)->kind == ')' ? 0 : i;
        }
    }
    return 0;
}

/* must_split() - whether the method at @start does not fit into one line */
static bool must_split(const struct printer *printer, size_t start)
{
    size_t first = line_start(printer, start);
    size_t end = statement_end(printer, start);
    size_t width = piece_at(printer, start)->depth * FORMAT_INDENT;

    for (size_t i = first; i < end; i++) {
        if (format_is_long(piece_at(printer, i)) || (i > first && ends_line(printer, i))) {
            return true;
        }
        width += width_of(printer, first, i);
    }
    return width > EMIT_COLUMNS;
}

/* widest_parameter() - columns of the longest one behind @open, with the mark behind it and the
 * comments before it */
static size_t widest_parameter(const struct printer *printer, size_t open)
{
    size_t end = statement_end(printer, open);
    size_t start = open + 1;
    size_t width = 0;
    size_t widest = 0;
    unsigned n_brackets = 0;

    for (size_t i = start; i < end; i++) {
        int kind = piece_at(printer, i)->kind;
        n_brackets += kind == '<' ? 1 : 0;
        n_brackets -= kind == '>' ? 1 : 0;
        width += kind == FORMAT_COMMENT_LINE ? 0 : width_of(printer, start, i);
        widest = width > widest ? width : widest;
        if (kind == ',' && n_brackets == 0) {
            start = i + 1;
            width = 0;
        }
    }
    return widest;
}

/* split() - one line per parameter of the method at @start: below the first one where all of them
 * fit there, else one level deeper than the method */
static void split(struct printer *printer, size_t start, size_t open)
{
    size_t indent = piece_at(printer, start)->depth * FORMAT_INDENT;
    size_t column = indent + piece_at(printer, start)->size + 1;
    bool has_lead = open != start + 1 || (start > 0 && piece_at(printer, start)->n_newlines == 0 &&
                                          format_is_comment(piece_at(printer, start - 1)) &&
                                          is_line_of_comments(printer, start - 1));

    printer->is_split = true;
    printer->column = column;
    if (has_lead || column + widest_parameter(printer, open) > EMIT_COLUMNS) {
        printer->column = indent + FORMAT_INDENT;
        printer->open = open;
    }
}

/* begins_parameter() - whether piece @i is the first of a parameter that has a line of its own;
 * comments before it are, if they stand in its line */
static bool begins_parameter(const struct printer *printer, size_t i)
{
    size_t token = piece_at(printer, i)->next_token;
    bool is_behind_open = printer->open != 0 && i == printer->open + 1;

    if (!printer->is_split || printer->n_brackets > 0 || token == printer->all->n_pieces ||
        piece_at(printer, token)->kind == ')') {
        return false;
    }
    if (!is_behind_open && piece_at(printer, i - 1)->kind != ',') {
        return false;
    }
    while (i < token && piece_at(printer, i + 1)->n_newlines == 0) {
        i++;
    }
    return i == token;
}

/* is_inside() - whether piece @i comes behind the beginning of a declaration or entry and before
 * its end */
static bool is_inside(const struct printer *printer, size_t i)
{
    size_t token = piece_at(printer, i)->next_token;

    return token < printer->all->n_pieces && !piece_at(printer, token)->starts &&
           piece_at(printer, token)->kind != '}';
}

/* is_new_group() - whether piece @i is, or leads to, a declaration that stands apart from the one
 * before */
static bool is_new_group(const struct printer *printer, size_t i)
{
    size_t start = piece_at(printer, i)->next_token;
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

    if (piece_at(printer, i - 1)->kind == '{' || piece->kind == '}' || is_inside(printer, i)) {
        return false;
    }
    return piece->n_newlines > 1 || is_new_group(printer, i);
}

/* indent_of() - columns before piece @i at the beginning of a line */
static size_t indent_of(const struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);
    bool is_close = printer->is_split && printer->n_brackets == 0 && piece->kind == ')';

    if (!is_inside(printer, i) || is_close) {
        return piece->depth * FORMAT_INDENT;
    }
    return printer->is_split ? printer->column : (piece->depth + 1) * FORMAT_INDENT;
}

/* begin_line() - end the line before, if there is one, and indent the next one */
static void begin_line(struct printer *printer, size_t i)
{
    if (i > 0) {
        emit_text(printer->emit, needs_gap(printer, i) ? "\n\n" : "\n");
    }
    emit_text(printer->emit, "%*s", (int)indent_of(printer, i), "");
}

/* begin_statement() - a declaration, block, field, method or entry begins at token @i */
static void begin_statement(struct printer *printer, size_t i)
{
    size_t open = find_parameters(printer, i);

    printer->is_split = false;
    printer->open = 0;
    if (open != 0 && must_split(printer, i)) {
        split(printer, i, open);
    }
    if (piece_at(printer, i)->depth == 0) {
        printer->group = group_of(piece_at(printer, i));
    }
}

/* print_piece() - one piece, and what stands between it and the one before */
static void print_piece(struct printer *printer, size_t i)
{
    const struct format_piece *piece = piece_at(printer, i);

    if (i == 0 || ends_line(printer, i) || begins_parameter(printer, i)) {
        begin_line(printer, i);
    } else if (has_blank(printer, i)) {
        emit_text(printer->emit, " ");
    }
    if (piece->starts) {
        begin_statement(printer, i);
    }
    printer->n_brackets += piece->kind == '<' ? 1 : 0;
    printer->n_brackets -= piece->kind == '>' ? 1 : 0;
    if (!format_is_long(piece)) {
        emit_text(printer->emit, "%.*s", (int)piece->size, piece->text);
    } else if (i == 0 || piece->n_newlines > 0) {
        format_comment_move(printer->emit, piece, indent_of(printer, i));
    } else {
        format_comment_keep(printer->emit, piece);
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
