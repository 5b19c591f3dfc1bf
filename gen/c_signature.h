/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters that handlers, calls and dispatchers have in common: self, request, response and
 * their arenas.
 */
#pragma once

struct emit;

/**
 * struct c_signature - a declaration, or the first line of a definition
 * @head: up to the opening parenthesis, that included
 * @self: first parameter, "struct echo_IPing *self"
 * @iid:  a parameter behind it, or NULL
 * @req:  the request, "const struct nk_message *req"
 * @res:  the response, "struct nk_message *res"
 * @tail: from the closing parenthesis on
 */
struct c_signature {
    const char *head;
    const char *self;
    const char *iid;
    const char *req;
    const char *res;
    const char *tail;
};

void c_signature_emit(struct emit *emit, const struct c_signature *signature);
