/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "idl/arena.h"
#include "idl/context.h"
#include "idl/expression.h"
#include "idl/limits.h"
#include "idl/parser.h"

/*
 * expression = conjunction ("|" conjunction)*           level 0
 * conjunction = shift ("&" shift)*                      level 1
 * shift = sum (("<<" | ">>") sum)*                      level 2
 * sum = product (("+" | "-") product)*                  level 3
 * product = unary (("*" | "/" | "%") unary)*            level 4
 * unary = ("+" | "-" | "~") unary | power
 * power = primary ["**" unary]
 * primary = NUMBER | NAME | "(" expression ")"
 */
#define LEVELS 5

static const struct {
    int token;
    unsigned level;
    enum idl_operation operation;
} binary_operators[] = {
    {'|', 0, IDL_OR},
    {'&', 1, IDL_AND},
    {IDL_TOKEN_SHIFT_LEFT, 2, IDL_SHIFT_LEFT},
    {IDL_TOKEN_SHIFT_RIGHT, 2, IDL_SHIFT_RIGHT},
    {'+', 3, IDL_ADD},
    {'-', 3, IDL_SUBTRACT},
    {'*', 4, IDL_MULTIPLY},
    {'/', 4, IDL_DIVIDE},
    {'%', 4, IDL_REMAINDER},
};

static int parse_binary(struct idl_parser *parser, unsigned level,
                        struct idl_expression *expression);

/* find_operator() - the operation of the next token at @level; false if it is none */
static bool find_operator(const struct idl_parser *parser, unsigned level,
                          enum idl_operation *ret_operation)
{
    for (size_t i = 0; i < sizeof(binary_operators) / sizeof(binary_operators[0]); i++) {
        if (binary_operators[i].level == level && binary_operators[i].token == parser->token.kind) {
            *ret_operation = binary_operators[i].operation;
            return true;
        }
    }
    return false;
}

/* parse_primary() - primary = NUMBER | NAME | "(" expression ")" */
static int parse_primary(struct idl_parser *parser, struct idl_expression *expression)
{
    struct idl_step step = {.position = parser->token.position};
    int r = 0;

    if (idl_parser_accept(parser, '(')) {
        r = parse_binary(parser, 0, expression);
        return r == 0 ? idl_parser_expect(parser, ')', "an expression in parentheses") : r;
    }
    if (parser->token.kind == IDL_TOKEN_NUMBER) {
        step.operation = IDL_PUSH_NUMBER;
        step.number = parser->token.value;
        idl_parser_advance(parser);
    } else {
        step.operation = IDL_PUSH_NAME;
        r = idl_parse_name(parser, "a number, the name of a constant or '('", &step.name);
    }
    return r == 0 ? idl_expression_append(expression, parser->arena, step) : r;
}

static int parse_unary(struct idl_parser *parser, struct idl_expression *expression);

/* parse_power() - power = primary ["**" unary] */
static int parse_power(struct idl_parser *parser, struct idl_expression *expression)
{
    int r = parse_primary(parser, expression);
    struct idl_step step = {.operation = IDL_RAISE, .position = parser->token.position};

    if (r != 0 || !idl_parser_accept(parser, IDL_TOKEN_POWER)) {
        return r;
    }
    r = parse_unary(parser, expression);
    return r == 0 ? idl_expression_append(expression, parser->arena, step) : r;
}

/* parse_sign() - ("+" | "-" | "~") unary, or a power if there is no sign */
static int parse_sign(struct idl_parser *parser, struct idl_expression *expression)
{
    struct idl_step step = {.position = parser->token.position};

    if (idl_parser_accept(parser, '+')) {
        return parse_unary(parser, expression);
    }
    if (idl_parser_accept(parser, '-')) {
        step.operation = IDL_NEGATE;
    } else if (idl_parser_accept(parser, '~')) {
        step.operation = IDL_COMPLEMENT;
    } else {
        return parse_power(parser, expression);
    }
    int r = parse_unary(parser, expression);
    return r == 0 ? idl_expression_append(expression, parser->arena, step) : r;
}

/* parse_unary() - unary = ("+" | "-" | "~") unary | power; every recursion passes here */
static int parse_unary(struct idl_parser *parser, struct idl_expression *expression)
{
    if (parser->depth == IDL_EXPRESSION_DEPTH_MAX) {
        return idl_parser_refuse(parser, parser->token.position,
                                 "this expression nests deeper than %d levels; name a part of it "
                                 "with 'const'",
                                 IDL_EXPRESSION_DEPTH_MAX);
    }
    parser->depth++;
    int r = parse_sign(parser, expression);
    parser->depth--;
    return r;
}

/* parse_binary() - the rules from expression to product: one level's operators, left to right */
static int parse_binary(struct idl_parser *parser, unsigned level,
                        struct idl_expression *expression)
{
    struct idl_step step = {0};

    if (level == LEVELS) {
        return parse_unary(parser, expression);
    }
    int r = parse_binary(parser, level + 1, expression);
    while (r == 0 && find_operator(parser, level, &step.operation)) {
        step.position = parser->token.position;
        idl_parser_advance(parser);
        r = parse_binary(parser, level + 1, expression);
        if (r == 0) {
            r = idl_expression_append(expression, parser->arena, step);
        }
    }
    return r;
}

/* idl_parse_expression() - a constant expression, in postfix order */
int idl_parse_expression(struct idl_parser *parser, const struct idl_expression **ret_expression)
{
    struct idl_expression *expression = idl_parser_alloc(parser, sizeof(*expression));
    if (expression == NULL) {
        return -ENOMEM;
    }
    expression->position = parser->token.position;
    unsigned depth = parser->depth;
    parser->depth = 0;
    int r = parse_binary(parser, 0, expression);
    parser->depth = depth;
    if (r == 0) {
        *ret_expression = expression;
    }
    return r;
}
