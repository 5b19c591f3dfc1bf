/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/random_value.h"

#include <handle/handletype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What strings and BYTES consist of. */
static const struct capchan_type octet = {.kind = CAPCHAN_UINT8, .size = 1, .align = 1};

static void fill_value(struct random_source *source, const struct capchan_type *type, void *value,
                       struct nk_arena *arena);

/* random_seed() - another one for each run, and printed, so that a failure can be repeated */
uint64_t random_seed(void)
{
    const char *text = getenv("CAPCHAN_SEED");
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = text != NULL ? strtoull(text, NULL, 0)
                                 : (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    printf("CAPCHAN_SEED=%ju\n", (uintmax_t)seed);
    fflush(stdout);
    return seed;
}

/* random_next() - 64 random bits (splitmix64) */
uint64_t random_next(struct random_source *source)
{
    uint64_t bits = source->state += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

/* random_below() - from 0 to @limit - 1 */
static size_t random_below(struct random_source *source, size_t limit)
{
    return (size_t)(random_next(source) % limit);
}

/* random_count() - from 0 to @bound; one in four times each of them */
static size_t random_count(struct random_source *source, size_t bound)
{
    switch (random_below(source, 4)) {
    case 0:
        return 0;
    case 1:
        return bound;
    default:
        return random_below(source, bound + 1);
    }
}

/* random_number() - of @bits bits: the extremes of both signs, few bits, many bits */
static uint64_t random_number(struct random_source *source, unsigned bits)
{
    const uint64_t edges[] = {0, 1, UINT64_MAX, UINT64_C(1) << (bits - 1),
                              (UINT64_C(1) << (bits - 1)) - 1};
    size_t choice = random_below(source, 10);

    if (choice < sizeof(edges) / sizeof(edges[0])) {
        return edges[choice];
    }
    return random_next(source) >> (choice < 8 ? random_below(source, 64) : 0);
}

static void fill_number(struct random_source *source, const struct capchan_type *type, void *value)
{
    uint64_t number = random_number(source, 8 * type->size);

    switch (type->size) {
    case sizeof(uint8_t):
        *(uint8_t *)value = (uint8_t)number;
        return;
    case sizeof(uint16_t):
        memcpy(value, &(uint16_t){(uint16_t)number}, sizeof(uint16_t));
        return;
    case sizeof(uint32_t):
        memcpy(value, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
        return;
    default:
        memcpy(value, &number, sizeof(number));
        return;
    }
}

/* random_character() - a code point that takes @size bytes of UTF-8: the first, the last, any */
static uint32_t random_character(struct random_source *source, size_t size)
{
    static const uint32_t first[] = {0x01, 0x80, 0x800, 0x10000};
    static const uint32_t last[] = {0x7f, 0x7ff, 0xffff, 0x10ffff};
    const uint32_t lowest = first[size - 1];
    const uint32_t highest = last[size - 1];

    switch (random_below(source, 4)) {
    case 0:
        return lowest;
    case 1:
        return highest;
    default:
        break;
    }
    uint32_t character = lowest + (uint32_t)random_below(source, highest - lowest + 1);
    return character >= 0xd800 && character <= 0xdfff ? 0xd7ff : character; /* no surrogates */
}

/* put_character() - as @size bytes of UTF-8 */
static void put_character(char *bytes, uint32_t character, size_t size)
{
    static const unsigned char lead[] = {0x00, 0xc0, 0xe0, 0xf0};

    for (size_t i = size; i-- > 1;) {
        bytes[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    bytes[0] = (char)(lead[size - 1] | character);
}

/* new_chunk() - zeros in the arena, whose descriptor goes to @value; idlc said how much room it
 * takes
 */
static void *new_chunk(struct nk_arena *arena, const struct capchan_type *element, size_t count,
                       void *value)
{
    nk_ptr_t chunk;
    void *bytes = nk_arena_alloc_(arena, &chunk, element->size, element->align, count);

    if (bytes == NULL) {
        fprintf(stderr, "the arena that idlc found large enough is too small\n");
        abort();
    }
    memcpy(value, &chunk, sizeof(chunk));
    return bytes;
}

/* fill_string() - exactly as long as was drawn, of characters of 1 to 4 bytes; an empty one is
 * sometimes only a NUL and sometimes not there */
static void fill_string(struct random_source *source, const struct capchan_type *type, void *value,
                        struct nk_arena *arena)
{
    size_t length = random_count(source, type->bound);

    if (length == 0 && !source->is_orderly && random_below(source, 2) == 0) {
        return;
    }
    char *text = new_chunk(arena, &octet, length + 1, value);
    for (size_t used = 0; used < length;) {
        size_t room = length - used;
        size_t size = 1 + random_below(source, room < 4 ? room : 4);
        put_character(text + used, random_character(source, size), size);
        used += size;
    }
}

/* fill_sequence() - BYTES too */
static void fill_sequence(struct random_source *source, const struct capchan_type *type,
                          void *value, struct nk_arena *arena)
{
    const struct capchan_type *element = type->element != NULL ? type->element : &octet;
    size_t count = random_count(source, type->bound);

    if (count == 0) {
        return;
    }
    char *elements = new_chunk(arena, element, count, value);
    for (size_t i = 0; i < count; i++) {
        fill_value(source, element, elements + i * element->size, arena);
    }
}

static void fill_array(struct random_source *source, const struct capchan_type *type, void *value,
                       struct nk_arena *arena)
{
    for (size_t i = 0; i < type->bound; i++) {
        fill_value(source, type->element, (char *)value + i * type->element->size, arena);
    }
}

/* fill_union() - any member, or nothing */
static void fill_union(struct random_source *source, const struct capchan_record *record,
                       void *value, struct nk_arena *arena)
{
    nk_uint32_t tag = (nk_uint32_t)random_below(source, (size_t)record->n_fields + 1);

    memcpy(value, &tag, sizeof(tag));
    if (tag > 0) {
        const struct capchan_field *member = &record->fields[tag - 1];
        fill_value(source, member->type, (char *)value + member->offset, arena);
    }
}

/* fill_record() - in the order of the IDL, or from any field on and round */
static void fill_record(struct random_source *source, const struct capchan_record *record,
                        void *object, struct nk_arena *arena)
{
    size_t start = source->is_orderly ? 0 : random_below(source, (size_t)record->n_fields + 1);

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct capchan_field *field = &record->fields[(start + i) % record->n_fields];
        fill_value(source, field->type, (char *)object + field->offset, arena);
    }
}

/* fill_handle() - no other can be sent */
static void fill_handle(void *value)
{
    const nk_handle_desc_t none = {INVALID_HANDLE, 0, 0};

    memcpy(value, &none, sizeof(none));
}

/* fill_value() - @value holds zeros, and need not be aligned */
static void fill_value(struct random_source *source, const struct capchan_type *type, void *value,
                       struct nk_arena *arena)
{
    switch (type->kind) {
    case CAPCHAN_STRING:
        fill_string(source, type, value, arena);
        return;
    case CAPCHAN_BYTES:
    case CAPCHAN_SEQUENCE:
        fill_sequence(source, type, value, arena);
        return;
    case CAPCHAN_ARRAY:
        fill_array(source, type, value, arena);
        return;
    case CAPCHAN_STRUCT:
        fill_record(source, type->record, value, arena);
        return;
    case CAPCHAN_UNION:
        fill_union(source, type->record, value, arena);
        return;
    case CAPCHAN_HANDLE:
        fill_handle(value);
        return;
    default:
        fill_number(source, type, value);
        return;
    }
}

/*
 * random_fill() - fill a request or response with random values
 * @object: of @record; its header stays as it is
 * @arena:  emptied first; must have the room that idlc computed for the method
 *
 * Context: ends the process when there is less room than that.
 */
void random_fill(struct random_source *source, const struct capchan_record *record, void *object,
                 struct nk_arena *arena)
{
    nk_arena_reset(arena);
    memset((char *)object + sizeof(struct nk_message), 0, record->size - sizeof(struct nk_message));
    fill_record(source, record, object, arena);
}
