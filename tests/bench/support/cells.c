/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/cells.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_BYTES 160

/* cell_set() - as printf() */
void cell_set(struct libscols_line *line, size_t column, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    (void)scols_line_set_data(line, column, text);
}

/* cell_set_number() - with three digits that count; 0, which nothing that was measured is, leaves
 * it empty */
void cell_set_number(struct libscols_line *line, size_t column, double value)
{
    if (value > 0) {
        cell_set(line, column, "%.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
    }
}
