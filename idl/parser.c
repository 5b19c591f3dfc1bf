/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/parser.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/c_names.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"

#define QUOTE_BYTES_MAX 40

/* idl_parser_advance() - take the next token; without memory, the file ends */
void idl_parser_advance(struct idl_parser *parser)
{
    parser->last_end = parser->token.position;
    parser->last_end.column += (uint32_t)parser->token.size;
    int r = idl_lexer_next(&parser->lexer, &parser->token);
    if (r != 0) {
        parser->error = r;
        parser->lexer.cursor = parser->lexer.end;
        parser->token.kind = IDL_TOKEN_END;
    }
    if (parser->token.kind == IDL_TOKEN_BROKEN) {
        parser->has_failed = true;
    }
}

/* idl_parser_skip() - the same behind an error: nothing is reported about the token */
void idl_parser_skip(struct idl_parser *parser)
{
    /* What is full drops all that is reported. */
    struct idl_diagnostics full = {.n_errors = IDL_DIAGNOSTICS_MAX};

    parser->lexer.diagnostics = &full;
    idl_parser_advance(parser);
    parser->lexer.diagnostics = parser->diagnostics;
}

/* idl_parser_is_word() - is the next token the name @word? */
bool idl_parser_is_word(const struct idl_parser *parser, const char *word)
{
    return idl_token_is_word(&parser->token, word);
}

/* idl_parser_accept() - take the next token if it is a @kind */
bool idl_parser_accept(struct idl_parser *parser, int kind)
{
    if (parser->token.kind != kind) {
        return false;
    }
    idl_parser_advance(parser);
    return true;
}

/* idl_parser_alloc() - zeroed memory that lives as long as the model; NULL without memory */
void *idl_parser_alloc(struct idl_parser *parser, size_t size)
{
    return idl_arena_alloc(parser->arena, size);
}

/* idl_parser_refuse() - report an error at @position */
int idl_parser_refuse(struct idl_parser *parser, struct idl_position position, const char *format,
                      ...)
{
    va_list arguments;

    parser->has_failed = true;
    va_start(arguments, format);
    const char *message = idl_arena_vprintf(parser->arena, format, arguments);
    va_end(arguments);
    return message == NULL ? -ENOMEM : idl_diagnose(parser->diagnostics, position, "%s", message);
}

/* refuse_token() - report at @position that the next token is not what is expected */
static int refuse_token(struct idl_parser *parser, struct idl_position position,
                        const char *expected)
{
    const struct idl_token *token = &parser->token;
    bool is_long = token->size > QUOTE_BYTES_MAX;

    return idl_parser_refuse(parser, position, "expected %s, found '%.*s%s'", expected,
                             is_long ? QUOTE_BYTES_MAX : (int)token->size, token->text,
                             is_long ? "..." : "");
}

/**
 * idl_parser_unexpected() - report that the next token does not belong here
 * @expected: in words, what does
 *
 * Silent at a token that was reported already, and at the end of a file that has other errors.
 *
 * Return: IDL_E_INVALID; -ENOMEM.
 */
int idl_parser_unexpected(struct idl_parser *parser, const char *expected)
{
    const struct idl_token *token = &parser->token;

    if (parser->error != 0) {
        return parser->error;
    }
    if (token->kind == IDL_TOKEN_BROKEN || (token->kind == IDL_TOKEN_END && parser->has_failed)) {
        return IDL_E_INVALID;
    }
    if (token->kind == IDL_TOKEN_END) {
        return idl_parser_refuse(parser, token->position, "expected %s, but the file ends here",
                                 expected);
    }
    return refuse_token(parser, token->position, expected);
}

/**
 * idl_parser_expect() - take a punctuation mark, or report that it is missing
 * @kind:  the mark
 * @after: what it follows, in words
 *
 * A mark that is missing at the end of a line is reported there and not at the next line's first
 * token. So is a ';' within a line: it belongs behind what is there already.
 *
 * Return: 0; IDL_E_INVALID; -ENOMEM.
 */
int idl_parser_expect(struct idl_parser *parser, int kind, const char *after)
{
    const struct idl_token *token = &parser->token;
    char expected[80];

    if (idl_parser_accept(parser, kind)) {
        return 0;
    }
    snprintf(expected, sizeof(expected), "'%c' after %s", kind, after);
    bool is_token = token->kind < IDL_TOKEN_BROKEN;
    if (is_token && token->position.line != parser->last_end.line) {
        return idl_parser_refuse(parser, parser->last_end, "expected %s", expected);
    }
    if (is_token && kind == ';') {
        return refuse_token(parser, parser->last_end, expected);
    }
    return idl_parser_unexpected(parser, expected);
}

/* idl_parser_close() - take the '}' of the '{' at @open; an error shows that one too */
int idl_parser_close(struct idl_parser *parser, struct idl_position open, const char *after)
{
    size_t n_errors = parser->diagnostics->n_errors;
    int r = idl_parser_expect(parser, '}', after);

    if (r <= 0 || parser->diagnostics->n_errors == n_errors) {
        return r;
    }
    return idl_diagnose_note(parser->diagnostics, open, "the '{' is here");
}

/**
 * idl_parse_name() - NAME; a keyword is one as well
 * @what:     what it names, for the message: "a field name"
 * @ret_name: the name; NUL-terminated
 *
 * Return: 0; IDL_E_INVALID; -ENOMEM.
 */
int idl_parse_name(struct idl_parser *parser, const char *what, const char **ret_name)
{
    if (parser->token.kind != IDL_TOKEN_NAME) {
        return idl_parser_unexpected(parser, what);
    }
    const char *name = idl_arena_copy(parser->arena, parser->token.text, parser->token.size);
    if (name == NULL) {
        return -ENOMEM;
    }
    idl_parser_advance(parser);
    *ret_name = name;
    return 0;
}

/* idl_parse_qualified_name() - qualified_name = NAME ("." NAME)*; arguments as in idl_parse_name()
 */
int idl_parse_qualified_name(struct idl_parser *parser, const char *what, const char **ret_name)
{
    char buffer[IDL_QUALIFIED_BYTES_MAX + 1];
    struct idl_position start = parser->token.position;
    size_t size = 0;

    do {
        if (parser->token.kind != IDL_TOKEN_NAME) {
            return idl_parser_unexpected(parser, size == 0 ? what : "a name after '.'");
        }
        if (size + (size > 0 ? 1 : 0) + parser->token.size > IDL_QUALIFIED_BYTES_MAX) {
            return idl_parser_refuse(parser, start,
                                     "this name has more than %d characters, which is the most "
                                     "allowed",
                                     IDL_QUALIFIED_BYTES_MAX);
        }
        if (size > 0) {
            buffer[size++] = '.';
        }
        memcpy(buffer + size, parser->token.text, parser->token.size);
        size += parser->token.size;
        idl_parser_advance(parser);
    } while (idl_parser_accept(parser, '.'));
    *ret_name = idl_arena_copy(parser->arena, buffer, size);
    return *ret_name == NULL ? -ENOMEM : 0;
}

/* parse_header() - header = keyword qualified_name; the keyword is taken already */
static int parse_header(struct idl_parser *parser, const char *what)
{
    struct idl_file *file = parser->file;

    file->position = parser->token.position;
    int r = idl_parse_qualified_name(parser, what, &file->name);
    if (r != 0) {
        return r;
    }
    file->prefix = idl_c_name(parser->arena, file->name);
    return file->prefix == NULL ? -ENOMEM : 0;
}

/* accept_word() - take the next token if it is @word */
static bool accept_word(struct idl_parser *parser, const char *word)
{
    if (!idl_parser_is_word(parser, word)) {
        return false;
    }
    idl_parser_advance(parser);
    return true;
}

/* parse_idl_file() - idl_file = "package" qualified_name idl_body */
static int parse_idl_file(struct idl_parser *parser)
{
    if (!accept_word(parser, "package")) {
        return idl_parser_unexpected(parser, "'package' at the beginning of an IDL file");
    }
    int r = parse_header(parser, "the package's name");
    return r == 0 ? idl_parse_idl(parser) : r;
}

/* parse_cdl_file() - cdl_file = "component" qualified_name blocks */
static int parse_cdl_file(struct idl_parser *parser)
{
    if (!accept_word(parser, "component")) {
        return idl_parser_unexpected(parser, "'component' at the beginning of a CDL file");
    }
    int r = parse_header(parser, "the component's name");
    return r == 0 ? idl_parse_component(parser) : r;
}

/* parse_edl_file() - edl_file = ("entity" | "task" "class") qualified_name blocks */
static int parse_edl_file(struct idl_parser *parser)
{
    if (accept_word(parser, "task")) {
        if (!accept_word(parser, "class")) {
            return idl_parser_unexpected(parser, "'class' after 'task'");
        }
    } else if (!accept_word(parser, "entity")) {
        return idl_parser_unexpected(parser,
                                     "'task class' or 'entity' at the beginning of an EDL file");
    }
    int r = parse_header(parser, "the task class's name");
    return r == 0 ? idl_parse_component(parser) : r;
}

/* parse_file() - file = idl_file | cdl_file | edl_file, by @kind */
static int parse_file(struct idl_parser *parser, enum idl_file_kind kind)
{
    switch (kind) {
    case IDL_FILE_IDL:
        return parse_idl_file(parser);
    case IDL_FILE_CDL:
        return parse_cdl_file(parser);
    default:
        return parse_edl_file(parser);
    }
}

/**
 * idl_parse() - parse one file
 * @arena:       memory of the model
 * @diagnostics: where errors go
 * @source:      the text; borrowed, must live as long as the model
 * @kind:        which language
 * @ret_file:    the file, unchecked; set unless memory is out, its name is NULL if it has none
 *
 * Return: 0; IDL_E_INVALID; -ENOMEM.
 */
int idl_parse(struct idl_arena *arena, struct idl_diagnostics *diagnostics,
              const struct idl_source *source, enum idl_file_kind kind, struct idl_file **ret_file)
{
    struct idl_parser parser = {.arena = arena, .diagnostics = diagnostics};
    struct idl_file *file = idl_arena_alloc(arena, sizeof(*file));

    if (file == NULL) {
        return -ENOMEM;
    }
    file->kind = kind;
    file->source = source;
    parser.file = file;
    idl_lexer_init(&parser.lexer, source, diagnostics);
    parser.token.position = (struct idl_position){.source = source, .line = 1, .column = 1};
    idl_parser_advance(&parser);
    file->position = parser.token.position;
    int r = parse_file(&parser, kind);
    if (parser.error != 0) {
        return parser.error;
    }
    if (r < 0) {
        return r;
    }
    *ret_file = file;
    return r != 0 || parser.has_failed ? IDL_E_INVALID : 0;
}
