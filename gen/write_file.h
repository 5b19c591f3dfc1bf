/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that are there as a whole or not at all, and keep their time stamp when nothing changed.
 */
#pragma once

#include <stddef.h>

/* Makes the directories above @path too. Returns 0 or a negative errno. */
int write_file(const char *path, const char *text, size_t size);
/* The whole file, with a NUL behind it; owned by the caller. */
int read_file(const char *path, char **ret_text, size_t *ret_size);
