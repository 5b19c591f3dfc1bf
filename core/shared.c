/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shared.h"

#include <string.h>
#include <sys/mman.h>

#include "core/every_call.h"

/* The bulk grows by this much. */
#define BULK_STEP_BYTES ((size_t)64 << 10)

/*
 * shared_back() - see to it that there is memory behind the first @bytes of @bulk, which is cheaper
 * than a fault for each page, and makes lack of memory an error
 * @backed: how much there was before
 */
bool shared_back(uint8_t *bulk, _Atomic size_t *backed, size_t bytes)
{
    size_t before = atomic_load_explicit(backed, memory_order_relaxed);
    size_t after = (bytes + BULK_STEP_BYTES - 1) / BULK_STEP_BYTES * BULK_STEP_BYTES;

    if (bytes <= before) {
        return true;
    }
    if (madvise(bulk + before, after - before, MADV_POPULATE_WRITE) < 0) {
        return false;
    }
    atomic_store_explicit(backed, after, memory_order_relaxed);
    return true;
}

/* read_words() - @size bytes of a line, in words, which a processor can load again at once */
static inline void read_words(void *to, const struct shared_line *line, size_t at, size_t size)
{
    const uint32_t *words = (const uint32_t *)line + at / sizeof(uint32_t);

#pragma GCC unroll 16
    for (size_t i = 0; i < size / sizeof(uint32_t); i++) {
        uint32_t word = __atomic_load_n(words + i, __ATOMIC_RELAXED);
        memcpy((char *)to + i * sizeof(word), &word, sizeof(word));
    }
}

/*
 * shared_line_read() - copy a line that the other end may be changing; each byte is read once
 * @ret_head:  what it says, unchecked; `call` is the sequence number
 * @ret_bytes: the small payload, if that is where the payload is
 *
 * Return: the sequence number.
 */
EVERY_CALL uint32_t shared_line_read(const struct shared_line *line, struct frame_head *ret_head,
                                     uint8_t ret_bytes[SHARED_INLINE_BYTES])
{
    ret_head->magic = FRAME_MAGIC;
    read_words(&ret_head->call, line, 0, sizeof(line->sequence) + SHARED_HEAD_BYTES);
    read_words(ret_bytes, line, offsetof(struct shared_line, bytes), SHARED_INLINE_BYTES);
    return ret_head->call;
}
