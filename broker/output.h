/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output of the entities on its way to the terminal: whole lines, each behind the name of its
 * entity.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct output;

/*
 * @prefix:      put the entity's name before each line
 * @colour:      in colour
 * @name_width:  columns for the names
 * @logs:        folder where each entity's lines go into a file of its own too, without its name;
 * borrowed; -1 for none
 * @interrupts:  descriptor that is readable when @interrupted must be called, also while nobody
 * reads our output
 * @interrupted: called then. Return: whether to go on waiting for the reader; false drops the
 * output from here on
 * @data:        its argument
 */
struct output_options {
    bool prefix;
    bool colour;
    size_t name_width;
    int logs;
    int interrupts;
    bool (*interrupted)(void *data);
    void *data;
};

int output_open(int socket, const char *name, bool is_error, int *ret_writing_end);
int output_new(int socket, const struct output_options *options, struct output **ret_output);
struct output *output_free(struct output *output);
int output_fd(const struct output *output);
bool output_pump(struct output *output);
