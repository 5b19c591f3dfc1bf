/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over a body that wire_scan() has passed, without recursion, as there. What lies between
 * two references is copied in one piece, unknown fields and all; only the lengths of the messages
 * around a reference change, and keep as many bytes as they had. So a skeleton is never larger than
 * its body, and protobuf-c, which refuses a length of more than five bytes, refuses neither more
 * nor less than before.
 *
 * A peer cannot forge a reference. Every string and every bytes of LIFT_BYTES or more gives way to
 * one of ours, at any depth and however often its field is there; what stays is shorter, also as a
 * C string. protobuf-c makes no value that was not in the skeleton: merging a message that is there
 * twice and replacing a member of a oneof move values as they are, packed fields hold numbers,
 * proto3 has no default but the empty one, and nobody looks into unknown fields. A skeleton that
 * protobuf-c read in another way than we do could make it hand out a reference that is not ours;
 * yet that one, too, leads into the peer's own body or nowhere.
 */
#include "core/wire_lift.h"

#include <string.h>

#include "core/limits.h"
#include "core/wire_read.h"

/* A reference is two numbers, offset and length, of ASCII characters of 6 bits each: neither NUL
 * nor anything that is not UTF-8. */
#define DIGITS (LIFT_BYTES / 2)
#define DIGIT_BITS 6
#define DIGIT_MARK 0x40u

_Static_assert(MESSAGE_BYTES_MAX < UINT64_C(1) << (DIGITS * DIGIT_BITS), "offsets fit");

/*
 * @end:   in the body
 * @start: of its content, in the skeleton
 * @width: bytes of its length, which end there; 0 for the outermost
 */
struct open_message {
    const ProtobufCMessageDescriptor *type;
    const uint8_t *end;
    uint8_t *start;
    size_t width;
};

/*
 * @at:     where in the body we are
 * @copied: how far the body is in the skeleton already
 * @to:     where the skeleton goes on
 * @limit:  where there is no more room for it
 */
struct lift {
    const uint8_t *body;
    const uint8_t *at;
    const uint8_t *copied;
    uint8_t *to;
    const uint8_t *limit;
    struct open_message stack[MESSAGE_NESTING_MAX];
    unsigned depth; /* open messages */
};

/* put_length() - as a varint of @width bytes, whether it needs them or not, that ends at @end */
static void put_length(uint8_t *end, size_t width, size_t length)
{
    for (size_t left = width; left > 0; left--) {
        *(end - left) = (uint8_t)((length & 0x7f) | (left > 1 ? 0x80 : 0));
        length >>= 7;
    }
}

static void put_number(uint8_t digits[DIGITS], uint64_t number)
{
    for (size_t i = 0; i < DIGITS; i++) {
        digits[i] = (uint8_t)(DIGIT_MARK | ((number >> (i * DIGIT_BITS)) & (DIGIT_MARK - 1)));
    }
}

/* get_number() - Return: false if put_number() did not write that */
static bool get_number(const uint8_t digits[DIGITS], uint64_t *ret_number)
{
    uint64_t number = 0;

    for (size_t i = 0; i < DIGITS; i++) {
        if ((digits[i] & ~(DIGIT_MARK - 1)) != DIGIT_MARK) {
            return false;
        }
        number |= (uint64_t)(digits[i] & (DIGIT_MARK - 1)) << (i * DIGIT_BITS);
    }
    *ret_number = number;
    return true;
}

/* lift_copy() - bring the skeleton up to date; with room for a reference, if it may be needed */
static bool lift_copy(struct lift *lift, size_t more)
{
    size_t size = (size_t)(lift->at - lift->copied);

    if (size + more > (size_t)(lift->limit - lift->to)) {
        return false;
    }
    memcpy(lift->to, lift->copied, size);
    lift->to += size;
    lift->copied = lift->at;
    return true;
}

/* lift_open() - enter a message of @size bytes whose length takes @width bytes */
static bool lift_open(struct lift *lift, const ProtobufCMessageDescriptor *type, size_t size,
                      size_t width)
{
    if (lift->depth == MESSAGE_NESTING_MAX || !lift_copy(lift, 0)) {
        return false;
    }
    lift->stack[lift->depth++] = (struct open_message){
        .type = type, .end = lift->at + size, .start = lift->to, .width = width};
    return true;
}

/* lift_close() - leave the innermost message; only now its length is known */
static bool lift_close(struct lift *lift)
{
    const struct open_message *open = &lift->stack[--lift->depth];

    if (!lift_copy(lift, 0)) {
        return false;
    }
    put_length(open->start, open->width, (size_t)(lift->to - open->start));
    return true;
}

/* lift_value() - a reference for the next @size bytes, whose length takes @width bytes */
static bool lift_value(struct lift *lift, size_t size, size_t width)
{
    if (!lift_copy(lift, LIFT_BYTES)) {
        return false;
    }
    put_length(lift->to, width, LIFT_BYTES);
    put_number(lift->to, (uint64_t)(lift->at - lift->body));
    put_number(lift->to + DIGITS, size);
    lift->to += LIFT_BYTES;
    lift->at += size;
    lift->copied = lift->at;
    return true;
}

/* lift_field() - one field of the innermost open message */
static bool lift_field(struct lift *lift)
{
    const ProtobufCMessageDescriptor *type = lift->stack[lift->depth - 1].type;
    const uint8_t *end = lift->stack[lift->depth - 1].end;
    uint64_t key;
    uint64_t size;

    if (!wire_read_varint(&lift->at, end, &key)) {
        return false;
    }
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(type, (unsigned)(key >> 3));
    if (field == NULL ||
        (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_BYTES &&
         field->type != PROTOBUF_C_TYPE_MESSAGE)) {
        return wire_skip(&lift->at, end, key & 7);
    }
    const uint8_t *length = lift->at;
    if ((key & 7) != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED ||
        !wire_read_varint(&lift->at, end, &size) || size > (size_t)(end - lift->at)) {
        return false;
    }
    size_t width = (size_t)(lift->at - length);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        return lift_open(lift, field->descriptor, size, width);
    }
    if (size >= LIFT_BYTES) {
        return lift_value(lift, size, width);
    }
    lift->at += size;
    return true;
}

/* wire_lift_pays() - whether a body of @size bytes consists of large values for the most part */
bool wire_lift_pays(const struct wire_cost *cost, size_t size)
{
    return cost->n_large > 0 && cost->large_bytes >= size / 2;
}

/* wire_lift_room() - how large its skeleton can be */
size_t wire_lift_room(const struct wire_cost *cost, size_t size)
{
    return size - cost->large_bytes + cost->n_large * LIFT_BYTES;
}

/*
 * wire_lift() - write the skeleton of @body
 * @body:     wire_scan() has passed it as @type
 * @skeleton: has @room bytes
 *
 * Return: its size; 0: there is no room for it.
 */
size_t wire_lift(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size,
                 uint8_t *skeleton, size_t room)
{
    struct lift lift; /* the stack is set up as it grows */

    lift.body = lift.at = lift.copied = body;
    lift.to = skeleton;
    lift.limit = skeleton + room;
    lift.depth = 0;
    (void)lift_open(&lift, type, size, 0);
    while (lift.depth > 0) {
        bool ok = lift.at == lift.stack[lift.depth - 1].end ? lift_close(&lift) : lift_field(&lift);
        if (!ok) {
            return 0;
        }
    }
    return (size_t)(lift.to - skeleton);
}

/*
 * wire_lift_find() - what a reference refers to
 * @reference: LIFT_BYTES bytes
 * @body:      of @size bytes, whose skeleton has the reference
 * @ret_bytes: in the body; @ret_size of them
 *
 * Return: whether it refers to anything.
 */
bool wire_lift_find(const void *reference, const uint8_t *body, size_t size, const void **ret_bytes,
                    size_t *ret_size)
{
    const uint8_t *digits = reference;
    uint64_t offset;
    uint64_t length;

    if (!get_number(digits, &offset) || !get_number(digits + DIGITS, &length) || offset > size ||
        length > size - offset) {
        return false;
    }
    *ret_bytes = body + offset;
    *ret_size = length;
    return true;
}
