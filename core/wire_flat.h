/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of a few numbers, strings and bytes, without protobuf-c's structures in between: the
 * same bytes, for a fraction of the work. Whatever is in any way unusual is left to protobuf-c.
 *
 * To be read, a message may lie where a peer is changing it: each byte is read once, and what
 * became of it is judged where it ends up.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/wire_numbers.h"

/* What lies between two of a message's own bytes, and is copied when it is packed: borrowed. */
struct wire_chunk {
    size_t at;
    const void *bytes;
    size_t size;
};

/*
 * A message as it is written.
 * @size:     of all of it
 * @bytes:    tags, numbers and sizes
 * @chunks:   strings and bytes, @at where they stand among these
 */
struct wire_flat {
    size_t size;
    size_t n_bytes;
    size_t n_chunks;
    struct wire_chunk chunks[WIRE_FIELDS_MAX];
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];
};

bool wire_flat_write(const struct capchan_record *record, const void *object, const void *arena,
                     size_t arena_used, struct wire_flat *ret_flat);
void wire_flat_pack(const struct wire_flat *flat, uint8_t *to);
bool wire_is_flat(const struct capchan_record *record);
bool wire_flat_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                    void *object, struct nk_arena *arena);
