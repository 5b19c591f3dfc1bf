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

#define FLAT_FIELDS_MAX 8
#define FLAT_BYTES_MAX (FLAT_FIELDS_MAX * 11) /* a tag of one byte, a varint of ten */

bool wire_flat_write(const struct capchan_record *record, const void *object,
                     uint8_t ret_bytes[FLAT_BYTES_MAX], size_t *ret_size);
bool wire_is_flat(const struct capchan_record *record);
bool wire_flat_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                    void *object, struct nk_arena *arena);
