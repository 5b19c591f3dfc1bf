/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells of a table for people.
 */
#pragma once

#include <libsmartcols/libsmartcols.h>

__attribute__((format(printf, 3, 4))) void cell_set(struct libscols_line *line, size_t column,
                                                    const char *format, ...);
void cell_set_number(struct libscols_line *line, size_t column, double value);
