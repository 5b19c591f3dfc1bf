/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output of the entities on its way to the terminal: whole lines, each behind the name of its
 * entity.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct output;

int output_open(int socket, const char *name, bool is_error, int *ret_writing_end);
int output_new(int socket, bool prefix, bool colour, size_t name_width, struct output **ret_output);
struct output *output_free(struct output *output);
int output_fd(const struct output *output);
bool output_pump(struct output *output);
