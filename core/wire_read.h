/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest parts of protobuf's wire format, read from bytes that may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool wire_skip(const uint8_t **at, const uint8_t *end, unsigned wire_type);

/* wire_read_varint() - a varint of at most ten bytes before @end, each of which is read once; @at
 * moves behind it */
static inline bool wire_read_varint(const uint8_t **at, const uint8_t *end, uint64_t *ret_value)
{
    const uint8_t *p = *at;
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 70 && p < end; shift += 7) {
        uint8_t byte = __atomic_load_n(p++, __ATOMIC_RELAXED);
        if (shift == 63 && byte > 1) {
            return false;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *at = p;
            *ret_value = value;
            return true;
        }
    }
    return false;
}
