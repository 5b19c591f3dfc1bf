/* SPDX-License-Identifier: Apache-2.0 */
#include "core/decode.h"

#include <errno.h>
#include <handle/handletype.h>
#include <protobuf-c/protobuf-c.h>
#include <string.h>

#include "core/copy.h"
#include "core/encode.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/few.h"
#include "core/limits.h"
#include "core/not_inline.h"
#include "core/pool.h"
#include "core/record.h"
#include "core/wire_flat.h"
#include "core/wire_lift.h"
#include "core/wire_scan.h"

/*
 * @arena:    where chunks are allocated
 * @pointers: chunk descriptors sent as they are, taken instead of decoding what they lead to; or
 * NULL
 * @n_pointers: of them, not taken yet
 * @frame: that is decoded
 * @n_handles: of its handles that were taken
 * @lifted: what references lead into, where protobuf-c read a skeleton of its body; or NULL
 */
struct decoder {
    struct nk_arena *arena;
    const uint8_t *pointers;
    size_t n_pointers;
    const struct frame *frame;
    uint32_t n_handles;
    const struct frame *lifted;
};

static int decode_record(struct decoder *decoder, const struct capchan_record *record,
                         const ProtobufCMessage *message, void *object);
static int decode_field(struct decoder *decoder, const struct capchan_type *type,
                        const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message,
                        void *value);
static int decode_slot(struct decoder *decoder, const struct capchan_type *type, const void *slot,
                       void *value);

/* decode_alloc() - a chunk for @count elements; the empty chunk needs no arena */
static int decode_alloc(struct decoder *decoder, size_t size, size_t align, size_t count,
                        nk_ptr_t *ret_chunk, char **ret_bytes)
{
    *ret_chunk = (nk_ptr_t){0, 0};
    *ret_bytes = NULL;
    if (count > 0) {
        *ret_bytes = nk_arena_alloc_(decoder->arena, ret_chunk, size, align, count);
    }
    return count == 0 || *ret_bytes != NULL ? 0 : ERROR_NO_ROOM;
}

/* follow_reference() - from what protobuf-c read to what the peer sent, if that is not the same */
static int follow_reference(const struct decoder *decoder, const void **bytes, size_t *size)
{
    const struct frame *frame = decoder->lifted;

    if (frame == NULL || *size != LIFT_BYTES) {
        return 0;
    }
    return wire_lift_find(*bytes, frame->body, frame->head.body_bytes, bytes, size)
               ? 0
               : ERROR_BAD_MESSAGE;
}

/* decode_string() - up to its first NUL, and with it; an empty string for which there is no room
 * becomes the empty chunk */
static int decode_string(struct decoder *decoder, const struct capchan_type *type, const char *text,
                         void *value)
{
    const void *source = text;
    size_t length = strlen(text);
    nk_ptr_t chunk;
    char *bytes;

    int r = follow_reference(decoder, &source, &length);
    if (source != text) {
        length = strnlen(source, length);
    }
    if (r != 0 || length > type->bound) {
        return ERROR_BAD_MESSAGE;
    }
    r = decode_alloc(decoder, 1, 1, length + 1, &chunk, &bytes);
    if (r != 0 && length > 0) {
        return r;
    }
    if (r == 0) {
        copy_bytes(bytes, source, length);
    }
    memcpy(value, &chunk, sizeof(chunk));
    return 0;
}

static int decode_bytes(struct decoder *decoder, const struct capchan_type *type,
                        const ProtobufCBinaryData *data, void *value)
{
    const void *source = data->data;
    size_t size = data->len;
    nk_ptr_t chunk = {0, 0};

    int r = follow_reference(decoder, &source, &size);
    if (r != 0 || (type->kind == CAPCHAN_ARRAY ? size != type->bound : size > type->bound)) {
        return ERROR_BAD_MESSAGE;
    }
    if (type->kind == CAPCHAN_ARRAY) {
        if (size > 0) {
            copy_bytes(value, source, size);
        }
        return 0;
    }
    if (size > 0 && nk_arena_store_(decoder->arena, &chunk, 1, 1, source, size) != NK_EOK) {
        return ERROR_NO_ROOM;
    }
    memcpy(value, &chunk, sizeof(chunk));
    return 0;
}

/* decode_narrow() - a scalar narrower than its protobuf type; one that does not fit is refused */
static int decode_narrow(const struct capchan_type *type, const void *slot, void *value)
{
    uint32_t number;
    int32_t integer;

    memcpy(&number, slot, sizeof(number));
    memcpy(&integer, slot, sizeof(integer));
    switch (type->kind) {
    case CAPCHAN_UINT8:
        *(nk_uint8_t *)value = (nk_uint8_t)number;
        return number <= UINT8_MAX ? 0 : ERROR_BAD_MESSAGE;
    case CAPCHAN_UINT16:
        memcpy(value, &(nk_uint16_t){(nk_uint16_t)number}, sizeof(nk_uint16_t));
        return number <= UINT16_MAX ? 0 : ERROR_BAD_MESSAGE;
    case CAPCHAN_SINT8:
        *(nk_sint8_t *)value = (nk_sint8_t)integer;
        return integer >= INT8_MIN && integer <= INT8_MAX ? 0 : ERROR_BAD_MESSAGE;
    default:
        memcpy(value, &(nk_sint16_t){(nk_sint16_t)integer}, sizeof(nk_sint16_t));
        return integer >= INT16_MIN && integer <= INT16_MAX ? 0 : ERROR_BAD_MESSAGE;
    }
}

/* decode_number() - a scalar */
static int decode_number(const struct capchan_type *type, const void *slot, void *value)
{
    switch (type->kind) {
    case CAPCHAN_UINT32:
    case CAPCHAN_SINT32:
        memcpy(value, slot, sizeof(uint32_t));
        return 0;
    case CAPCHAN_UINT64:
    case CAPCHAN_SINT64:
        memcpy(value, slot, sizeof(uint64_t));
        return 0;
    default:
        return decode_narrow(type, slot, value);
    }
}

/* decode_union() - the member that is set, if any; a union that is not there holds nothing */
static int decode_union(struct decoder *decoder, const struct capchan_record *record,
                        const ProtobufCMessage *message, void *value)
{
    uint32_t tag = 0;

    if (message != NULL) {
        memcpy(&tag, (const char *)message + message->descriptor->fields[0].quantifier_offset,
               sizeof(tag));
    }
    if (tag == 0) {
        return 0;
    }
    const struct capchan_field *member = &record->fields[tag - 1];
    memcpy(value, &tag, sizeof(tag));
    return decode_slot(decoder, member->type,
                       (const char *)message + message->descriptor->fields[tag - 1].offset,
                       (char *)value + member->offset);
}

/* decode_handle() - each of those that came with the message is taken once, in their order */
static int decode_handle(struct decoder *decoder, const void *slot, void *value)
{
    const struct frame *frame = decoder->frame;
    nk_handle_desc_t desc = {INVALID_HANDLE, 0, 0};
    uint32_t place;

    memcpy(&place, slot, sizeof(place));
    if (place != 0) {
        if (frame->parcels == NULL || place != decoder->n_handles + 1 ||
            place > frame->head.n_handles) {
            return ERROR_BAD_MESSAGE;
        }
        desc = frame->parcels[decoder->n_handles++];
    }
    memcpy(value, &desc, sizeof(desc));
    return 0;
}

/* take_pointer() - the next chunk descriptor of those that were sent as they are */
static int take_pointer(struct decoder *decoder, void *value)
{
    if (decoder->n_pointers == 0) {
        return ERROR_BAD_MESSAGE;
    }
    memcpy(value, decoder->pointers, sizeof(nk_ptr_t));
    decoder->pointers += sizeof(nk_ptr_t);
    decoder->n_pointers--;
    return 0;
}

/* decode_slot() - one value from the one place that protobuf-c's structures have for it */
static int decode_slot(struct decoder *decoder, const struct capchan_type *type, const void *slot,
                       void *value)
{
    const ProtobufCMessage *message = NULL;

    if (decoder->pointers != NULL && type_is_chunk(type)) {
        return take_pointer(decoder, value);
    }
    switch (type->kind) {
    case CAPCHAN_STRING:
        return decode_string(decoder, type, *(char *const *)slot, value);
    case CAPCHAN_STRUCT:
        memcpy(&message, slot, sizeof(message));
        return decode_record(decoder, type->record, message, value);
    case CAPCHAN_UNION:
        memcpy(&message, slot, sizeof(message));
        return decode_union(decoder, type->record, message, value);
    case CAPCHAN_HANDLE:
        return decode_handle(decoder, slot, value);
    case CAPCHAN_BYTES:
    case CAPCHAN_SEQUENCE:
    case CAPCHAN_ARRAY:
        if (type_is_bytes(type)) {
            return decode_bytes(decoder, type, slot, value);
        }
        memcpy(&message, slot, sizeof(message));
        return decode_field(decoder, type, &message->descriptor->fields[0], message, value);
    default:
        return decode_number(type, slot, value);
    }
}

/* decode_repeated() - a sequence or array from a repeated field */
static int decode_repeated(struct decoder *decoder, const struct capchan_type *type,
                           const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message,
                           void *value)
{
    const struct capchan_type *element = type->element;
    char *elements = value;
    nk_ptr_t chunk;
    const char *slots;
    size_t count;

    memcpy(&count, (const char *)message + field->quantifier_offset, sizeof(count));
    memcpy(&slots, (const char *)message + field->offset, sizeof(slots));
    if (type->kind == CAPCHAN_ARRAY ? count != type->bound : count > type->bound) {
        return ERROR_BAD_MESSAGE;
    }
    if (type->kind == CAPCHAN_SEQUENCE) {
        int r = decode_alloc(decoder, element->size, element->align, count, &chunk, &elements);
        if (r != 0) {
            return r;
        }
        memcpy(value, &chunk, sizeof(chunk));
    }
    for (size_t i = 0; i < count; i++) {
        int r = decode_slot(decoder, element, slots + i * protobuf_slot_size(field),
                            elements + i * element->size);
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/* decode_field() - one field of a message */
static int decode_field(struct decoder *decoder, const struct capchan_type *type,
                        const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message,
                        void *value)
{
    bool verbatim = decoder->pointers != NULL && type_is_chunk(type);

    if (field->label == PROTOBUF_C_LABEL_REPEATED && !verbatim) {
        return decode_repeated(decoder, type, field, message, value);
    }
    return decode_slot(decoder, type, (const char *)message + field->offset, value);
}

/* skip_pointers() - those of a struct that is all zeros; they should be empty chunks */
static int skip_pointers(struct decoder *decoder, const struct capchan_record *record, void *object)
{
    size_t count = record_count_chunks(record, object);

    if (count > decoder->n_pointers) {
        return ERROR_BAD_MESSAGE;
    }
    decoder->pointers += count * sizeof(nk_ptr_t);
    decoder->n_pointers -= count;
    return 0;
}

/* decode_record() - a struct or the parameters of a method; a struct that is not there is all zeros
 */
static int decode_record(struct decoder *decoder, const struct capchan_record *record,
                         const ProtobufCMessage *message, void *object)
{
    if (message == NULL) {
        record_clear(record, object);
        return decoder->pointers == NULL ? 0 : skip_pointers(decoder, record, object);
    }
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        int r = decode_field(decoder, field->type, &message->descriptor->fields[i], message,
                             (char *)object + field->offset);
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

/* restore_arena() - put the sender's arena at the start of ours, offsets unchanged */
static int restore_arena(const struct frame *frame, struct nk_arena *arena)
{
    nk_ptr_t chunk;

    if (frame->head.arena_bytes == 0) {
        return 0;
    }
    return nk_arena_store_(arena, &chunk, 1, 1, frame->arena, frame->head.arena_bytes) == NK_EOK
               ? 0
               : ERROR_NO_ROOM;
}

/* check_restored() - hold what a verbatim arena brought to the same rules as anything that we send
 * ourselves; whatever it says are handles, or contexts, did not come through the broker */
static int check_restored(const struct capchan_record *record, const void *object,
                          const struct nk_arena *arena)
{
    struct pool pool;
    struct encoded encoded;

    pool_init(&pool, (size_t)MESSAGE_BYTES_MAX * DECODED_FACTOR);
    int r = encode(record, object, arena, &pool, &encoded);
    pool_deinit(&pool);
    return r == 0 && encoded.has_handles_in_arena ? ERROR_BAD_MESSAGE : r;
}

/* elements_max() - values in repeated fields that a message of @type can hold at most; saturates */
static size_t elements_max(const struct capchan_type *type)
{
    size_t n = 0;

    if (type->record != NULL) {
        for (uint32_t i = 0; i < type->record->n_fields; i++) {
            if (__builtin_add_overflow(n, elements_max(type->record->fields[i].type), &n)) {
                return SIZE_MAX;
            }
        }
    } else if (type->element != NULL && !type_is_bytes(type)) {
        if (__builtin_add_overflow(elements_max(type->element), 1, &n) ||
            __builtin_mul_overflow(n, (size_t)type->bound, &n)) {
            return SIZE_MAX;
        }
    }
    return n;
}

/*
 * body_lift() - make the skeleton of a body, if that is worth it
 * @cost: of unpacking the body; then of unpacking the skeleton
 *
 * Return: its size, @ret_skeleton being in @pool; 0: the body is to be unpacked as it is. So are
 * those with more unknown fields than the scanner lets through in anything as small as the
 * skeleton.
 */
static size_t body_lift(const struct capchan_record *record, const struct frame *frame,
                        struct pool *pool, struct wire_cost *cost, const uint8_t **ret_skeleton)
{
    if (!wire_lift_pays(cost, frame->head.body_bytes)) {
        return 0;
    }
    size_t room = wire_lift_room(cost, frame->head.body_bytes);
    pool_allow(pool, room);
    uint8_t *skeleton = pool_alloc(pool, room);
    if (skeleton == NULL) {
        return 0;
    }
    size_t size = wire_lift(record->proto, frame->body, frame->head.body_bytes, skeleton, room);
    if (size == 0 || wire_scan(record->proto, skeleton, size, cost) != 0) {
        return 0;
    }
    *ret_skeleton = skeleton;
    return size;
}

/* body_unpack() - let protobuf-c at the body, or its skeleton, once it is known what that will cost
 */
static int body_unpack(const struct capchan_record *record, const struct frame *frame,
                       struct pool *pool, struct decoder *decoder, ProtobufCMessage **ret_message)
{
    size_t budget = (size_t)frame->head.body_bytes * DECODED_FACTOR + DECODED_SLACK_BYTES;
    const struct capchan_type whole = {.kind = CAPCHAN_STRUCT, .record = record};
    const uint8_t *bytes = frame->body;
    struct wire_cost cost;

    int r = wire_scan(record->proto, frame->body, frame->head.body_bytes, &cost);
    if (r != 0) {
        return r;
    }
    if (cost.bytes > budget && cost.elements > elements_max(&whole)) {
        return ERROR_BAD_MESSAGE;
    }
    size_t size = body_lift(record, frame, pool, &cost, &bytes);
    decoder->lifted = size > 0 ? frame : NULL;
    size = size > 0 ? size : frame->head.body_bytes;
    pool_allow(pool, cost.bytes);
    *ret_message = pool_unpack(pool, record->proto, size, bytes);
    return *ret_message != NULL ? 0 : ERROR_BAD_MESSAGE;
}

/* object_clear() - all but its header */
static void object_clear(const struct capchan_record *record, void *object)
{
    char *at = (char *)object + sizeof(struct nk_message);
    size_t size = record->size - sizeof(struct nk_message);

    if (!clear_few(at, size)) {
        memset(at, 0, size);
    }
}

/* decode_chunks() - decode_flat() of what is not only numbers; @arena is empty */
NOT_INLINE static bool decode_chunks(const struct capchan_record *record,
                                     const struct frame_head *head, const uint8_t *body,
                                     void *object, struct nk_arena *arena)
{
    if (!wire_is_flat(record)) {
        return false;
    }
    object_clear(record, object);
    return wire_flat_read(record, body, head->body_bytes, object, arena);
}

/*
 * decode_flat() - decode() for the messages that are read in a single pass
 * @head: of the frame, checked
 * @body: may be where a peer is changing it
 *
 * Return: false: it is none of those; @object and @arena hold nothing of use.
 */
EVERY_CALL bool decode_flat(const struct capchan_record *record, const struct frame_head *head,
                            const uint8_t *body, void *object, struct nk_arena *arena)
{
    if (head->n_pointers > 0 || head->arena_bytes > 0 || head->n_handles > 0) {
        return false;
    }
    if (arena != NULL) {
        nk_arena_reset(arena);
    }
    return wire_numbers_read(record, body, head->body_bytes, object) ||
           decode_chunks(record, head, body, object, arena);
}

/*
 * decode() - fill an object and its arena from a frame
 * @frame:  checked by frame_parse_head(); its payload is private memory, no peer can change it any
 * more
 * @object: has room for record->size bytes; everything behind the header is overwritten
 * @arena:  where chunks go, from its start; NULL if there is none
 *
 * On failure @object and @arena hold nothing of use.
 *
 * Return: 0; ERROR_BAD_MESSAGE; ERROR_NO_ROOM: @arena is too small; -ENOMEM.
 */
int decode(const struct capchan_record *record, const struct frame *frame, void *object,
           struct nk_arena *arena)
{
    bool verbatim = frame->head.n_pointers > 0 || frame->head.arena_bytes > 0;
    struct decoder decoder = {
        .arena = arena,
        .frame = frame,
        .pointers = verbatim ? frame->pointers : NULL,
        .n_pointers = frame->head.n_pointers,
    };
    struct pool pool;
    ProtobufCMessage *message;

    if (decode_flat(record, &frame->head, frame->body, object, arena)) {
        return 0;
    }
    pool_init(&pool, 0);
    int r = body_unpack(record, frame, &pool, &decoder, &message);
    if (r == 0) {
        object_clear(record, object);
        if (arena != NULL) {
            nk_arena_reset(arena);
        }
        r = decode_record(&decoder, record, message, object);
        if (decoder.n_pointers > 0 || decoder.n_handles != frame->head.n_handles) {
            r = r == 0 ? ERROR_BAD_MESSAGE : r;
        }
    }
    pool_deinit(&pool);
    if (r == 0 && verbatim) {
        r = restore_arena(frame, arena);
        r = r == 0 ? check_restored(record, object, arena) : r;
    }
    return r;
}
