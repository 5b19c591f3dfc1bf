/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constant expressions, kept in postfix order: evaluating is a loop with a small stack, however
 * long the text is.
 */
#pragma once

#include <stdint.h>

#include "idl/model.h"

struct idl_arena;
struct idl_diagnostics;

/* Holds every value from the smallest SInt64 to the largest UInt64, and one operation on them. */
__extension__ typedef __int128 idl_wide;

#define IDL_WIDE_MIN ((idl_wide)INT64_MIN)
#define IDL_WIDE_MAX ((idl_wide)UINT64_MAX)

enum idl_operation {
    IDL_PUSH_NUMBER,
    IDL_PUSH_NAME,
    IDL_NEGATE,
    IDL_COMPLEMENT,
    IDL_ADD,
    IDL_SUBTRACT,
    IDL_MULTIPLY,
    IDL_DIVIDE,
    IDL_REMAINDER,
    IDL_SHIFT_LEFT,
    IDL_SHIFT_RIGHT,
    IDL_AND,
    IDL_OR,
    IDL_RAISE,
};

/* One step: pushes a value, or replaces the topmost one or two. */
struct idl_step {
    enum idl_operation operation;
    struct idl_position position; /* of the operator, number or name */
    uint64_t number;              /* of PUSH_NUMBER */
    const char *name;             /* of PUSH_NAME */
    struct idl_step *next;
};

/* Steps that leave one value; the parser builds no expression that needs more than the stack. */
#define IDL_EXPRESSION_STACK 256

struct idl_expression {
    struct idl_position position; /* of its first token */
    struct idl_step *first;
    struct idl_step *last;
};

/* What an expression is evaluated for. */
struct idl_evaluation {
    struct idl_diagnostics *diagnostics;
    idl_wide complement_max; /* `~x` is this minus x; 0 for the two's complement of a signed type */
    /* Finds a constant; reports by itself if there is none. Returns 0, IDL_E_INVALID or -ENOMEM. */
    int (*find)(void *userdata, const char *name, struct idl_position position,
                idl_wide *ret_value);
    void *userdata;
};

int idl_expression_append(struct idl_expression *expression, struct idl_arena *arena,
                          struct idl_step step);
int idl_expression_evaluate(const struct idl_expression *expression,
                            const struct idl_evaluation *evaluation, idl_wide *ret_value);

/* The decimal digits of a value, for messages. */
#define IDL_WIDE_TEXT_BYTES 41
const char *idl_wide_text(idl_wide value, char buffer[static IDL_WIDE_TEXT_BYTES]);
