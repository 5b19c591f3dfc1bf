/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to tokens. Keywords are plain names here: whether `interface` is one depends on where it
 * stands.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/model.h"

struct idl_diagnostics;

/* A punctuation mark of one character is its own kind: '{', ';' ... */
enum idl_token_kind {
    IDL_TOKEN_NAME = 256,
    IDL_TOKEN_NUMBER,
    IDL_TOKEN_SHIFT_LEFT,  /* << */
    IDL_TOKEN_SHIFT_RIGHT, /* >> */
    IDL_TOKEN_POWER,       /* ** */
    IDL_TOKEN_BROKEN,      /* reported already */
    IDL_TOKEN_END,
};

struct idl_token {
    int kind;
    struct idl_position position;
    const char *text; /* in the source; not NUL-terminated */
    size_t size;
    uint64_t value;        /* of NUMBER */
    bool is_first_on_line; /* nothing but blanks and comments before it */
};

struct idl_lexer {
    const struct idl_source *source;
    struct idl_diagnostics *diagnostics;
    const char *cursor;
    const char *end;
    const char *line_start;
    uint32_t line;
};

void idl_lexer_init(struct idl_lexer *lexer, const struct idl_source *source,
                    struct idl_diagnostics *diagnostics);
int idl_lexer_next(struct idl_lexer *lexer, struct idl_token *ret_token);

bool idl_token_is_word(const struct idl_token *token, const char *word);
