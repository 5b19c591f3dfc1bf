/* SPDX-License-Identifier: Apache-2.0 */
#include "core/encode.h"

#include <errno.h>
#include <handle/handletype.h>
#include <string.h>

#include "core/copy.h"
#include "core/error.h"
#include "core/every_call.h"
#include "core/limits.h"
#include "core/not_inline.h"
#include "core/record.h"
#include "core/utf8.h"

/* From here on it pays that protobuf-c leaves the copying to us. */
#define LARGE_BODY_BYTES 1024

/*
 * @used:      bytes of the arena in use
 * @next:      where the next chunk of the canonical arena would start
 * @canonical: every chunk so far is where it would be
 * @depth:     of the chunk that values are read from; 0: the object itself
 * @handles:   what was found; NULL as long as nothing was
 */
struct encoder {
    const struct nk_arena *arena;
    size_t used;
    struct pool *pool;
    size_t next;
    bool canonical;
    unsigned depth;
    struct encoded_handle *handles;
    size_t n_handles;
    bool has_handles_in_arena;
};

static int encode_record(struct encoder *encoder, const struct capchan_record *record,
                         const void *object, const ProtobufCMessageDescriptor *descriptor,
                         ProtobufCMessage **ret_message);
static int encode_field(struct encoder *encoder, const struct capchan_type *type, const void *value,
                        const ProtobufCFieldDescriptor *field, ProtobufCMessage *message);
static int encode_slot(struct encoder *encoder, const struct capchan_type *type, const void *value,
                       const ProtobufCFieldDescriptor *field, void *slot);

/*
 * encode_chunk() - the bytes of a chunk, and whether it stands where the canonical arena has it
 * @align:     of its elements
 * @ret_bytes: NULL for the empty chunk
 *
 * Return: 0; ERROR_BAD_MESSAGE: the chunk reaches beyond the arena, or chunks are shared so often
 * that reading them all would take unreasonably long.
 */
static int encode_chunk(struct encoder *encoder, const nk_ptr_t *chunk, size_t align,
                        const void **ret_bytes)
{
    if (chunk->size == 0) {
        encoder->canonical = encoder->canonical && chunk->offset == 0;
        *ret_bytes = NULL;
        return 0;
    }
    if (chunk->offset > encoder->used || chunk->size > encoder->used - chunk->offset) {
        return ERROR_BAD_MESSAGE;
    }
    size_t expected = (encoder->next + align - 1) & ~(align - 1);
    encoder->canonical = encoder->canonical && chunk->offset == expected;
    encoder->next = expected + chunk->size;
    if (encoder->next > encoder->used * DECODED_FACTOR + DECODED_SLACK_BYTES) {
        return ERROR_BAD_MESSAGE;
    }
    *ret_bytes = (const char *)encoder->arena->start + chunk->offset;
    return 0;
}

/* load_chunk() - the chunk descriptor at @value, which need not be aligned */
static nk_ptr_t load_chunk(const void *value)
{
    nk_ptr_t chunk;

    memcpy(&chunk, value, sizeof(chunk));
    return chunk;
}

/* encode_string() - a string, which must be UTF-8 and end with a NUL unless it is empty */
static int encode_string(struct encoder *encoder, const struct capchan_type *type,
                         const void *value, const char **slot)
{
    nk_ptr_t chunk = load_chunk(value);
    const void *bytes;
    int r = encode_chunk(encoder, &chunk, 1, &bytes);

    if (r != 0 || chunk.size > (size_t)type->bound + 1) {
        return ERROR_BAD_MESSAGE;
    }
    if (bytes == NULL) {
        encoder->canonical = false;
        *slot = "";
        return 0;
    }
    size_t length = strnlen(bytes, chunk.size);
    if (length == chunk.size || !utf8_is_valid(bytes, length)) {
        return ERROR_BAD_MESSAGE;
    }
    if (length + 1 != chunk.size) {
        encoder->canonical = false;
    }
    *slot = bytes;
    return 0;
}

/* encode_bytes() - BYTES, and sequences and arrays of 8-bit scalars */
static int encode_bytes(struct encoder *encoder, const struct capchan_type *type, const void *value,
                        ProtobufCBinaryData *slot)
{
    const void *bytes = value;
    size_t size = type->bound;

    if (type->kind != CAPCHAN_ARRAY) {
        nk_ptr_t chunk = load_chunk(value);
        int r = encode_chunk(encoder, &chunk, 1, &bytes);
        if (r != 0 || chunk.size > type->bound) {
            return ERROR_BAD_MESSAGE;
        }
        size = chunk.size;
    }
    slot->len = size;
    slot->data = (uint8_t *)bytes;
    return 0;
}

/* encode_wrapped() - a sequence or array inside another or a union: a message whose only field it
 * is */
static int encode_wrapped(struct encoder *encoder, const struct capchan_type *type,
                          const void *value, const ProtobufCMessageDescriptor *descriptor,
                          ProtobufCMessage **slot)
{
    ProtobufCMessage *message = pool_alloc(encoder->pool, descriptor->sizeof_message);

    if (message == NULL) {
        return -ENOMEM;
    }
    protobuf_c_message_init(descriptor, message);
    *slot = message;
    return encode_field(encoder, type, value, &descriptor->fields[0], message);
}

/* encode_union() - a message with a oneof, and in it the member that the tag names, if any */
static int encode_union(struct encoder *encoder, const struct capchan_record *record,
                        const void *value, const ProtobufCMessageDescriptor *descriptor,
                        ProtobufCMessage **slot)
{
    ProtobufCMessage *message = pool_alloc(encoder->pool, descriptor->sizeof_message);
    uint32_t tag = union_tag(value);

    if (message == NULL) {
        return -ENOMEM;
    }
    if (tag > record->n_fields) {
        return ERROR_BAD_MESSAGE;
    }
    protobuf_c_message_init(descriptor, message);
    *slot = message;
    if (tag == 0) {
        return 0;
    }
    const struct capchan_field *member = &record->fields[tag - 1];
    const ProtobufCFieldDescriptor *field = &descriptor->fields[tag - 1];
    memcpy((char *)message + field->quantifier_offset, &tag, sizeof(tag));
    return encode_slot(encoder, member->type, (const char *)value + member->offset, field,
                       (char *)message + field->offset);
}

/* encode_handle() - its place among the handles of the message, from 1; 0 for none. One that came
 * back may be none and have a context all the same, which no sender may make up. */
static int encode_handle(struct encoder *encoder, const struct capchan_type *type,
                         const void *value, void *slot)
{
    nk_handle_desc_t desc;

    memcpy(&desc, value, sizeof(desc));
    *(uint32_t *)slot = 0;
    bool is_none = desc.handle == 0 || desc.handle == INVALID_HANDLE;
    bool is_blank = is_none && desc.rights == 0 && desc.badge == 0;
    encoder->has_handles_in_arena =
        encoder->has_handles_in_arena || (encoder->depth > 0 && !is_blank);
    if (is_none) {
        return 0;
    }
    if (encoder->handles == NULL) {
        encoder->handles =
            pool_alloc(encoder->pool, HANDLES_PER_MESSAGE_MAX * sizeof(*encoder->handles));
    }
    if (encoder->handles == NULL || encoder->n_handles == HANDLES_PER_MESSAGE_MAX) {
        return encoder->handles == NULL ? -ENOMEM : ERROR_BAD_MESSAGE;
    }
    encoder->handles[encoder->n_handles++] =
        (struct encoded_handle){.desc = desc, .interface = type->interface};
    *(uint32_t *)slot = (uint32_t)encoder->n_handles;
    return 0;
}

/* encode_number() - a scalar */
static int encode_number(const struct capchan_type *type, const void *value, void *slot)
{
    uint16_t half;

    switch (type->kind) {
    case CAPCHAN_UINT8:
        *(uint32_t *)slot = *(const nk_uint8_t *)value;
        return 0;
    case CAPCHAN_SINT8:
        *(int32_t *)slot = *(const nk_sint8_t *)value;
        return 0;
    case CAPCHAN_UINT16:
        memcpy(&half, value, sizeof(half));
        *(uint32_t *)slot = half;
        return 0;
    case CAPCHAN_SINT16:
        memcpy(&half, value, sizeof(half));
        *(int32_t *)slot = (int16_t)half;
        return 0;
    case CAPCHAN_UINT32:
    case CAPCHAN_SINT32:
        memcpy(slot, value, sizeof(uint32_t));
        return 0;
    default:
        memcpy(slot, value, sizeof(uint64_t));
        return 0;
    }
}

/* encode_slot() - one value into the one place that protobuf-c's structures have for it */
static int encode_slot(struct encoder *encoder, const struct capchan_type *type, const void *value,
                       const ProtobufCFieldDescriptor *field, void *slot)
{
    switch (type->kind) {
    case CAPCHAN_STRING:
        return encode_string(encoder, type, value, slot);
    case CAPCHAN_STRUCT:
        return encode_record(encoder, type->record, value, field->descriptor, slot);
    case CAPCHAN_UNION:
        return encode_union(encoder, type->record, value, field->descriptor, slot);
    case CAPCHAN_HANDLE:
        return encode_handle(encoder, type, value, slot);
    case CAPCHAN_BYTES:
    case CAPCHAN_SEQUENCE:
    case CAPCHAN_ARRAY:
        return type_is_bytes(type) ? encode_bytes(encoder, type, value, slot)
                                   : encode_wrapped(encoder, type, value, field->descriptor, slot);
    default:
        return encode_number(type, value, slot);
    }
}

/* protobuf_slot_size() - bytes of one value of @field in protobuf-c's structures */
size_t protobuf_slot_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_SINT32:
        return sizeof(uint32_t);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default:
        return sizeof(uint64_t);
    }
}

/* encode_repeated() - a sequence or array as a repeated field */
static int encode_repeated(struct encoder *encoder, const struct capchan_type *type,
                           const void *value, const ProtobufCFieldDescriptor *field,
                           ProtobufCMessage *message)
{
    const struct capchan_type *element = type->element;
    const char *elements = value;
    size_t count = type->bound;

    if (type->kind == CAPCHAN_SEQUENCE) {
        nk_ptr_t chunk = load_chunk(value);
        const void *bytes;
        int r = encode_chunk(encoder, &chunk, element->align, &bytes);
        if (r != 0 || chunk.size % element->size != 0 || chunk.size / element->size > type->bound) {
            return ERROR_BAD_MESSAGE;
        }
        elements = bytes;
        count = chunk.size / element->size;
    }
    char *slots = count == 0 ? NULL : pool_alloc(encoder->pool, count * protobuf_slot_size(field));
    if (count > 0 && slots == NULL) {
        return -ENOMEM;
    }
    encoder->depth += type->kind == CAPCHAN_SEQUENCE;
    for (size_t i = 0; i < count; i++) {
        int r = encode_slot(encoder, element, elements + i * element->size, field,
                            slots + i * protobuf_slot_size(field));
        if (r != 0) {
            return r;
        }
    }
    encoder->depth -= type->kind == CAPCHAN_SEQUENCE;
    memcpy((char *)message + field->quantifier_offset, &count, sizeof(count));
    memcpy((char *)message + field->offset, &slots, sizeof(slots));
    return 0;
}

/* encode_field() - one field of a message */
static int encode_field(struct encoder *encoder, const struct capchan_type *type, const void *value,
                        const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return encode_repeated(encoder, type, value, field, message);
    }
    return encode_slot(encoder, type, value, field, (char *)message + field->offset);
}

/* encode_record() - a struct or the parameters of a method as a message */
static int encode_record(struct encoder *encoder, const struct capchan_record *record,
                         const void *object, const ProtobufCMessageDescriptor *descriptor,
                         ProtobufCMessage **ret_message)
{
    ProtobufCMessage *message = pool_alloc(encoder->pool, descriptor->sizeof_message);

    if (message == NULL) {
        return -ENOMEM;
    }
    protobuf_c_message_init(descriptor, message);
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        int r = encode_field(encoder, field->type, (const char *)object + field->offset,
                             &descriptor->fields[i], message);
        if (r != 0) {
            return r;
        }
    }
    *ret_message = message;
    return 0;
}

/* measure() - how large the parts of a message are, whose object and handles are known. Return: as
 * encode(). */
static int measure(struct encoder *encoder, struct encoded *encoded)
{
    bool verbatim = !encoder->canonical || encoder->next != encoder->used;
    size_t body = protobuf_c_message_get_packed_size(encoded->message);
    size_t n_pointers = 0;
    size_t arena_bytes = 0;

    if (verbatim && !encoder->has_handles_in_arena) {
        n_pointers = record_count_chunks(encoded->record, encoded->object);
        arena_bytes = encoder->used;
    }
    if (body > MESSAGE_BYTES_MAX || n_pointers > MESSAGE_BYTES_MAX / sizeof(nk_ptr_t) ||
        body + n_pointers * sizeof(nk_ptr_t) + arena_bytes + encoder->n_handles * sizeof(Handle) >
            MESSAGE_BYTES_MAX) {
        return ERROR_BAD_MESSAGE;
    }
    encoded->head = (struct frame_head){.n_handles = (uint16_t)encoder->n_handles,
                                        .body_bytes = (uint32_t)body,
                                        .n_pointers = (uint32_t)n_pointers,
                                        .arena_bytes = (uint32_t)arena_bytes};
    if (encoder->n_handles > 0) {
        encoded->numbers = pool_alloc(encoder->pool, encoder->n_handles * sizeof(Handle));
    }
    return encoder->n_handles > 0 && encoded->numbers == NULL ? -ENOMEM : 0;
}

/* encode_message() - encode(), as protobuf-c's message; @used: bytes of @arena */
NOT_INLINE static int encode_message(const struct capchan_record *record, const void *object,
                                     const struct nk_arena *arena, size_t used, struct pool *pool,
                                     struct encoded *ret_encoded)
{
    struct encoder encoder = {.arena = arena, .used = used, .pool = pool, .canonical = true};
    ProtobufCMessage *message;

    int r = encode_record(&encoder, record, object, record->proto, &message);
    if (r != 0) {
        return r;
    }
    ret_encoded->message = message;
    ret_encoded->object = object;
    ret_encoded->record = record;
    ret_encoded->arena = arena != NULL ? arena->start : NULL;
    ret_encoded->handles = encoder.handles;
    ret_encoded->has_handles_in_arena = encoder.has_handles_in_arena;
    return measure(&encoder, ret_encoded);
}

/* arena_used() - bytes of it */
static size_t arena_used(const struct nk_arena *arena)
{
    bool is_used = arena != NULL && arena->start != NULL && arena->current > arena->start;

    return is_used ? (size_t)((char *)arena->current - (char *)arena->start) : 0;
}

/* finish_flat() - what goes with a body that is flat */
static void finish_flat(struct encoded *encoded)
{
    encoded->head = (struct frame_head){.body_bytes = (uint32_t)encoded->flat.size};
    encoded->message = NULL;
    encoded->has_handles_in_arena = false;
}

/* encode_chunks() - encode() of what is not only numbers; @used: bytes of @arena */
NOT_INLINE static int encode_chunks(const struct capchan_record *record, const void *object,
                                    const struct nk_arena *arena, size_t used, struct pool *pool,
                                    struct encoded *ret_encoded)
{
    struct wire_flat *flat = &ret_encoded->flat;
    const void *chunks = arena != NULL ? arena->start : NULL;

    if (!wire_flat_write(record, object, chunks, used, flat) || flat->size > MESSAGE_BYTES_MAX) {
        return encode_message(record, object, arena, used, pool, ret_encoded);
    }
    finish_flat(ret_encoded);
    return 0;
}

/*
 * encode() - check an object against its IDL and make it ready to be packed
 * @object: a request, response or error response of @record
 * @arena:  its arena, or NULL; nothing beyond its used part is looked at
 * @pool:   for whatever protobuf-c needs in between
 *
 * Return: 0; ERROR_BAD_MESSAGE: a limit of the IDL is broken, a chunk lies outside the arena, a
 * string is not UTF-8 or has no NUL, a union has no such member, or the message is larger than
 * MESSAGE_BYTES_MAX, or has more handles than HANDLES_PER_MESSAGE_MAX; -ENOMEM.
 */
EVERY_CALL int encode(const struct capchan_record *record, const void *object,
                      const struct nk_arena *arena, struct pool *pool, struct encoded *ret_encoded)
{
    struct wire_flat *flat = &ret_encoded->flat;
    size_t used = arena_used(arena);

    if (used > 0 || !wire_numbers_write(record, object, flat->bytes, &flat->n_bytes)) {
        return encode_chunks(record, object, arena, used, pool, ret_encoded);
    }
    flat->n_chunks = 0;
    flat->size = flat->n_bytes;
    finish_flat(ret_encoded);
    return 0;
}

/* pack_chunk() - append a chunk descriptor to the payload that @data points into */
static void pack_chunk(const struct capchan_type *type, void *value, void *data)
{
    uint8_t **at = data;

    if (type_is_chunk(type)) {
        memcpy(*at, value, sizeof(nk_ptr_t));
        *at += sizeof(nk_ptr_t);
    }
}

/* Where protobuf-c appends the parts of a large message. */
struct packing {
    ProtobufCBuffer base;
    uint8_t *at;
};

static void packing_append(ProtobufCBuffer *buffer, size_t size, const uint8_t *bytes)
{
    struct packing *packing = (struct packing *)buffer;

    if (size > 0) {
        copy_bytes(packing->at, bytes, size);
        packing->at += size;
    }
}

/* pack_body() - Return: behind it. */
static uint8_t *pack_body(const struct encoded *encoded, uint8_t *to)
{
    struct packing packing = {.base.append = packing_append, .at = to};

    if (encoded->head.body_bytes < LARGE_BODY_BYTES) {
        return to + protobuf_c_message_pack(encoded->message, to);
    }
    (void)protobuf_c_message_pack_to_buffer(encoded->message, &packing.base);
    return packing.at;
}

/* pack_message() - what encode_message() made, and what goes with it */
NOT_INLINE static void pack_message(const struct encoded *encoded, uint8_t *payload)
{
    payload = pack_body(encoded, payload);
    if (encoded->head.n_pointers > 0) {
        record_visit(encoded->record, (void *)encoded->object, pack_chunk, &payload);
    }
    if (encoded->head.arena_bytes > 0) {
        copy_bytes(payload, encoded->arena, encoded->head.arena_bytes);
        payload += encoded->head.arena_bytes;
    }
    if (encoded->head.n_handles > 0) {
        memcpy(payload, encoded->numbers, encoded->head.n_handles * sizeof(Handle));
    }
}

/* encoded_pack_all() - encoded_pack() of what is not only numbers */
void encoded_pack_all(const struct encoded *encoded, uint8_t *payload)
{
    if (encoded->message == NULL) {
        wire_flat_pack(&encoded->flat, payload);
    } else {
        pack_message(encoded, payload);
    }
}
