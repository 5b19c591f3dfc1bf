/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying and clearing what is small: mostly a number, of a size that no compiler knows, and not
 * worth calling anything. What is large is core/copy.h's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* copy_few() - @size bytes, mostly no more than 16 */
static inline void copy_few(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size > 16) {
        memcpy(to, from, size);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else if (size >= 2) {
        memcpy(to, from, 2);
        memcpy(to + size - 2, from + size - 2, 2);
    } else if (size > 0) {
        *to = *from;
    }
}

/* clear_few() - @size bytes, 0 or 8 to 64, as some numbers take. Return: false: it is another size,
 * and nothing was done. */
static inline bool clear_few(void *to, size_t size)
{
    char *t = to;

    if (size > 64) {
        return false;
    }
    if (size > 32) {
        memset(t, 0, 32);
        memset(t + size - 32, 0, 32);
    } else if (size > 16) {
        memset(t, 0, 16);
        memset(t + size - 16, 0, 16);
    } else if (size >= 8) {
        memset(t, 0, 8);
        memset(t + size - 8, 0, 8);
    } else if (size > 0) {
        return false;
    }
    return true;
}
