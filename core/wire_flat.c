/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wire_flat.h"

#include <protobuf-c/protobuf-c.h>
#include <stdatomic.h>
#include <string.h>

#include "core/copy.h"
#include "core/few.h"
#include "core/record.h"
#include "core/utf8.h"
#include "core/wire_read.h"

/* protobuf-c takes no longer ones, even if they mean the same. */
#define SIZE_VARINT_BYTES_MAX 5

/*
 * What is being written.
 * @next: where the next chunk of the sender's arena has to start
 */
struct writer {
    const char *arena;
    size_t used;
    size_t next;
    uint8_t *at;
    struct wire_flat *flat;
};

/* find_chunk() - what the descriptor at @value stands for. Return: false: the receiver would not
 * put it to the same place. */
static bool find_chunk(struct writer *writer, const void *value, const char **ret_bytes,
                       size_t *ret_size)
{
    const nk_ptr_t chunk = WIRE_LOAD(nk_ptr_t, value);

    *ret_bytes = writer->arena + writer->next;
    *ret_size = chunk.size;
    if (chunk.size == 0) {
        return chunk.offset == 0;
    }
    if (chunk.offset != writer->next || chunk.size > writer->used - writer->next) {
        return false;
    }
    writer->next += chunk.size;
    return true;
}

/* find_string() - without its NUL, which is the only one */
static bool find_string(struct writer *writer, const struct capchan_type *type, const void *value,
                        const char **ret_bytes, size_t *ret_size)
{
    if (!find_chunk(writer, value, ret_bytes, ret_size) || *ret_size == 0) {
        return false;
    }
    --*ret_size;
    return *ret_size <= type->bound && strnlen(*ret_bytes, *ret_size + 1) == *ret_size &&
           utf8_is_valid(*ret_bytes, *ret_size);
}

static bool find_bytes(struct writer *writer, const struct capchan_type *type, const void *value,
                       const char **ret_bytes, size_t *ret_size)
{
    if (type->kind == CAPCHAN_ARRAY) {
        *ret_bytes = value;
        *ret_size = type->bound;
        return true;
    }
    return find_chunk(writer, value, ret_bytes, ret_size) && *ret_size <= type->bound;
}

/* write_chunk() - a string or bytes */
static bool write_chunk(struct writer *writer, uint32_t i, const struct capchan_type *type,
                        const void *value)
{
    struct wire_flat *flat = writer->flat;
    const char *bytes;
    size_t size;

    bool is_found = type->kind == CAPCHAN_STRING ? find_string(writer, type, value, &bytes, &size)
                                                 : find_bytes(writer, type, value, &bytes, &size);
    if (is_found && size > 0) {
        *writer->at++ = WIRE_TAG(i, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED);
        writer->at = wire_write_varint(writer->at, size);
        flat->chunks[flat->n_chunks++] = (struct wire_chunk){
            .at = (size_t)(writer->at - flat->bytes), .bytes = bytes, .size = size};
        flat->size += size;
    }
    return is_found;
}

static bool write_field(struct writer *writer, uint32_t i, const struct capchan_type *type,
                        const void *value)
{
    uint64_t number;

    if (type->kind == CAPCHAN_STRING || type_is_bytes(type)) {
        return write_chunk(writer, i, type, value);
    }
    if (!wire_load_number(type->kind, value, &number)) {
        return false;
    }
    writer->at = wire_write_number(writer->at, WIRE_TAG(i, PROTOBUF_C_WIRE_TYPE_VARINT), number);
    return true;
}

/*
 * wire_flat_write() - what protobuf-c would write for @object: no field that is 0 or empty
 * @arena:    what the chunks are in, @arena_used bytes; NULL if there is nothing
 * @ret_flat: borrows strings and bytes from @object and @arena
 *
 * Return: false: there are more fields than a few, or other ones than numbers, strings and bytes,
 * or the receiver could not rebuild the arena from what is written, or a limit of the IDL is
 * broken.
 */
bool wire_flat_write(const struct capchan_record *record, const void *object, const void *arena,
                     size_t arena_used, struct wire_flat *ret_flat)
{
    struct writer writer = {
        .arena = arena, .used = arena_used, .at = ret_flat->bytes, .flat = ret_flat};

    if (record->n_fields > WIRE_FIELDS_MAX) {
        return false;
    }
    ret_flat->n_chunks = 0;
    ret_flat->size = 0;
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        if (!write_field(&writer, i, field->type, (const char *)object + field->offset)) {
            return false;
        }
    }
    ret_flat->n_bytes = (size_t)(writer.at - ret_flat->bytes);
    ret_flat->size += ret_flat->n_bytes;
    return writer.next == arena_used;
}

/* wire_flat_pack() - write @flat->size bytes to where they are sent from */
void wire_flat_pack(const struct wire_flat *flat, uint8_t *to)
{
    size_t done = 0;

    for (size_t i = 0; i < flat->n_chunks; i++) {
        const struct wire_chunk *chunk = &flat->chunks[i];
        memcpy(to, flat->bytes + done, chunk->at - done);
        to += chunk->at - done;
        done = chunk->at;
        copy_bytes(to, chunk->bytes, chunk->size);
        to += chunk->size;
    }
    copy_few(to, flat->bytes + done, flat->n_bytes - done);
}

/* wire_is_flat() - whether it is worth the attempt to read a message of @record */
bool wire_is_flat(const struct capchan_record *record)
{
    if (record->n_fields > WIRE_FIELDS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_type *type = record->fields[i].type;
        if (type->kind > CAPCHAN_STRING && !type_is_bytes(type)) {
            return false;
        }
    }
    return true;
}

/* What is left of a message. */
struct rest {
    const uint8_t *at;
    const uint8_t *end;
};

/* read_size() - of a string or bytes that come next; 0 if they do not */
static bool read_size(struct rest *rest, uint32_t i, size_t *ret_size)
{
    uint64_t size = 0;

    if (wire_take_tag(&rest->at, rest->end, WIRE_TAG(i, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED))) {
        const uint8_t *start = rest->at;
        if (!wire_read_varint(&rest->at, rest->end, &size) ||
            rest->at - start > SIZE_VARINT_BYTES_MAX || size > (size_t)(rest->end - rest->at)) {
            return false;
        }
    }
    *ret_size = (size_t)size;
    return true;
}

/* copy_chunk() - from the message to the arena; from here on the copy counts */
static bool copy_chunk(struct rest *rest, size_t size, struct nk_arena *arena, nk_ptr_t *ret_chunk)
{
    if (size > 0 && nk_arena_store_(arena, ret_chunk, 1, 1, rest->at, size) != NK_EOK) {
        return false;
    }
    atomic_signal_fence(memory_order_seq_cst);
    rest->at += size;
    return true;
}

/* read_string() - and put a NUL behind it; one with a NUL inside is unusual */
static bool read_string(struct rest *rest, size_t size, const struct capchan_type *type,
                        struct nk_arena *arena, void *value)
{
    nk_ptr_t chunk = {0, 0};
    nk_ptr_t nul;

    if (arena == NULL || size > type->bound || !copy_chunk(rest, size, arena, &chunk)) {
        return false;
    }
    const char *text = (const char *)arena->start + chunk.offset;
    if (nk_arena_alloc_(arena, &nul, 1, 1, 1) == NULL ||
        (size > 0 && (memchr(text, 0, size) != NULL || !utf8_is_valid(text, size)))) {
        return false;
    }
    chunk = size > 0 ? (nk_ptr_t){chunk.offset, chunk.size + 1} : nul;
    memcpy(value, &chunk, sizeof(chunk));
    return true;
}

/* read_bytes() - BYTES, and sequences and arrays of 8-bit numbers */
static bool read_bytes(struct rest *rest, size_t size, const struct capchan_type *type,
                       struct nk_arena *arena, void *value)
{
    nk_ptr_t chunk = {0, 0};

    if (type->kind == CAPCHAN_ARRAY) {
        if (size != type->bound) {
            return false;
        }
        memcpy(value, rest->at, size);
        rest->at += size;
        return true;
    }
    if (size > type->bound || !copy_chunk(rest, size, arena, &chunk)) {
        return false;
    }
    memcpy(value, &chunk, sizeof(chunk));
    return true;
}

static bool read_field(struct rest *rest, uint32_t i, const struct capchan_type *type,
                       struct nk_arena *arena, void *value)
{
    size_t size;

    if (type->kind < CAPCHAN_STRING) {
        return wire_read_number(&rest->at, rest->end, WIRE_TAG(i, PROTOBUF_C_WIRE_TYPE_VARINT),
                                type->kind, value);
    }
    if (!read_size(rest, i, &size)) {
        return false;
    }
    return type->kind == CAPCHAN_STRING ? read_string(rest, size, type, arena, value)
                                        : read_bytes(rest, size, type, arena, value);
}

/*
 * wire_flat_read() - the object and the arena that @bytes stand for
 * @record: wire_is_flat()
 * @bytes:  may be changing
 * @object: all zeros, apart from its header
 * @arena:  empty; NULL: there is none
 *
 * Return: false: there is something about the bytes that protobuf-c would not write, or that is too
 * large; @object and @arena hold nothing of use.
 */
bool wire_flat_read(const struct capchan_record *record, const uint8_t *bytes, size_t size,
                    void *object, struct nk_arena *arena)
{
    struct rest rest = {.at = bytes, .end = bytes + size};

    for (uint32_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[i];
        if (!read_field(&rest, i, field->type, arena, (char *)object + field->offset)) {
            return false;
        }
    }
    return rest.at == rest.end;
}
