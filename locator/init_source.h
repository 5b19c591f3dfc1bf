/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of an init.yaml: checked to be UTF-8, with its lines, and with what makes an error from
 * a place in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "locator/init_error.h"

struct init_source {
    char *file;  /* as it was named, for messages */
    char *text;  /* without a byte order mark; a NUL follows */
    size_t size; /* bytes of text */
    size_t *line_starts;
    size_t n_lines;
};

/* A name in a message: in quotes, and shortened if it is long. */
struct init_quoted {
    char text[80];
};

int init_source_new(const char *file, const void *bytes, size_t size,
                    struct init_source **ret_source, struct init_error *ret_error);
int init_source_new_from_file(const char *path, struct init_source **ret_source,
                              struct init_error *ret_error);
struct init_source *init_source_free(struct init_source *source);
void init_source_free_p(struct init_source **source);

struct init_position init_source_position(const struct init_source *source, size_t offset);
bool init_is_control(const char *p);
struct init_quoted init_quote(const char *name);
int init_source_fail(const struct init_source *source, struct init_position position,
                     struct init_error *ret_error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
