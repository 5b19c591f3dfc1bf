/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wire_read.h"

#include <protobuf-c/protobuf-c.h>

/* skip_bytes() - @size bytes, if they are there */
static bool skip_bytes(const uint8_t **at, const uint8_t *end, uint64_t size)
{
    if ((size_t)(end - *at) < size) {
        return false;
    }
    *at += size;
    return true;
}

/* wire_skip() - move @at behind a value of @wire_type, which must end before @end; groups are none
 */
bool wire_skip(const uint8_t **at, const uint8_t *end, unsigned wire_type)
{
    uint64_t value;

    switch (wire_type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return wire_read_varint(at, end, &value);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return skip_bytes(at, end, 8);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return skip_bytes(at, end, 4);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        return wire_read_varint(at, end, &value) && skip_bytes(at, end, value);
    default:
        return false;
    }
}
