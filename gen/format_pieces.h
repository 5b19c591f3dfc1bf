/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source file as the formatter sees it: its tokens and comments in order, and where lines began.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "idl/model.h"

struct scratch;

#define FORMAT_INDENT 4 /* columns per brace; tabs of the source count as many */

/* Kinds of comments, beside those of tokens. */
enum format_comment {
    FORMAT_COMMENT_LINE = 1, /* two slashes up to the end of the line */
    FORMAT_COMMENT_BLOCK,
};

/**
 * struct format_piece - a token or a comment
 * @kind:       an enum idl_token_kind, a punctuation mark or an enum format_comment
 * @n_newlines: line ends between the piece before and this one
 * @starts:     it begins a declaration, a block, a field, a method or an entry
 * @depth:      braces that are open around it
 * @next_token: place of the first token from here on, which may be this one; else the number of all
 * @column:     of a comment of several lines that begins a line: blanks before it in the source
 */
struct format_piece {
    int kind;
    const char *text;
    size_t size;
    unsigned n_newlines;
    bool starts;
    unsigned depth;
    size_t next_token;
    size_t column;
};

struct format_pieces {
    struct format_piece *pieces;
    size_t n_pieces;
};

/* Takes a file apart that was parsed without an error; the pieces live as long as @scratch. */
int format_take_apart(struct scratch *scratch, const struct idl_source *source,
                      struct format_pieces *ret_pieces);

/* Columns of the blanks from @text on, which is the beginning of a line; *ret_rest is behind them.
 */
size_t format_indentation(const char *text, const char *end, const char **ret_rest);
bool format_is_comment(const struct format_piece *piece);
/* A comment of several lines; no other piece has more than one. */
bool format_is_long(const struct format_piece *piece);
bool format_is_word(const struct format_piece *piece, const char *word);
