/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shared.h"

#include <string.h>
#include <sys/mman.h>

/* The bulk grows by this much. */
#define BULK_STEP_BYTES ((size_t)64 << 10)

#define LINE_WORDS (sizeof(struct shared_line) / sizeof(uint64_t))

/* shared_payload() - where a call's payload of @bytes lies that is too large for its line; NULL:
 * nowhere */
uint8_t *shared_payload(struct shared *memory, unsigned slot, size_t bytes, bool has_bulk)
{
    if (bytes <= SHARED_PAYLOAD_BYTES) {
        return memory->slots[slot].payload;
    }
    return has_bulk && bytes <= SHARED_BULK_BYTES ? memory->bulk : NULL;
}

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

/* shared_line_write() - everything but the sequence number and the small payload */
void shared_line_write(struct shared_line *line, const struct frame_head *head)
{
    line->riid = head->riid;
    line->mid = head->mid;
    line->flags = head->flags;
    line->n_handles = head->n_handles;
    line->status = head->status;
    line->body_bytes = head->body_bytes;
    line->n_pointers = head->n_pointers;
    line->arena_bytes = head->arena_bytes;
}

/*
 * shared_line_read() - copy a line that the other end may be changing; each byte is read once
 * @ret_head:  what it says, unchecked; `call` is the sequence number
 * @ret_bytes: the small payload, if that is where the payload is
 *
 * Return: the sequence number.
 */
uint32_t shared_line_read(const struct shared_line *line, struct frame_head *ret_head,
                          uint8_t ret_bytes[SHARED_INLINE_BYTES])
{
    struct shared_line copy;
    uint64_t words[LINE_WORDS] = {0};

    for (size_t i = 0; i < LINE_WORDS; i++) {
        words[i] = __atomic_load_n((const uint64_t *)line + i, __ATOMIC_RELAXED);
    }
    memcpy(&copy, words, sizeof(copy));
    uint32_t sequence = atomic_load_explicit(&copy.sequence, memory_order_relaxed);
    *ret_head = (struct frame_head){
        .magic = FRAME_MAGIC,
        .call = sequence,
        .riid = copy.riid,
        .mid = copy.mid,
        .flags = copy.flags,
        .n_handles = copy.n_handles,
        .status = copy.status,
        .body_bytes = copy.body_bytes,
        .n_pointers = copy.n_pointers,
        .arena_bytes = copy.arena_bytes,
    };
    memcpy(ret_bytes, copy.bytes, SHARED_INLINE_BYTES);
    return sequence;
}
