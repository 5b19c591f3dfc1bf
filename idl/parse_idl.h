/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the IDL grammar need of one another: files in parse_idl.c, types in
 * parse_type.c, interfaces in parse_interface.c.
 */
#pragma once

#include <stdbool.h>

struct idl_field;
struct idl_interface;
struct idl_parser;
struct idl_type;

/* Rules, as parser.h describes them. */
int idl_parse_type(struct idl_parser *parser, struct idl_type **ret_type);
int idl_parse_variable(struct idl_parser *parser, const char *what,
                       struct idl_field **ret_variable);
int idl_parse_methods(struct idl_parser *parser, struct idl_interface *interface);

/* Could the next token begin a declaration, and does it look like that? */
bool idl_is_declaration_word(const struct idl_parser *parser);
bool idl_is_at_declaration(const struct idl_parser *parser);
/* Is there nothing left to parse, or no use in it? */
bool idl_parser_is_over(const struct idl_parser *parser);
/* Behind an error between braces: on to the next entry, or the end of the block. */
void idl_recover_in_block(struct idl_parser *parser);
