/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/format_pieces.h"

#include <errno.h>
#include <string.h>

#include "gen/scratch.h"
#include "idl/diagnostics.h"
#include "idl/lexer.h"
#include "idl/source.h"

/* Between two pieces there is at least one character, or one of them is a single mark. */
#define PIECES_PER_BYTE 1

bool format_is_comment(const struct format_piece *piece)
{
    return piece->kind == FORMAT_COMMENT_LINE || piece->kind == FORMAT_COMMENT_BLOCK;
}

bool format_is_long(const struct format_piece *piece)
{
    return piece->kind == FORMAT_COMMENT_BLOCK && memchr(piece->text, '\n', piece->size) != NULL;
}

bool format_is_word(const struct format_piece *piece, const char *word)
{
    return piece->kind == IDL_TOKEN_NAME && strlen(word) == piece->size &&
           memcmp(word, piece->text, piece->size) == 0;
}

size_t format_indentation(const char *text, const char *end, const char **ret_rest)
{
    size_t column = 0;

    while (text < end && strchr(" \t\r\v\f", *text) != NULL) {
        column += *text++ == '\t' ? FORMAT_INDENT - column % FORMAT_INDENT : 1;
    }
    *ret_rest = text;
    return column;
}

/* comment_end() - behind the comment that starts at @text */
static const char *comment_end(const char *text, const char *end, int *ret_kind)
{
    if (text[1] == '/') {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        *ret_kind = FORMAT_COMMENT_LINE;
        return newline == NULL ? end : newline;
    }
    *ret_kind = FORMAT_COMMENT_BLOCK;
    return (const char *)memmem(text + 2, (size_t)(end - text - 2), "*/", 2) + 2;
}

/* add_piece() - append one; blanks at the end of a line comment are none of it */
static void add_piece(struct format_pieces *pieces, int kind, const char *text, const char *end,
                      unsigned n_newlines)
{
    while (kind == FORMAT_COMMENT_LINE && strchr(" \t\r\v\f", end[-1]) != NULL) {
        end--;
    }
    pieces->pieces[pieces->n_pieces++] = (struct format_piece){
        .kind = kind, .text = text, .size = (size_t)(end - text), .n_newlines = n_newlines};
}

/* add_comments() - those in a gap between two tokens. Return: line ends behind the last one. */
static unsigned add_comments(struct format_pieces *pieces, const char *text, const char *end)
{
    unsigned n_newlines = 0;

    while (text < end) {
        if (*text != '/') {
            n_newlines += *text++ == '\n' ? 1 : 0;
            continue;
        }
        int kind;
        const char *behind = comment_end(text, end, &kind);
        add_piece(pieces, kind, text, behind, n_newlines);
        n_newlines = 0;
        text = behind;
    }
    return n_newlines;
}

/* find_columns() - where the comments of several lines stood whose lines they begin */
static void find_columns(struct format_pieces *pieces, const struct idl_source *source)
{
    for (size_t i = 0; i < pieces->n_pieces; i++) {
        struct format_piece *piece = &pieces->pieces[i];
        const char *line = piece->text;
        const char *rest;
        if (!format_is_long(piece) || (i > 0 && piece->n_newlines == 0)) {
            continue;
        }
        while (line > source->text && line[-1] != '\n') {
            line--;
        }
        piece->column = format_indentation(line, piece->text, &rest);
    }
}

/* find_tokens() - which token each piece leads to */
static void find_tokens(struct format_pieces *pieces)
{
    size_t token = pieces->n_pieces;

    for (size_t i = pieces->n_pieces; i-- > 0;) {
        token = format_is_comment(&pieces->pieces[i]) ? token : i;
        pieces->pieces[i].next_token = token;
    }
}

/* What the rest of a declaration without a semicolon consists of. */
struct header {
    unsigned n_names; /* names still to come, those with dots counting as one */
    bool is_open;     /* a declaration of this kind */
};

/* header_of() - how many names follow the first word of a declaration that no mark ends */
static struct header header_of(const struct format_piece *word)
{
    static const char *const words[] = {"package", "import", "component", "entity", "security"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (format_is_word(word, words[i])) {
            return (struct header){.n_names = 1, .is_open = true};
        }
    }
    if (format_is_word(word, "task")) {
        return (struct header){.n_names = 2, .is_open = true};
    }
    return (struct header){.is_open = false};
}

/* marks_end() - whether what comes behind this mark is something new */
static bool marks_end(const struct format_piece *piece)
{
    return piece->kind == ';' || piece->kind == '{' || piece->kind == '}';
}

/* follow_header() - one more token of a declaration that no mark ends, or of an entry. Return:
 * whether it is the first one behind it. */
static bool follow_header(struct header *header, const struct format_piece *before,
                          const struct format_piece *piece)
{
    if (piece->kind == ':') {
        *header = (struct header){.n_names = 1, .is_open = true};
        return false;
    }
    if (!header->is_open || piece->kind != IDL_TOKEN_NAME || before->kind == '.') {
        return false;
    }
    if (header->n_names > 0) {
        header->n_names--;
        return false;
    }
    return true;
}

/* find_starts() - which tokens begin something, and how deep all pieces are in braces */
static void find_starts(struct format_pieces *pieces)
{
    const struct format_piece *before = NULL;
    struct header header = {0};
    unsigned depth = 0;

    for (size_t i = 0; i < pieces->n_pieces; i++) {
        struct format_piece *piece = &pieces->pieces[i];
        depth -= piece->kind == '}' ? 1 : 0;
        piece->depth = depth;
        depth += piece->kind == '{' ? 1 : 0;
        if (format_is_comment(piece)) {
            continue;
        }
        piece->starts =
            before == NULL || marks_end(before) || follow_header(&header, before, piece);
        piece->starts = piece->starts && piece->kind != '}';
        if (piece->starts) {
            header = depth == 0 ? header_of(piece) : (struct header){0};
        }
        before = piece;
    }
}

/* format_take_apart() - Return: 0; negative errno. */
int format_take_apart(struct scratch *scratch, const struct idl_source *source,
                      struct format_pieces *ret_pieces)
{
    struct idl_diagnostics diagnostics;
    struct idl_lexer lexer;
    struct idl_token token;
    const char *end = source->text;
    int r;

    *ret_pieces = (struct format_pieces){0};
    ret_pieces->pieces = scratch_alloc(scratch, (source->size * PIECES_PER_BYTE + 1) *
                                                    sizeof(ret_pieces->pieces[0]));
    if (ret_pieces->pieces == NULL) {
        return -ENOMEM;
    }
    idl_diagnostics_init(&diagnostics, &scratch->arena);
    idl_lexer_init(&lexer, source, &diagnostics);
    do {
        r = idl_lexer_next(&lexer, &token);
        if (r != 0 || token.kind == IDL_TOKEN_BROKEN) {
            return r != 0 ? r : -EINVAL;
        }
        unsigned n_newlines = add_comments(ret_pieces, end, token.text);
        if (token.kind != IDL_TOKEN_END) {
            end = token.text + token.size;
            add_piece(ret_pieces, token.kind, token.text, end, n_newlines);
        }
    } while (token.kind != IDL_TOKEN_END);
    find_starts(ret_pieces);
    find_tokens(ret_pieces);
    find_columns(ret_pieces, source);
    return 0;
}
