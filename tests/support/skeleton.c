/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/skeleton.h"

#include <stdlib.h>
#include <string.h>

#include "core/encode.h"
#include "core/pool.h"
#include "core/wire_lift.h"

/* What references lead into, and where there is room for what they lead to. */
struct origin {
    const uint8_t *body;
    size_t size;
    struct pool *pool;
};

static bool follow_all(const struct origin *origin, ProtobufCMessage *message);

/* follow() - put what a reference leads to in its place, with a NUL. Return: whether that is as
 * long as it must be. */
static bool follow(const struct origin *origin, uint8_t **bytes, size_t *size)
{
    const void *found;

    if (*size < LIFT_BYTES) {
        return true;
    }
    if (*size != LIFT_BYTES || !wire_lift_find(*bytes, origin->body, origin->size, &found, size) ||
        *size < LIFT_BYTES) {
        return false;
    }
    *bytes = pool_alloc(origin->pool, *size + 1);
    memcpy(*bytes, found, *size);
    (*bytes)[*size] = 0;
    return true;
}

/* follow_slot() - in one value of @field */
static bool follow_slot(const struct origin *origin, const ProtobufCFieldDescriptor *field,
                        void *slot)
{
    ProtobufCBinaryData *data = slot;
    char **text = slot;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        ProtobufCMessage **message = slot;
        return *message == NULL || follow_all(origin, *message);
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        size_t length = strlen(*text);
        return follow(origin, (uint8_t **)text, &length);
    }
    return field->type != PROTOBUF_C_TYPE_BYTES || follow(origin, &data->data, &data->len);
}

/* follow_all() - in a message and what it consists of */
static bool follow_all(const struct origin *origin, ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        char *slots = (char *)message + field->offset;
        const char *quantifier = (const char *)message + field->quantifier_offset;
        size_t n = 1;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            slots = *(char **)slots;
            memcpy(&n, quantifier, sizeof(n));
        } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
            n = *(const uint32_t *)quantifier == field->id ? 1 : 0;
        }
        for (size_t k = 0; k < n; k++) {
            if (!follow_slot(origin, field, slots + k * protobuf_slot_size(field))) {
                return false;
            }
        }
    }
    return true;
}

/* are_same() - whether two messages pack to the same bytes */
static bool are_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    size_t size = protobuf_c_message_get_packed_size(a);
    uint8_t *packed = malloc(2 * size + 1);
    bool same = protobuf_c_message_get_packed_size(b) == size;

    if (same) {
        protobuf_c_message_pack(a, packed);
        protobuf_c_message_pack(b, packed + size);
        same = memcmp(packed, packed + size, size) == 0;
    }
    free(packed);
    return same;
}

/*
 * skeleton_is_faithful() - make the skeleton of @body and unpack both
 * @body: wire_scan() has passed it as @type
 *
 * Return: whether protobuf-c takes neither, or takes both for the same message.
 */
bool skeleton_is_faithful(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size)
{
    struct wire_cost cost;
    struct pool pool;
    const struct origin origin = {body, size, &pool};

    if (wire_scan(type, body, size, &cost) != 0) {
        return false;
    }
    size_t room = wire_lift_room(&cost, size);
    uint8_t *skeleton = malloc(room + 1);
    size_t skeleton_size = wire_lift(type, body, size, skeleton, room);
    pool_init(&pool, SIZE_MAX);
    ProtobufCMessage *plain = pool_unpack(&pool, type, size, body);
    ProtobufCMessage *lifted = pool_unpack(&pool, type, skeleton_size, skeleton);
    bool faithful = (skeleton_size > 0) == (size > 0) && (plain == NULL) == (lifted == NULL);
    if (faithful && plain != NULL) {
        faithful = follow_all(&origin, lifted) && are_same(plain, lifted);
    }
    pool_deinit(&pool);
    free(skeleton);
    return faithful;
}
