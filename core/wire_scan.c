/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the bytes, without recursion: a stack of at most MESSAGE_NESTING_MAX open messages.
 * Along the way it adds up, to the conservative side, what protobuf-c 1.4 will allocate.
 */
#include "core/wire_scan.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "core/wire_read.h"

/* While it parses a message protobuf-c notes each field in slabs of 16, 32, 64 ...; the first is on
 * its stack. */
#define SCANNED_FIELD_BYTES 40u
#define SCANNED_FIELDS_ON_STACK 16u
/* What it keeps per unknown field, besides its bytes. */
#define UNKNOWN_FIELD_BYTES 64u

struct open_message {
    const ProtobufCMessageDescriptor *type;
    const uint8_t *end;
    size_t n_fields;   /* seen so far */
    size_t n_slots;    /* fields for which protobuf-c has memory */
    size_t n_singular; /* of the fields seen, those that are not repeated */
};

struct scan {
    const uint8_t *at;
    struct open_message stack[MESSAGE_NESTING_MAX];
    unsigned depth; /* open messages */
    struct wire_cost cost;
    size_t unknown_bytes;
};

/* scan_charge() - count an allocation of @size bytes; a pool rounds each up to 16 */
static void scan_charge(struct scan *scan, size_t size)
{
    scan->cost.bytes += (size + 15) & ~(size_t)15;
}

/* scan_open() - enter a message of @type that ends at @end */
static bool scan_open(struct scan *scan, const ProtobufCMessageDescriptor *type, const uint8_t *end)
{
    if (scan->depth == MESSAGE_NESTING_MAX) {
        return false;
    }
    scan->stack[scan->depth++] =
        (struct open_message){.type = type, .end = end, .n_slots = SCANNED_FIELDS_ON_STACK};
    scan_charge(scan, type->sizeof_message);
    scan_charge(scan, type->n_fields / 8 + 1);
    return true;
}

/* wire_type_of() - the wire type of a single value of @field; PROTOBUF_C_WIRE_TYPE_32BIT + 1 if we
 * use none */
static unsigned wire_type_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_SINT64:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    default:
        return PROTOBUF_C_WIRE_TYPE_32BIT + 1;
    }
}

/*
 * scan_count() - count one more field, @field or an unknown one, of the innermost message
 *
 * Return: false when a field that is not repeated is there more than once, which no encoder does
 * and which costs memory that nothing else bounds.
 */
static bool scan_count(struct scan *scan, const ProtobufCFieldDescriptor *field)
{
    struct open_message *open = &scan->stack[scan->depth - 1];

    if (open->n_fields++ == open->n_slots) {
        size_t slab = open->n_slots + SCANNED_FIELDS_ON_STACK;
        open->n_slots += slab;
        scan_charge(scan, slab * SCANNED_FIELD_BYTES);
    }
    if (field != NULL && field->label != PROTOBUF_C_LABEL_REPEATED) {
        return ++open->n_singular <= open->type->n_fields;
    }
    return true;
}

/* scan_packed() - the varints of a packed field up to @end */
static bool scan_packed(struct scan *scan, const uint8_t *end)
{
    size_t n = 0;

    while (scan->at < end) {
        uint64_t value;
        if (!wire_read_varint(&scan->at, end, &value)) {
            return false;
        }
        n++;
    }
    scan_charge(scan, n * sizeof(uint64_t));
    return true;
}

/* scan_bytes() - a known length-prefixed field of @size bytes */
static bool scan_bytes(struct scan *scan, const ProtobufCFieldDescriptor *field, size_t size)
{
    const uint8_t *start = scan->at;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        return scan_open(scan, field->descriptor, start + size);
    }
    scan->at += size;
    scan_charge(scan, size + 1);
    if (size >= WIRE_LARGE_BYTES) {
        scan->cost.n_large++;
        scan->cost.large_bytes += size;
    }
    return field->type == PROTOBUF_C_TYPE_BYTES || utf8_is_valid(start, size);
}

/* scan_unknown() - a field that the type does not have: skipped, but charged in full */
static bool scan_unknown(struct scan *scan, unsigned wire_type, const uint8_t *end)
{
    const uint8_t *start = scan->at;
    bool ok = wire_skip(&scan->at, end, wire_type);

    scan->unknown_bytes += UNKNOWN_FIELD_BYTES + (size_t)(scan->at - start);
    scan_charge(scan, UNKNOWN_FIELD_BYTES + (size_t)(scan->at - start));
    return ok;
}

/* scan_field() - one field of the innermost open message */
static bool scan_field(struct scan *scan)
{
    struct open_message open = scan->stack[scan->depth - 1];
    uint64_t key;
    uint64_t size;

    if (!wire_read_varint(&scan->at, open.end, &key) || key >> 3 == 0 || key >> 3 > 0x1fffffff) {
        return false;
    }
    unsigned wire_type = key & 7;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(open.type, (unsigned)(key >> 3));
    if (!scan_count(scan, field)) {
        return false;
    }
    if (field == NULL) {
        return scan_unknown(scan, wire_type, open.end);
    }
    unsigned expected = wire_type_of(field);
    if (wire_type == expected && field->label == PROTOBUF_C_LABEL_REPEATED) {
        scan->cost.elements++;
        scan_charge(scan, sizeof(ProtobufCBinaryData));
    }
    if (wire_type == PROTOBUF_C_WIRE_TYPE_VARINT && expected == wire_type) {
        return wire_read_varint(&scan->at, open.end, &key);
    }
    if (wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED ||
        !wire_read_varint(&scan->at, open.end, &size) || size > (size_t)(open.end - scan->at)) {
        return false;
    }
    if (expected == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED) {
        return scan_bytes(scan, field, size);
    }
    return field->label == PROTOBUF_C_LABEL_REPEATED && scan_packed(scan, scan->at + size);
}

/*
 * wire_scan() - check that @body is well-formed for @type and cheap enough to look at
 * @type:     protoc-c's descriptor; uses varints, strings, bytes and messages only
 * @ret_cost: what unpacking it will take
 *
 * Fields the type does not know are let through as long as they cost no more than DECODED_FACTOR
 * times the body and DECODED_SLACK_BYTES. Whether repeated elements are too many is the caller's
 * question.
 *
 * Return: 0; ERROR_BAD_MESSAGE.
 */
int wire_scan(const ProtobufCMessageDescriptor *type, const void *body, size_t size,
              struct wire_cost *ret_cost)
{
    struct scan scan; /* the stack is set up as it grows */

    scan.at = body;
    scan.depth = 0;
    scan.cost = (struct wire_cost){0};
    scan.unknown_bytes = 0;
    (void)scan_open(&scan, type, scan.at + size);
    while (scan.depth > 0) {
        if (scan.at == scan.stack[scan.depth - 1].end) {
            scan.depth--;
        } else if (!scan_field(&scan)) {
            return ERROR_BAD_MESSAGE;
        }
    }
    if (scan.unknown_bytes > size * DECODED_FACTOR + DECODED_SLACK_BYTES) {
        return ERROR_BAD_MESSAGE;
    }
    *ret_cost = scan.cost;
    return 0;
}
