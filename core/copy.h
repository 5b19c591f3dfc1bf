/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying what is not small.
 *
 * From 2 KiB on memcpy() leaves the work to an instruction of the processor, which on many takes
 * thirty times as long where the copy lies a few bytes behind the original, modulo 4096: 64 KiB in
 * 35 us instead of 1.2. Where messages begin, and where programs put their arenas, that is common.
 * Pieces that fit into registers take as long everywhere.
 */
#pragma once

#include <stddef.h>
#include <string.h>

#define COPY_PIECE_BYTES 256

/* From here on memcpy() does not go through the cache, which is better for what does not fit there.
 */
#define COPY_WHOLE_BYTES ((size_t)512 << 10)

/* copy_bytes() - memcpy() for any size */
static inline void copy_bytes(void *to, const void *from, size_t size)
{
    char *t = to;
    const char *f = from;

    if (size < COPY_WHOLE_BYTES) {
        for (; size > COPY_PIECE_BYTES; size -= COPY_PIECE_BYTES) {
            memcpy(t, f, COPY_PIECE_BYTES);
            t += COPY_PIECE_BYTES;
            f += COPY_PIECE_BYTES;
        }
    }
    memcpy(t, f, size);
}
