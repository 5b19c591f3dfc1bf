/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/wire_body.h"

#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>

/* body_add_varint() - of at least @width bytes */
void body_add_varint(struct body *to, uint64_t value, size_t width)
{
    for (size_t i = 1; i < width || value >= 0x80; i++) {
        to->bytes[to->size++] = (uint8_t)(0x80 | (value & 0x7f));
        value >>= 7;
    }
    to->bytes[to->size++] = (uint8_t)value;
}

/* body_add_wide() - a length-prefixed field whose length takes @width bytes or more */
void body_add_wide(struct body *to, unsigned field, const void *bytes, size_t size, size_t width)
{
    body_add_varint(to, field << 3 | PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, 1);
    body_add_varint(to, size, width);
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

/* body_add() - a length-prefixed field */
void body_add(struct body *to, unsigned field, const void *bytes, size_t size)
{
    body_add_wide(to, field, bytes, size, 1);
}

/* body_add_filled() - a field of @size times the same character */
void body_add_filled(struct body *to, unsigned field, char character, size_t size)
{
    char *bytes = malloc(size + 1);

    memset(bytes, character, size);
    body_add(to, field, bytes, size);
    free(bytes);
}
