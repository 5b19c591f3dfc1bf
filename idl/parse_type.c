/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/parse_idl.h"

#include <errno.h>

#include "idl/builtin.h"
#include "idl/context.h"
#include "idl/limits.h"
#include "idl/parser.h"

/* parse_bound() - the end of a type: expression ">" */
static int parse_bound(struct idl_parser *parser, struct idl_type *type)
{
    int r = idl_parse_expression(parser, &type->bound_expression);

    return r == 0 ? idl_parser_expect(parser, '>', "the bound") : r;
}

/* parse_bounded() - ("string" | "bytes") "<" expression ">"; the word is taken already */
static int parse_bounded(struct idl_parser *parser, struct idl_type *type)
{
    bool is_string = type->kind == IDL_STRING;
    int r = idl_parser_expect(
        parser, '<', is_string ? "'string', as in string<255>" : "'bytes', as in bytes<255>");
    return r == 0 ? parse_bound(parser, type) : r;
}

/* parse_container() - ("sequence" | "array") "<" type "," expression ">"; the word is taken already
 */
static int parse_container(struct idl_parser *parser, struct idl_type *type)
{
    bool is_sequence = type->kind == IDL_SEQUENCE;
    int r = idl_parser_expect(parser, '<',
                              is_sequence ? "'sequence', as in sequence<UInt8, 16>"
                                          : "'array', as in array<UInt8, 16>");
    if (r == 0) {
        r = idl_parse_type(parser, &type->element);
    }
    if (r == 0) {
        r = idl_parser_expect(parser, ',', "the type of the elements");
    }
    return r == 0 ? parse_bound(parser, type) : r;
}

/* parse_typed_handle() - "handle" "<" qualified_name ">"; the word is taken already */
static int parse_typed_handle(struct idl_parser *parser, struct idl_type *type)
{
    int r = idl_parser_expect(parser, '<', "'handle', as in handle<echo.IPing>");

    type->interface_position = parser->token.position;
    if (r == 0) {
        r = idl_parse_qualified_name(parser, "the name of an interface", &type->interface_name);
    }
    if (r == 0) {
        r = idl_parser_expect(parser, '>', "the interface");
    }
    if (r == 0) {
        type->next_handle = parser->file->handles;
        parser->file->handles = type;
    }
    return r;
}

/* parse_named() - NAME of a typedef, struct or union */
static int parse_named(struct idl_parser *parser, struct idl_type *type)
{
    type->kind = IDL_NAMED;
    if (idl_is_declaration_word(parser)) {
        return idl_parser_unexpected(parser, "a type");
    }
    int r = idl_parse_name(parser, "a type", &type->name);
    if (r == 0 && parser->token.kind == '.') {
        return idl_parser_refuse(parser, type->position,
                                 "types are used without their package: import the package and "
                                 "write the last name only");
    }
    return r;
}

/*
 * parse_unnested_type() - type = SCALAR | ("string" | "bytes") "<" expression ">"
 *                              | ("sequence" | "array") "<" type "," expression ">"
 *                              | "Handle" | "handle" "<" qualified_name ">" | NAME
 */
static int parse_unnested_type(struct idl_parser *parser, struct idl_type *type)
{
    const struct idl_builtin *builtin = NULL;

    if (parser->token.kind == IDL_TOKEN_NAME) {
        builtin = idl_builtin_find(parser->token.text, parser->token.size);
    }
    if (builtin == NULL) {
        return parse_named(parser, type);
    }
    type->kind = builtin->kind;
    idl_parser_advance(parser);
    switch (builtin->form) {
    case IDL_FORM_BOUNDED:
        return parse_bounded(parser, type);
    case IDL_FORM_CONTAINER:
        return parse_container(parser, type);
    case IDL_FORM_TYPED_HANDLE:
        return parse_typed_handle(parser, type);
    default:
        return 0;
    }
}

/* idl_parse_type() - type, as above, not nested too deeply */
int idl_parse_type(struct idl_parser *parser, struct idl_type **ret_type)
{
    struct idl_type *type = idl_parser_alloc(parser, sizeof(*type));
    if (type == NULL) {
        return -ENOMEM;
    }
    type->position = parser->token.position;
    if (parser->depth == IDL_TYPE_DEPTH_MAX) {
        return idl_parser_refuse(parser, type->position, "types nest deeper than %d levels",
                                 IDL_TYPE_DEPTH_MAX);
    }
    parser->depth++;
    int r = parse_unnested_type(parser, type);
    parser->depth--;
    if (r == 0) {
        *ret_type = type;
    }
    return r;
}

/* idl_parse_variable() - type NAME, for fields and parameters */
int idl_parse_variable(struct idl_parser *parser, const char *what, struct idl_field **ret_variable)
{
    struct idl_field *variable = idl_parser_alloc(parser, sizeof(*variable));
    if (variable == NULL) {
        return -ENOMEM;
    }
    int r = idl_parse_type(parser, &variable->type);
    variable->position = parser->token.position;
    if (r == 0) {
        r = idl_parse_name(parser, what, &variable->name);
    }
    if (r == 0) {
        *ret_variable = variable;
    }
    return r;
}
