/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical form of IDL, CDL and EDL files. Only blanks and line ends change: the tokens and
 * the comments are those of the source, in the same order.
 *
 * Four columns per brace, a brace on the line that it belongs to, one declaration, field, method or
 * entry per line; one blank line between declarations of different kinds and around structs,
 * unions, interfaces and blocks, elsewhere where the source has one or more, but none inside a
 * declaration. A method that does not fit into 100 columns, or has a line comment or one of several
 * lines inside, gets one parameter per line: below the first one if all fit there, else one level
 * deeper than the method. Comments stay in their line, or in a line of their own before what they
 * stood before; their lines move together.
 */
#pragma once

struct emit;
struct idl_source;

/* @source was parsed without an error. Returns 0 or a negative errno. */
int format_emit(struct emit *emit, const struct idl_source *source);
