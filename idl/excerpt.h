/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source line as diagnostics show it, with the place in question underlined; whatever the file
 * contains, nothing in it can command the terminal.
 */
#pragma once

#include <stdio.h>

#include "idl/model.h"

/* The line at @position, and "^~~~" below the name, number or mark that stands there; nothing for
 * an empty line. */
void idl_excerpt_print(struct idl_position position, FILE *out);

/* A text of one line, such as a message or a path. */
void idl_print_harmless(const char *text, FILE *out);
