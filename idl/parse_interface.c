/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/parse_idl.h"

#include <errno.h>

#include "idl/context.h"
#include "idl/limits.h"
#include "idl/parser.h"
#include "idl/suggest.h"

enum direction {
    DIRECTION_IN,
    DIRECTION_OUT,
    DIRECTION_ERROR,
    N_DIRECTIONS,
};

static const char *const direction_words[N_DIRECTIONS] = {"in", "out", "error"};

struct parameters {
    struct idl_field **tails[N_DIRECTIONS];
    enum direction last;
    unsigned n_parameters;
};

/* refuse_direction() - a parameter without in, out or error */
static int refuse_direction(struct idl_parser *parser)
{
    struct idl_suggestion suggestion;

    if (parser->token.kind != IDL_TOKEN_NAME) {
        return idl_parser_unexpected(parser, "'in', 'out' or 'error'");
    }
    idl_suggestion_init(&suggestion, parser->token.text, parser->token.size);
    for (size_t i = 0; i < N_DIRECTIONS; i++) {
        idl_suggestion_offer(&suggestion, direction_words[i]);
    }
    return idl_parser_refuse(parser, parser->token.position,
                             "a parameter begins with 'in', 'out' or 'error', found "
                             "'%.*s'" IDL_SUGGESTION_FORMAT,
                             (int)parser->token.size, parser->token.text,
                             IDL_SUGGESTION_ARGUMENTS(&suggestion));
}

/* parse_direction() - direction = "in" | "out" | "error", in this order within a method */
static int parse_direction(struct idl_parser *parser, struct parameters *parameters)
{
    struct idl_position position = parser->token.position;
    enum direction direction = DIRECTION_IN;

    while (direction < N_DIRECTIONS && !idl_parser_is_word(parser, direction_words[direction])) {
        direction++;
    }
    if (direction == N_DIRECTIONS) {
        return refuse_direction(parser);
    }
    idl_parser_advance(parser);
    if (direction < parameters->last) {
        return idl_parser_refuse(parser, position,
                                 "'%s' parameter behind an '%s' parameter; the order is in, out, "
                                 "error",
                                 direction_words[direction], direction_words[parameters->last]);
    }
    parameters->last = direction;
    return 0;
}

/* parse_parameter() - parameter = direction type NAME */
static int parse_parameter(struct idl_parser *parser, struct parameters *parameters)
{
    if (parameters->n_parameters++ == IDL_PARAMETERS_MAX) {
        return idl_parser_refuse(parser, parser->token.position,
                                 "a method has at most %d parameters; put some into a struct",
                                 IDL_PARAMETERS_MAX);
    }
    int r = parse_direction(parser, parameters);
    if (r != 0) {
        return r;
    }
    struct idl_field ***tail = &parameters->tails[parameters->last];
    r = idl_parse_variable(parser, "the parameter's name", *tail);
    if (r == 0) {
        *tail = &(**tail)->next;
    }
    return r;
}

/* parse_parameters() - "(" [parameter ("," parameter)*] ")" */
static int parse_parameters(struct idl_parser *parser, struct idl_method *method)
{
    struct parameters parameters = {.tails = {&method->in, &method->out, &method->error}};
    int r = idl_parser_expect(parser, '(', "the method's name");

    if (r != 0 || idl_parser_accept(parser, ')')) {
        return r;
    }
    do {
        r = parse_parameter(parser, &parameters);
    } while (r == 0 && idl_parser_accept(parser, ','));
    if (r == 0 && !idl_parser_accept(parser, ')')) {
        r = idl_parser_unexpected(parser, "',' or ')' after the parameter");
    }
    return r;
}

/* parse_method() - method = NAME "(" [parameter ("," parameter)*] ")" ";" */
static int parse_method(struct idl_parser *parser, struct idl_method **ret_method)
{
    struct idl_method *method = idl_parser_alloc(parser, sizeof(*method));
    if (method == NULL) {
        return -ENOMEM;
    }
    method->position = parser->token.position;
    int r = idl_parse_name(parser, "a method's name or '}'", &method->name);
    if (r != 0) {
        return r;
    }
    *ret_method = method;
    r = parse_parameters(parser, method);
    return r == 0 ? idl_parser_expect(parser, ';', "the method") : r;
}

/* idl_parse_methods() - "{" method* "}" */
int idl_parse_methods(struct idl_parser *parser, struct idl_interface *interface)
{
    struct idl_method **tail = &interface->methods;
    struct idl_position open = parser->token.position;
    int r = idl_parser_expect(parser, '{', "'interface'");

    if (r != 0) {
        return r;
    }
    while (parser->token.kind != '}' && !idl_parser_is_over(parser)) {
        if (interface->n_methods == IDL_METHODS_MAX) {
            return idl_parser_refuse(parser, parser->token.position,
                                     "an interface has at most %d methods", IDL_METHODS_MAX);
        }
        r = parse_method(parser, tail);
        if (r < 0) {
            return r;
        }
        if (*tail != NULL) {
            tail = &(*tail)->next;
            interface->n_methods++;
        }
        if (r != 0) {
            idl_recover_in_block(parser);
            if (idl_is_at_declaration(parser)) {
                return r;
            }
        }
    }
    return idl_parser_close(parser, open, "the methods");
}
