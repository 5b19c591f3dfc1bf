/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comments in the canonical form: how wide they are, and their lines when they move.
 */
#pragma once

#include <stddef.h>

struct emit;
struct format_piece;

/* Columns of a piece of one line; every character of UTF-8 counts as one. */
size_t format_columns(const struct format_piece *piece);
/* A comment of several lines, without the blanks at the ends of its lines: its other lines move as
 * far as the first one, which begins at @column now; or they stay. */
void format_comment_move(struct emit *emit, const struct format_piece *piece, size_t column);
void format_comment_keep(struct emit *emit, const struct format_piece *piece);
