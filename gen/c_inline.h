/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers that hold their code too, for builds written for nk-gen-c, which compile no generated C
 * file. Each object that includes such a header has a copy; all symbols are weak, so that the
 * copies become one when a program is linked.
 */
#pragma once

#include <stdbool.h>

struct emit;
struct idl_file;
struct proto_file;

/* Whether there is any code: an IDL file of constants and typedefs alone has none. */
bool c_inline_is_needed(const struct idl_file *file);

/* The end of the header, behind its declarations. */
void c_inline_emit(struct emit *emit, const struct proto_file *proto);
void c_inline_component_emit(struct emit *emit, const struct idl_file *file);
