/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether two values are the same, whatever their arenas look like.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>

#define SAME_VALUE_PATH_MAX 256

/* A request, response or error response with its tables and its arena; all borrowed. */
struct typed_object {
    const struct capchan_record *record;
    const void *object;
    const struct nk_arena *arena;
};

bool same_value(const struct typed_object *a, const struct typed_object *b, char *ret_path);
