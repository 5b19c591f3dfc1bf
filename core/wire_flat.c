/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wire_flat.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

#include "core/wire_read.h"

/* Field i of a record has number i + 1. */
#define TAG(i) (uint8_t)(((i) + 1) << 3 | PROTOBUF_C_WIRE_TYPE_VARINT)

/* zigzag() and unzigzag() - small numbers of either sign as small ones without, and back */
static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ -(value & 1));
}

#define LOAD(type, from)                                                                           \
    __extension__({                                                                                \
        type value_;                                                                               \
        memcpy(&value_, from, sizeof(value_));                                                     \
        value_;                                                                                    \
    })

/* load_number() - as it is written; false: it is something else */
static bool load_number(nk_uint32_t kind, const void *from, uint64_t *ret_number)
{
    switch (kind) {
    case CAPCHAN_UINT8:
        *ret_number = LOAD(nk_uint8_t, from);
        return true;
    case CAPCHAN_UINT16:
        *ret_number = LOAD(nk_uint16_t, from);
        return true;
    case CAPCHAN_UINT32:
        *ret_number = LOAD(nk_uint32_t, from);
        return true;
    case CAPCHAN_UINT64:
        *ret_number = LOAD(nk_uint64_t, from);
        return true;
    case CAPCHAN_SINT8:
        *ret_number = zigzag(LOAD(nk_sint8_t, from));
        return true;
    case CAPCHAN_SINT16:
        *ret_number = zigzag(LOAD(nk_sint16_t, from));
        return true;
    case CAPCHAN_SINT32:
        *ret_number = zigzag(LOAD(nk_sint32_t, from));
        return true;
    case CAPCHAN_SINT64:
        *ret_number = zigzag(LOAD(nk_sint64_t, from));
        return true;
    default:
        return false;
    }
}

#define STORE(type, to, number)                                                                    \
    __extension__({                                                                                \
        type value_ = (type)(number);                                                              \
        memcpy(to, &value_, sizeof(value_));                                                       \
        value_ == (number);                                                                        \
    })

/* store_number() - what was written; false: it does not fit, or the value is something else */
static bool store_number(nk_uint32_t kind, uint64_t number, void *to)
{
    switch (kind) {
    case CAPCHAN_UINT8:
        return STORE(nk_uint8_t, to, number);
    case CAPCHAN_UINT16:
        return STORE(nk_uint16_t, to, number);
    case CAPCHAN_UINT32:
        return STORE(nk_uint32_t, to, number);
    case CAPCHAN_UINT64:
        return STORE(nk_uint64_t, to, number);
    case CAPCHAN_SINT8:
        return STORE(nk_sint8_t, to, unzigzag(number));
    case CAPCHAN_SINT16:
        return STORE(nk_sint16_t, to, unzigzag(number));
    case CAPCHAN_SINT32:
        return STORE(nk_sint32_t, to, unzigzag(number));
    case CAPCHAN_SINT64:
        return STORE(nk_sint64_t, to, unzigzag(number));
    default:
        return false;
    }
}

/* write_varint() - Return: behind it. */
static uint8_t *write_varint(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)value | 0x80;
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

/*
 * wire_flat_write() - what protobuf-c would write for @object: no field that is 0
 *
 * Return: false: it is not flat.
 */
bool wire_flat_write(const struct capchan_record *record, const void *object,
                     uint8_t ret_bytes[FLAT_BYTES_MAX], size_t *ret_size)
{
    uint8_t *at = ret_bytes;
    uint64_t number;

    if (record->n_fields > FLAT_FIELDS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        if (!load_number(field->type->kind, (const char *)object + field->offset, &number)) {
            return false;
        }
        if (number != 0) {
            *at++ = TAG(i);
            at = write_varint(at, number);
        }
    }
    *ret_size = (size_t)(at - ret_bytes);
    return true;
}

/*
 * wire_flat_read() - the object that @bytes stand for
 * @bytes:  private memory
 * @object: all zeros, apart from its header
 *
 * Return: false: it is not flat, or there is something about the bytes that wire_flat_write() would
 * not do, or that is too large; @object holds nothing of use.
 */
bool wire_flat_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                    void *object)
{
    const uint8_t *end = bytes + size;

    if (record->n_fields > FLAT_FIELDS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        uint64_t number = 0;
        if (bytes < end && *bytes == TAG(i)) {
            bytes++;
            if (!wire_read_varint(&bytes, end, &number)) {
                return false;
            }
        }
        if (!store_number(field->type->kind, number, (char *)object + field->offset)) {
            return false;
        }
    }
    return bytes == end;
}
