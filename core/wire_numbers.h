/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as protobuf writes them, and messages of nothing else: most of those that have to be
 * quick. Their functions call no other one, so that they need no stack and none of their callers'
 * registers.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/wire_read.h"

#define WIRE_FIELDS_MAX 8
#define WIRE_NUMBERS_BYTES_MAX (WIRE_FIELDS_MAX * 11) /* a tag of one byte, a varint of ten */

/* WIRE_TAG() - field i of a record has number i + 1 */
#define WIRE_TAG(i, wire_type) (uint8_t)(((i) + 1) << 3 | (wire_type))
#define WIRE_TAG_STEP (1 << 3)

/* wire_zigzag() and wire_unzigzag() - small numbers of either sign as small ones without, and back
 */
static inline uint64_t wire_zigzag(int64_t value)
{
    uint64_t twice = (uint64_t)value << 1;

    return value < 0 ? ~twice : twice;
}

static inline int64_t wire_unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ -(value & 1));
}

#define WIRE_LOAD(type, from)                                                                      \
    __extension__({                                                                                \
        type value_;                                                                               \
        memcpy(&value_, from, sizeof(value_));                                                     \
        value_;                                                                                    \
    })

/* wire_load_number() - as it is written; false: it is something else */
static inline bool wire_load_number(nk_uint32_t kind, const void *from, uint64_t *ret_number)
{
    switch (kind) {
    case CAPCHAN_UINT8:
        *ret_number = WIRE_LOAD(nk_uint8_t, from);
        return true;
    case CAPCHAN_UINT16:
        *ret_number = WIRE_LOAD(nk_uint16_t, from);
        return true;
    case CAPCHAN_UINT32:
        *ret_number = WIRE_LOAD(nk_uint32_t, from);
        return true;
    case CAPCHAN_UINT64:
        *ret_number = WIRE_LOAD(nk_uint64_t, from);
        return true;
    case CAPCHAN_SINT8:
        *ret_number = wire_zigzag(WIRE_LOAD(nk_sint8_t, from));
        return true;
    case CAPCHAN_SINT16:
        *ret_number = wire_zigzag(WIRE_LOAD(nk_sint16_t, from));
        return true;
    case CAPCHAN_SINT32:
        *ret_number = wire_zigzag(WIRE_LOAD(nk_sint32_t, from));
        return true;
    case CAPCHAN_SINT64:
        *ret_number = wire_zigzag(WIRE_LOAD(nk_sint64_t, from));
        return true;
    default:
        return false;
    }
}

#define WIRE_STORE(type, to, number)                                                               \
    __extension__({                                                                                \
        type value_ = (type)(number);                                                              \
        memcpy(to, &value_, sizeof(value_));                                                       \
        value_ == (number);                                                                        \
    })

/* wire_store_number() - what was written; false: it does not fit, or the value is something else */
static inline bool wire_store_number(nk_uint32_t kind, uint64_t number, void *to)
{
    switch (kind) {
    case CAPCHAN_UINT8:
        return WIRE_STORE(nk_uint8_t, to, number);
    case CAPCHAN_UINT16:
        return WIRE_STORE(nk_uint16_t, to, number);
    case CAPCHAN_UINT32:
        return WIRE_STORE(nk_uint32_t, to, number);
    case CAPCHAN_UINT64:
        return WIRE_STORE(nk_uint64_t, to, number);
    case CAPCHAN_SINT8:
        return WIRE_STORE(nk_sint8_t, to, wire_unzigzag(number));
    case CAPCHAN_SINT16:
        return WIRE_STORE(nk_sint16_t, to, wire_unzigzag(number));
    case CAPCHAN_SINT32:
        return WIRE_STORE(nk_sint32_t, to, wire_unzigzag(number));
    case CAPCHAN_SINT64:
        return WIRE_STORE(nk_sint64_t, to, wire_unzigzag(number));
    default:
        return false;
    }
}

/* wire_write_varint() - Return: behind it. */
static inline uint8_t *wire_write_varint(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)value | 0x80;
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

/* wire_write_number() - a field, unless it is 0. Return: behind it. */
static inline uint8_t *wire_write_number(uint8_t *at, uint8_t tag, uint64_t number)
{
    if (number != 0) {
        *at++ = tag;
        at = wire_write_varint(at, number);
    }
    return at;
}

/* wire_take_tag() - whether the next field is @tag; each byte may change, and is read once */
static inline bool wire_take_tag(const uint8_t **at, const uint8_t *end, uint8_t tag)
{
    if (*at == end || __atomic_load_n(*at, __ATOMIC_RELAXED) != tag) {
        return false;
    }
    ++*at;
    return true;
}

/* wire_read_number() - a field; 0 if it does not come next. Return: false: it is no number, or does
 * not fit. */
static inline bool wire_read_number(const uint8_t **at, const uint8_t *end, uint8_t tag,
                                    nk_uint32_t kind, void *value)
{
    uint64_t number = 0;

    if (wire_take_tag(at, end, tag) && !wire_read_varint(at, end, &number)) {
        return false;
    }
    return wire_store_number(kind, number, value);
}

bool wire_numbers_write(const struct capchan_record *record, const void *object,
                        uint8_t ret_bytes[WIRE_NUMBERS_BYTES_MAX], size_t *ret_size);
bool wire_numbers_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                       void *object);
