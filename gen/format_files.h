/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc --format: the canonical form of files, printed, written in their place or just compared.
 */
#pragma once

struct options;

/* Returns 0, or something was wrong, or not in its canonical form, and was printed. */
int format_files(const struct options *options);
