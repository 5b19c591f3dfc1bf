/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying what is not small.
 *
 * From 2 KiB on memcpy() leaves the work to an instruction of the processor, which is as fast as
 * can be, but takes thirty times as long on many where the copy begins a few bytes behind the
 * original, modulo 4096: 64 KiB in 19 us instead of 1.2. Where messages begin, and where programs
 * put their arenas, that is common. Pieces that fit into registers take as long everywhere, best
 * from where a cache line begins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COPY_PAGE_BYTES 4096
#define COPY_LINE_BYTES 64
#define COPY_PIECE_BYTES 256

/* From here on memcpy() uses that instruction, and from there on it no longer does. */
#define COPY_SLOW_FIRST_BYTES ((size_t)2 << 10)
#define COPY_SLOW_LAST_BYTES ((size_t)512 << 10)

/* copy_is_slow() - whether memcpy() would take its time */
static inline bool copy_is_slow(const void *to, const void *from, size_t size)
{
    size_t behind = ((uintptr_t)to - (uintptr_t)from) % COPY_PAGE_BYTES;

    return size >= COPY_SLOW_FIRST_BYTES && size < COPY_SLOW_LAST_BYTES && behind > 0 &&
           behind < COPY_LINE_BYTES;
}

/* copy_bytes() - memcpy() for any size and place */
static inline void copy_bytes(void *to, const void *from, size_t size)
{
    char *t = to;
    const char *f = from;

    if (copy_is_slow(to, from, size)) {
        size_t to_line = -(uintptr_t)t % COPY_LINE_BYTES;
        memcpy(t, f, COPY_LINE_BYTES);
        t += to_line;
        f += to_line;
        size -= to_line;
        for (; size > COPY_PIECE_BYTES; size -= COPY_PIECE_BYTES) {
            memcpy(t, f, COPY_PIECE_BYTES);
            t += COPY_PIECE_BYTES;
            f += COPY_PIECE_BYTES;
        }
    }
    memcpy(t, f, size);
}
