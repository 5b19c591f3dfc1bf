/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with an init.yaml, where, and how it is shown. The first error of a file is the
 * only one.
 *
 *     init.yaml:7:5: error: unknown key 'conections' in an entity; did you mean 'connections'?
 *         7 |     conections:
 *           |     ^
 */
#pragma once

#include <stdio.h>

/* Lines and columns (in bytes) count from 1; line 0: the file as a whole. */
struct init_position {
    unsigned int line;
    unsigned int column;
};

/* All strings are owned by the error; {0} is an error that is not set. */
struct init_error {
    char *file;
    struct init_position position;
    char *message;
    char *source_line; /* without its line end; NULL if the error has no line */
};

void init_error_print(const struct init_error *error, FILE *out);
void init_error_deinit(struct init_error *error);
