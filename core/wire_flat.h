/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that are nothing but a few numbers, written and read without protobuf-c's structures in
 * between: the same bytes, for a fifth of the work. Whatever is in any way unusual is left to
 * protobuf-c.
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
bool wire_flat_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                    void *object);
