/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/parse_idl.h"

#include <errno.h>

#include "idl/builtin.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"
#include "idl/parser.h"
#include "idl/suggest.h"

/* What may begin a declaration; such a word is no name for a type or constant. */
static const char *const declaration_words[] = {"import", "const",     "typedef",
                                                "struct", "interface", "union"};

#define N_DECLARATION_WORDS (sizeof(declaration_words) / sizeof(declaration_words[0]))

/* The same for messages, where an import is not what was forgotten. */
#define DECLARATION_WORDS "'const', 'typedef', 'struct', 'union' or 'interface'"

/* The parts of an IDL file that must come in a certain order, and the ends of the lists. */
struct body {
    struct idl_parser *parser;
    struct idl_import **imports_tail;
    struct idl_declaration **declarations_tail;
    unsigned n_imports;
    bool has_declaration; /* imports are over */
};

/* idl_is_declaration_word() - could the next token begin a declaration? */
bool idl_is_declaration_word(const struct idl_parser *parser)
{
    for (size_t i = 0; i < N_DECLARATION_WORDS; i++) {
        if (idl_parser_is_word(parser, declaration_words[i])) {
            return true;
        }
    }
    return false;
}

/* idl_is_at_declaration() - does a line begin with what looks like a declaration? */
bool idl_is_at_declaration(const struct idl_parser *parser)
{
    return parser->token.is_first_on_line && idl_is_declaration_word(parser);
}

/* idl_parser_is_over() - is there nothing left to parse, or no use in it? */
bool idl_parser_is_over(const struct idl_parser *parser)
{
    return parser->token.kind == IDL_TOKEN_END || idl_diagnostics_is_full(parser->diagnostics);
}

/* idl_recover_in_block() - behind an error between braces: on to the next entry, or the end of the
 * block */
void idl_recover_in_block(struct idl_parser *parser)
{
    while (parser->token.kind != IDL_TOKEN_END && parser->token.kind != '}' &&
           !idl_is_at_declaration(parser)) {
        if (idl_parser_accept(parser, ';')) {
            return;
        }
        idl_parser_skip(parser);
    }
}

/* recover_in_file() - behind an error outside braces: on to the next declaration */
static void recover_in_file(struct idl_parser *parser)
{
    unsigned n_open = 0;

    while (parser->token.kind != IDL_TOKEN_END && !idl_is_at_declaration(parser)) {
        int kind = parser->token.kind;
        n_open += kind == '{' ? 1 : 0;
        n_open -= kind == '}' && n_open > 0 ? 1 : 0;
        if (n_open == 0 && (kind == ';' || kind == '}')) {
            idl_parser_advance(parser);
            return;
        }
        idl_parser_skip(parser);
    }
}

/* parse_new_name() - NAME of a new type or constant: neither a built-in type nor a keyword */
static int parse_new_name(struct idl_parser *parser, const char *what, const char **ret_name)
{
    const struct idl_token *token = &parser->token;

    if (token->kind == IDL_TOKEN_NAME && idl_builtin_find(token->text, token->size) != NULL) {
        return idl_parser_refuse(parser, token->position,
                                 "'%.*s' is a built-in type; choose another name", (int)token->size,
                                 token->text);
    }
    if (idl_is_declaration_word(parser)) {
        return idl_parser_refuse(parser, token->position,
                                 "'%.*s' is a keyword; choose another name", (int)token->size,
                                 token->text);
    }
    return idl_parse_name(parser, what, ret_name);
}

/* parse_field() - field = type NAME ";" */
static int parse_field(struct idl_parser *parser, struct idl_field **ret_field)
{
    int r = idl_parse_variable(parser, "the field's name", ret_field);

    return r == 0 ? idl_parser_expect(parser, ';', "the field") : r;
}

/* parse_fields() - "{" field* "}" */
static int parse_fields(struct idl_parser *parser, const char *after, struct idl_field **tail)
{
    struct idl_position open = parser->token.position;
    int r = idl_parser_expect(parser, '{', after);
    if (r != 0) {
        return r;
    }
    while (parser->token.kind != '}' && !idl_parser_is_over(parser) &&
           !idl_is_at_declaration(parser)) {
        r = parse_field(parser, tail);
        if (r < 0) {
            return r;
        }
        if (r != 0) {
            idl_recover_in_block(parser);
            if (idl_is_at_declaration(parser)) {
                return r;
            }
        }
        tail = *tail == NULL ? tail : &(*tail)->next;
    }
    return idl_parser_close(parser, open, "the fields");
}

/* new_declaration() - a declaration that is not in the file yet; NULL without memory */
static struct idl_declaration *new_declaration(struct body *body, enum idl_declaration_kind kind)
{
    struct idl_declaration *declaration = idl_parser_alloc(body->parser, sizeof(*declaration));
    if (declaration != NULL) {
        declaration->kind = kind;
        declaration->file = body->parser->file;
    }
    return declaration;
}

/* keep_declaration() - put a whole declaration into the file */
static void keep_declaration(struct body *body, struct idl_declaration *declaration)
{
    *body->declarations_tail = declaration;
    body->declarations_tail = &declaration->next;
}

/* parse_const() - const = "const" type NAME "=" expression ";" */
static int parse_const(struct body *body)
{
    struct idl_parser *parser = body->parser;
    struct idl_declaration *constant = new_declaration(body, IDL_CONST);
    if (constant == NULL) {
        return -ENOMEM;
    }
    int r = idl_parse_type(parser, &constant->type);
    constant->position = parser->token.position;
    if (r == 0) {
        r = parse_new_name(parser, "the constant's name", &constant->name);
    }
    if (r == 0) {
        r = idl_parser_expect(parser, '=', "the constant's name");
    }
    if (r == 0) {
        r = idl_parse_expression(parser, &constant->expression);
    }
    if (r == 0) {
        keep_declaration(body, constant);
        r = idl_parser_expect(parser, ';', "the constant");
    }
    return r;
}

/* parse_typedef() - typedef = "typedef" type NAME ";" */
static int parse_typedef(struct body *body)
{
    struct idl_parser *parser = body->parser;
    struct idl_declaration *definition = new_declaration(body, IDL_TYPEDEF);
    if (definition == NULL) {
        return -ENOMEM;
    }
    int r = idl_parse_type(parser, &definition->type);
    definition->position = parser->token.position;
    if (r == 0) {
        r = parse_new_name(parser, "the new type's name", &definition->name);
    }
    if (r == 0) {
        keep_declaration(body, definition);
        r = idl_parser_expect(parser, ';', "the typedef");
    }
    return r;
}

/* refuse_semicolon() - "};" is C; here the brace is the end */
static int refuse_semicolon(struct idl_parser *parser, const char *what)
{
    if (parser->token.kind != ';') {
        return 0;
    }
    return idl_parser_refuse(parser, parser->token.position,
                             "unexpected ';'; %s ends without one, remove it", what);
}

/* parse_record() - ("struct" | "union") NAME "{" field* "}"; the word is taken already */
static int parse_record(struct body *body, enum idl_declaration_kind kind)
{
    struct idl_parser *parser = body->parser;
    bool is_union = kind == IDL_UNION;
    const char *name = is_union ? "the union's name" : "the struct's name";
    struct idl_declaration *record = new_declaration(body, kind);
    if (record == NULL) {
        return -ENOMEM;
    }
    record->position = parser->token.position;
    int r = parse_new_name(parser, name, &record->name);
    if (r != 0) {
        return r;
    }
    keep_declaration(body, record);
    r = parse_fields(parser, name, &record->fields);
    return r == 0 ? refuse_semicolon(parser, is_union ? "a union" : "a struct") : r;
}

/* parse_interface() - interface = "interface" "{" method* "}"; once per file */
static int parse_interface(struct body *body, struct idl_position position)
{
    struct idl_parser *parser = body->parser;
    struct idl_interface *earlier = parser->file->interface;

    if (earlier != NULL) {
        int r = idl_parser_refuse(parser, position,
                                  "a file has at most one interface; move this one to its own");
        return r < 0 ? r
                     : idl_diagnose_note(parser->diagnostics, earlier->position,
                                         "the first one is here");
    }
    struct idl_interface *interface = idl_parser_alloc(parser, sizeof(*interface));
    if (interface == NULL) {
        return -ENOMEM;
    }
    interface->position = position;
    parser->file->interface = interface;
    int r = idl_parse_methods(parser, interface);
    return r == 0 ? refuse_semicolon(parser, "an interface") : r;
}

/* parse_import() - import = "import" qualified_name; before all declarations */
static int parse_import(struct body *body, struct idl_position position)
{
    struct idl_parser *parser = body->parser;

    if (body->has_declaration) {
        return idl_parser_refuse(parser, position,
                                 "imports come before all declarations; move this one up");
    }
    if (body->n_imports++ == IDL_IMPORTS_MAX) {
        return idl_parser_refuse(parser, position, "a file has at most %d imports",
                                 IDL_IMPORTS_MAX);
    }
    struct idl_import *import = idl_parser_alloc(parser, sizeof(*import));
    if (import == NULL) {
        return -ENOMEM;
    }
    import->position = parser->token.position;
    int r = idl_parse_qualified_name(parser, "the name of a package", &import->name);
    if (r != 0) {
        return r;
    }
    *body->imports_tail = import;
    body->imports_tail = &import->next;
    return refuse_semicolon(parser, "an import");
}

/* refuse_declaration() - none begins with the next token; perhaps misspelt */
static int refuse_declaration(struct idl_parser *parser)
{
    struct idl_suggestion suggestion;

    if (parser->token.kind != IDL_TOKEN_NAME) {
        return idl_parser_unexpected(parser, DECLARATION_WORDS);
    }
    idl_suggestion_init(&suggestion, parser->token.text, parser->token.size);
    for (size_t i = 0; i < N_DECLARATION_WORDS; i++) {
        idl_suggestion_offer(&suggestion, declaration_words[i]);
    }
    return idl_parser_refuse(parser, parser->token.position,
                             "expected " DECLARATION_WORDS ", found '%.*s'" IDL_SUGGESTION_FORMAT,
                             (int)parser->token.size, parser->token.text,
                             IDL_SUGGESTION_ARGUMENTS(&suggestion));
}

/* parse_declaration() - import | const | typedef | struct | union | interface */
static int parse_declaration(struct body *body)
{
    struct idl_parser *parser = body->parser;
    struct idl_token word = parser->token;

    if (!idl_is_declaration_word(parser)) {
        return refuse_declaration(parser);
    }
    idl_parser_advance(parser);
    if (idl_token_is_word(&word, "import")) {
        return parse_import(body, word.position);
    }
    body->has_declaration = true;
    if (idl_token_is_word(&word, "const")) {
        return parse_const(body);
    }
    if (idl_token_is_word(&word, "typedef")) {
        return parse_typedef(body);
    }
    if (idl_token_is_word(&word, "struct")) {
        return parse_record(body, IDL_STRUCT);
    }
    if (idl_token_is_word(&word, "union")) {
        return parse_record(body, IDL_UNION);
    }
    return parse_interface(body, word.position);
}

/* idl_parse_idl() - idl_body = import* (const | typedef | struct | union | interface)* */
int idl_parse_idl(struct idl_parser *parser)
{
    struct body body = {
        .parser = parser,
        .imports_tail = &parser->file->imports,
        .declarations_tail = &parser->file->declarations,
    };
    int r = refuse_semicolon(parser, "the package's name");

    if (r != 0) {
        idl_parser_advance(parser);
    }
    while (r >= 0 && !idl_parser_is_over(parser)) {
        r = parse_declaration(&body);
        if (r > 0) {
            recover_in_file(parser);
        }
    }
    return r < 0 ? r : 0;
}
