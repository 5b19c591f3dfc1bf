/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the declarations are that come with idlc, wherever that was installed.
 */
#pragma once

#include <stddef.h>

/* Returns 0, or a negative errno: then there are none. */
int shipped_dir(char *ret_dir, size_t size);
