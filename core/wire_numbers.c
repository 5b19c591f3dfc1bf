/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wire_numbers.h"

#include <protobuf-c/protobuf-c.h>

#include "core/every_call.h"
#include "core/few.h"

/*
 * wire_numbers_write() - what protobuf-c would write for @object: no field that is 0
 *
 * Return: false: there are more fields than a few, or other ones than numbers.
 */
EVERY_CALL bool wire_numbers_write(const struct capchan_record *record, const void *object,
                                   uint8_t ret_bytes[WIRE_NUMBERS_BYTES_MAX], size_t *ret_size)
{
    const struct capchan_field *field = record->fields;
    uint8_t tag = WIRE_TAG(0, PROTOBUF_C_WIRE_TYPE_VARINT);
    uint8_t *at = ret_bytes;
    uint64_t number;

    if (record->n_fields > WIRE_FIELDS_MAX) {
        return false;
    }
    for (uint32_t n_left = record->n_fields; n_left > 0; n_left--, field++) {
        const char *value = (const char *)object + field->offset;
        if (!wire_load_number(field->type->kind, value, &number)) {
            return false;
        }
        at = wire_write_number(at, tag, number);
        tag += WIRE_TAG_STEP;
    }
    *ret_size = (size_t)(at - ret_bytes);
    return true;
}

/*
 * wire_numbers_read() - the object that @bytes stand for
 * @bytes:  may be changing; each is read once
 * @object: everything behind its header is overwritten
 *
 * Return: false: there are more fields than a few, or other ones than numbers, or there is
 * something about the bytes that protobuf-c would not write; @object holds nothing of use.
 */
EVERY_CALL bool wire_numbers_read(const struct capchan_record *record, const uint8_t *bytes,
                                  size_t size, void *object)
{
    const struct capchan_field *field = record->fields;
    const uint8_t *const bytes_end = bytes + size;
    uint8_t tag = WIRE_TAG(0, PROTOBUF_C_WIRE_TYPE_VARINT);

    if (record->n_fields > WIRE_FIELDS_MAX ||
        !clear_few((char *)object + sizeof(struct nk_message),
                   record->size - sizeof(struct nk_message))) {
        return false;
    }
    for (uint32_t n_left = record->n_fields; n_left > 0; n_left--, field++) {
        char *value = (char *)object + field->offset;
        if (!wire_read_number(&bytes, bytes_end, tag, field->type->kind, value)) {
            return false;
        }
        tag += WIRE_TAG_STEP;
    }
    return bytes == bytes_end;
}
