/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens to the model, unchecked. The grammar is in parse_idl.c (IDL), parse_component.c (CDL, EDL)
 * and parse_expression.c; what they share is here.
 *
 * Every rule starts at parser->token and leaves behind what it took. It returns 0, IDL_E_INVALID
 * (reported) or -ENOMEM.
 */
#pragma once

#include <stdbool.h>

#include "idl/lexer.h"
#include "idl/model.h"

struct idl_arena;
struct idl_diagnostics;
struct idl_expression;

struct idl_parser {
    struct idl_arena *arena;
    struct idl_diagnostics *diagnostics;
    struct idl_lexer lexer;
    struct idl_token token;       /* the next one */
    struct idl_position last_end; /* behind the one before */
    struct idl_file *file;
    unsigned depth;  /* of types or expressions in one another */
    bool has_failed; /* something was reported in this file */
    int error;       /* -ENOMEM from the lexer; it reads as the end of the file */
};

/* Parses one file. On IDL_E_INVALID too *ret_file has whatever of the name was understood. */
int idl_parse(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
              const struct idl_source *source, enum idl_file_kind kind, struct idl_file **ret_file);

/* The files' bodies, behind the name. */
int idl_parse_idl(struct idl_parser *parser);
int idl_parse_component(struct idl_parser *parser);
/* The rules that both share. */
int idl_parse_expression(struct idl_parser *parser, const struct idl_expression **ret_expression);
int idl_parse_name(struct idl_parser *parser, const char *what, const char **ret_name);
int idl_parse_qualified_name(struct idl_parser *parser, const char *what, const char **ret_name);

/* The token level. */
void idl_parser_advance(struct idl_parser *parser);
void idl_parser_skip(struct idl_parser *parser);
bool idl_parser_is_word(const struct idl_parser *parser, const char *word);
bool idl_parser_accept(struct idl_parser *parser, int kind);
int idl_parser_expect(struct idl_parser *parser, int kind, const char *after);
int idl_parser_close(struct idl_parser *parser, struct idl_position open, const char *after);
int idl_parser_unexpected(struct idl_parser *parser, const char *expected);
int idl_parser_refuse(struct idl_parser *parser, struct idl_position position, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));
void *idl_parser_alloc(struct idl_parser *parser, size_t size);
