/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "idl/arena.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/parser.h"
#include "idl/suggest.h"

/* The parts of a CDL or EDL file, for "given twice". */
enum part {
    PART_ENDPOINTS,
    PART_COMPONENTS,
    PART_SECURITY,
    N_PARTS,
};

struct blocks {
    struct idl_parser *parser;
    struct idl_component *component;
    struct idl_position first[N_PARTS]; /* where the part stands; source is NULL if it does not */
};

/* refuse_separator() - the languages of components have none */
static int refuse_separator(struct idl_parser *parser)
{
    return idl_parser_refuse(parser, parser->token.position,
                             "unexpected '%c'; entries are not separated, remove it",
                             parser->token.kind);
}

/* is_separator() - would other languages have this mark behind an entry? */
static bool is_separator(const struct idl_parser *parser)
{
    return parser->token.kind == ';' || parser->token.kind == ',';
}

/* parse_member() - member = NAME ":" qualified_name */
static int parse_member(struct idl_parser *parser, struct idl_member **ret_member)
{
    struct idl_member *member = idl_parser_alloc(parser, sizeof(*member));
    if (member == NULL) {
        return -ENOMEM;
    }
    member->position = parser->token.position;
    int r = idl_parse_name(parser, "a name or '}'", &member->name);
    if (r == 0) {
        r = idl_parser_expect(parser, ':', "the name");
    }
    member->target_position = parser->token.position;
    if (r == 0) {
        r = idl_parse_qualified_name(parser, "a qualified name such as echo.IPing",
                                     &member->target);
    }
    if (r == 0 && is_separator(parser)) {
        r = refuse_separator(parser);
    }
    *ret_member = member;
    return r;
}

/* parse_members() - members = "{" member* "}" */
static int parse_members(struct idl_parser *parser, const char *after,
                         struct idl_member **ret_first)
{
    struct idl_member **tail = ret_first;
    struct idl_position open = parser->token.position;
    int r = idl_parser_expect(parser, '{', after);

    while (r == 0 && parser->token.kind != '}' && parser->token.kind != IDL_TOKEN_END) {
        r = parse_member(parser, tail);
        if (r == 0) {
            tail = &(*tail)->next;
        }
    }
    return r == 0 ? idl_parser_close(parser, open, "the entries") : r;
}

/* claim_part() - each part may stand once */
static int claim_part(struct blocks *blocks, enum part part, const char *what)
{
    struct idl_parser *parser = blocks->parser;
    struct idl_position position = parser->token.position;

    if (blocks->first[part].source != NULL) {
        int r = idl_parser_refuse(parser, position, "%s given twice; merge them", what);
        return r < 0 ? r
                     : idl_diagnose_note(parser->diagnostics, blocks->first[part],
                                         "the first time is here");
    }
    blocks->first[part] = position;
    idl_parser_advance(parser);
    return 0;
}

/* parse_endpoints() - ("endpoints" | "interfaces") members */
static int parse_endpoints(struct blocks *blocks)
{
    bool is_old = idl_parser_is_word(blocks->parser, "interfaces");
    struct idl_position position = blocks->parser->token.position;
    int r = claim_part(blocks, PART_ENDPOINTS, "'endpoints' are");

    if (r == 0 && is_old) {
        blocks->component->interfaces = position;
    }
    return r == 0 ? parse_members(blocks->parser, "'endpoints'", &blocks->component->endpoints) : r;
}

/* parse_components() - "components" members */
static int parse_components(struct blocks *blocks)
{
    int r = claim_part(blocks, PART_COMPONENTS, "'components' are");
    return r == 0 ? parse_members(blocks->parser, "'components'", &blocks->component->components)
                  : r;
}

/* parse_security() - "security" qualified_name */
static int parse_security(struct blocks *blocks)
{
    struct idl_parser *parser = blocks->parser;
    int r = claim_part(blocks, PART_SECURITY, "'security' is");

    if (r != 0) {
        return r;
    }
    struct idl_member *security = idl_parser_alloc(parser, sizeof(*security));
    if (security == NULL) {
        return -ENOMEM;
    }
    security->position = parser->token.position;
    security->target_position = parser->token.position;
    r = idl_parse_qualified_name(parser, "the name of the security interface", &security->target);
    if (r == 0) {
        blocks->component->security = security;
    }
    return r;
}

/* refuse_block() - nothing that a component has; perhaps misspelt */
static int refuse_block(struct idl_parser *parser)
{
    struct idl_suggestion suggestion;

    if (is_separator(parser)) {
        return refuse_separator(parser);
    }
    if (parser->token.kind != IDL_TOKEN_NAME) {
        return idl_parser_unexpected(parser, "'endpoints', 'components' or 'security'");
    }
    idl_suggestion_init(&suggestion, parser->token.text, parser->token.size);
    idl_suggestion_offer(&suggestion, "endpoints");
    idl_suggestion_offer(&suggestion, "components");
    idl_suggestion_offer(&suggestion, "security");
    idl_suggestion_offer(&suggestion, "interfaces");
    return idl_parser_refuse(
        parser, parser->token.position,
        "expected 'endpoints', 'components' or 'security', found '%.*s'" IDL_SUGGESTION_FORMAT,
        (int)parser->token.size, parser->token.text, IDL_SUGGESTION_ARGUMENTS(&suggestion));
}

/* parse_block() - block = ("endpoints" | "interfaces" | "components") members | security */
static int parse_block(struct blocks *blocks)
{
    struct idl_parser *parser = blocks->parser;

    if (idl_parser_is_word(parser, "endpoints") || idl_parser_is_word(parser, "interfaces")) {
        return parse_endpoints(blocks);
    }
    if (idl_parser_is_word(parser, "components")) {
        return parse_components(blocks);
    }
    if (idl_parser_is_word(parser, "security")) {
        return parse_security(blocks);
    }
    return refuse_block(parser);
}

/* is_block_start() - does a line begin with what looks like a new block? */
static bool is_block_start(const struct idl_parser *parser)
{
    return parser->token.is_first_on_line &&
           (idl_parser_is_word(parser, "endpoints") || idl_parser_is_word(parser, "interfaces") ||
            idl_parser_is_word(parser, "components") || idl_parser_is_word(parser, "security"));
}

/* recover() - behind an error: on to the end of the block, or to the next one */
static void recover(struct idl_parser *parser)
{
    do {
        if (idl_parser_accept(parser, '}')) {
            return;
        }
        idl_parser_skip(parser);
    } while (parser->token.kind != IDL_TOKEN_END && !is_block_start(parser));
}

/* idl_parse_component() - blocks = block*; each kind once, in any order */
int idl_parse_component(struct idl_parser *parser)
{
    struct blocks blocks = {.parser = parser};

    blocks.component = idl_parser_alloc(parser, sizeof(*blocks.component));
    if (blocks.component == NULL) {
        return -ENOMEM;
    }
    blocks.component->position = parser->file->position;
    blocks.component->is_entity = parser->file->kind == IDL_FILE_EDL;
    parser->file->component = blocks.component;
    while (parser->token.kind != IDL_TOKEN_END && !idl_diagnostics_is_full(parser->diagnostics)) {
        int r = parse_block(&blocks);
        if (r < 0) {
            return r;
        }
        if (r != 0) {
            recover(parser);
        }
    }
    return 0;
}
