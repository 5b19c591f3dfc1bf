/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/expression.h"

#include <assert.h>
#include <errno.h>

#include "idl/arena.h"
#include "idl/diagnostics.h"

#define SHIFT_MAX 63

/* idl_expression_append() - add a copy of @step at the end; 0 or -ENOMEM */
int idl_expression_append(struct idl_expression *expression, struct idl_arena *arena,
                          struct idl_step step)
{
    struct idl_step *copy = idl_arena_alloc(arena, sizeof(*copy));
    if (copy == NULL) {
        return -ENOMEM;
    }
    *copy = step;
    copy->next = NULL;
    if (expression->last == NULL) {
        expression->first = copy;
    } else {
        expression->last->next = copy;
    }
    expression->last = copy;
    return 0;
}

const char *idl_wide_text(idl_wide value, char buffer[static IDL_WIDE_TEXT_BYTES])
{
    char *cursor = &buffer[IDL_WIDE_TEXT_BYTES - 1];
    idl_wide rest = value;

    *cursor = '\0';
    do {
        int digit = (int)(rest % 10);
        *--cursor = (char)('0' + (digit < 0 ? -digit : digit));
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        *--cursor = '-';
    }
    return cursor;
}

/* is_in_range() - can the languages represent this value at all? */
static bool is_in_range(idl_wide value)
{
    return value >= IDL_WIDE_MIN && value <= IDL_WIDE_MAX;
}

/* raise_to() - @base to the power of @exponent, which is not negative; stops when out of range */
static idl_wide raise_to(idl_wide base, idl_wide exponent)
{
    idl_wide result = 1;

    if (base == 0 || base == 1) {
        return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
        return exponent % 2 == 0 ? 1 : -1;
    }
    for (idl_wide i = 0; i < exponent && is_in_range(result); i++) {
        if (__builtin_mul_overflow(result, base, &result)) {
            return IDL_WIDE_MAX + 1;
        }
    }
    return result;
}

/* complement() - `~`: flips the bits of the type that the expression is for */
static int complement(const struct idl_step *step, const struct idl_evaluation *evaluation,
                      idl_wide *value)
{
    char digits[IDL_WIDE_TEXT_BYTES];

    if (evaluation->complement_max == 0) {
        *value = ~*value;
        return 0;
    }
    if (*value < 0 || *value > evaluation->complement_max) {
        return idl_diagnose(evaluation->diagnostics, step->position,
                            "'~' of %s: the value does not fit in the unsigned type",
                            idl_wide_text(*value, digits));
    }
    *value = evaluation->complement_max - *value;
    return 0;
}

/* check_operands() - refuse what has no result: x / 0, x << 64, x ** -1 */
static int check_operands(const struct idl_step *step, struct idl_diagnostics *diagnostics,
                          idl_wide right)
{
    char digits[IDL_WIDE_TEXT_BYTES];

    switch (step->operation) {
    case IDL_DIVIDE:
    case IDL_REMAINDER:
        if (right == 0) {
            return idl_diagnose(diagnostics, step->position, "division by zero");
        }
        return 0;
    case IDL_SHIFT_LEFT:
    case IDL_SHIFT_RIGHT:
        if (right < 0 || right > SHIFT_MAX) {
            return idl_diagnose(diagnostics, step->position,
                                "shift by %s bits; 0 to %d are possible",
                                idl_wide_text(right, digits), SHIFT_MAX);
        }
        return 0;
    case IDL_RAISE:
        if (right < 0) {
            return idl_diagnose(diagnostics, step->position, "'**' with the negative exponent %s",
                                idl_wide_text(right, digits));
        }
        return 0;
    default:
        return 0;
    }
}

/* calculate() - the result of a binary operator; the operands are checked, the result is not */
static idl_wide calculate(enum idl_operation operation, idl_wide left, idl_wide right)
{
    switch (operation) {
    case IDL_ADD:
        return left + right;
    case IDL_SUBTRACT:
        return left - right;
    case IDL_MULTIPLY:
        /* 65 bits times 65 bits do not fit, but what does not fit is out of range anyway. */
        return __builtin_mul_overflow(left, right, &left) ? IDL_WIDE_MAX + 1 : left;
    case IDL_DIVIDE:
        return left / right;
    case IDL_REMAINDER:
        return left % right;
    case IDL_SHIFT_LEFT:
        return __builtin_mul_overflow(left, (idl_wide)1 << (int)right, &left) ? IDL_WIDE_MAX + 1
                                                                              : left;
    case IDL_SHIFT_RIGHT:
        return left >> (int)right;
    case IDL_AND:
        return left & right;
    case IDL_OR:
        return left | right;
    default:
        assert(operation == IDL_RAISE);
        return raise_to(left, right);
    }
}

/* apply() - one operator on the top of the stack; @top is the left or only operand */
static int apply(const struct idl_step *step, const struct idl_evaluation *evaluation,
                 idl_wide *top)
{
    int r = 0;

    if (step->operation == IDL_NEGATE) {
        *top = -*top;
    } else if (step->operation == IDL_COMPLEMENT) {
        r = complement(step, evaluation, top);
    } else {
        r = check_operands(step, evaluation->diagnostics, top[1]);
        if (r == 0) {
            *top = calculate(step->operation, top[0], top[1]);
        }
    }
    if (r == 0 && !is_in_range(*top)) {
        r = idl_diagnose(evaluation->diagnostics, step->position,
                         "overflow: the result does not fit in 64 bits");
    }
    return r;
}

/**
 * idl_expression_evaluate() - the value of an expression
 * @expression: as the parser built it
 * @evaluation: what it is for
 * @ret_value:  the value; whether it fits the type is up to the caller
 *
 * Return: 0; IDL_E_INVALID, reported; -ENOMEM.
 */
int idl_expression_evaluate(const struct idl_expression *expression,
                            const struct idl_evaluation *evaluation, idl_wide *ret_value)
{
    idl_wide stack[IDL_EXPRESSION_STACK] = {0};
    size_t n_values = 0;
    int r = 0;

    for (const struct idl_step *step = expression->first; step != NULL && r == 0;
         step = step->next) {
        if (step->operation == IDL_PUSH_NUMBER || step->operation == IDL_PUSH_NAME) {
            assert(n_values < IDL_EXPRESSION_STACK);
            stack[n_values] = step->number;
            if (step->operation == IDL_PUSH_NAME) {
                r = evaluation->find(evaluation->userdata, step->name, step->position,
                                     &stack[n_values]);
            }
            n_values++;
            continue;
        }
        if (step->operation != IDL_NEGATE && step->operation != IDL_COMPLEMENT) {
            assert(n_values >= 2);
            n_values--;
        }
        r = apply(step, evaluation, &stack[n_values - 1]);
    }
    if (r == 0) {
        assert(n_values == 1);
        *ret_value = stack[0];
    }
    return r;
}
