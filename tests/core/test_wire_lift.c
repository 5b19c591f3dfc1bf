/* SPDX-License-Identifier: Apache-2.0 */
/* Skeletons of bodies, and what decode.c makes of them: the same as of the bodies. */
#include "core/wire_lift.h"

#include <stdlib.h>
#include <string.h>

#include <large/ILarge.idl.h>

#include "core/decode.h"
#include "core/encode.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"
#include "tests/support/skeleton.h"
#include "tests/support/wire_body.h"

#define ARENA_BYTES (2u << 20)
#define N_MESSAGES 500

/* Fields of the messages of ILarge.idl, and one that none of them has. */
enum {
    PARAMETER = 1,
    PIECE_RAW = 2,
    PIECE_TEXT = 3,
    PIECE_PAGE = 4,
    PAGE_NUMBER = 1,
    PAGE_DATA = 2,
    PAGE_TEXT = 3,
    UNKNOWN = 100,
};

/* What decode() made of a body, and whether by way of a skeleton. */
struct outcome {
    int r;
    bool was_lifted;
    char object[sizeof(large_ILarge_req)] __attribute__((aligned(16)));
    char arena[ARENA_BYTES] __attribute__((aligned(16)));
    size_t used;
};

static struct body body;
static struct body part;
static struct body padded;
static struct outcome lifted;
static struct outcome plain;
static uint8_t skeleton[BODY_BYTES];
static uint8_t zeros[70000];
static char sent[sizeof(large_ILarge_req)] __attribute__((aligned(16)));
static char sent_bytes[ARENA_BYTES] __attribute__((aligned(16)));
static struct nk_arena sent_arena;
static uint64_t seed;

static const struct capchan_record *record_of(nk_mid_t mid)
{
    return large_ILarge_interface_stub_.methods[mid].req;
}

static void setup(void)
{
    body.size = part.size = 0;
}

/* add_part() - a field that is the message in `part`, which is emptied */
static void add_part(struct body *to, unsigned field)
{
    body_add(to, field, part.bytes, part.size);
    part.size = 0;
}

/* add_page() - a union that is the page in `part`, which is emptied */
static void add_page(void)
{
    static struct body piece;

    piece.size = 0;
    add_part(&piece, PIECE_PAGE);
    body_add(&body, PARAMETER, piece.bytes, piece.size);
}

/* lift() - the skeleton of `body`. Return: its size. */
static size_t lift(nk_mid_t mid)
{
    struct wire_cost cost;

    ck_assert_int_eq(wire_scan(record_of(mid)->proto, body.bytes, body.size, &cost), 0);
    return wire_lift(record_of(mid)->proto, body.bytes, body.size, skeleton,
                     wire_lift_room(&cost, body.size));
}

/* decode_body() - as a frame of nothing else, from memory that ends where it ends */
static void decode_body(nk_mid_t mid, const struct body *from, size_t arena_size,
                        struct outcome *ret_outcome)
{
    const struct frame_head head = {.body_bytes = (uint32_t)from->size};
    uint8_t *copy = malloc(from->size);
    struct nk_arena arena;
    struct frame frame;
    struct wire_cost cost;

    memcpy(copy, from->bytes, from->size);
    frame_split(&head, copy, &frame);
    nk_arena_init(&arena, ret_outcome->arena, ret_outcome->arena + arena_size);
    memset(ret_outcome->object, 0xa5, sizeof(ret_outcome->object));
    ret_outcome->was_lifted =
        wire_scan(record_of(mid)->proto, from->bytes, from->size, &cost) == 0 &&
        wire_lift_pays(&cost, from->size);
    ret_outcome->r = decode(record_of(mid), &frame, ret_outcome->object, &arena);
    ret_outcome->used = (size_t)((char *)arena.current - (char *)arena.start);
    free(copy);
}

/*
 * decode_both() - `body`, and once more with so many bytes in an unknown field that lifting does
 * not pay
 *
 * Return: what both say.
 */
static int decode_both(nk_mid_t mid, size_t arena_size)
{
    padded.size = body.size;
    memcpy(padded.bytes, body.bytes, body.size);
    body_add(&padded, UNKNOWN, zeros,
             body.size + 100 < sizeof(zeros) ? body.size + 100 : sizeof(zeros));
    decode_body(mid, &body, arena_size, &lifted);
    decode_body(mid, &padded, arena_size, &plain);
    ck_assert(!plain.was_lifted);
    ck_assert_int_eq(lifted.r, plain.r);
    if (lifted.r == 0) {
        ck_assert_mem_eq(lifted.object, plain.object, record_of(mid)->size);
        ck_assert_uint_eq(lifted.used, plain.used);
        ck_assert(memcmp(lifted.arena, plain.arena, lifted.used) == 0);
    }
    if (lifted.was_lifted) {
        ck_assert(skeleton_is_faithful(record_of(mid)->proto, body.bytes, body.size));
    }
    return lifted.r;
}

/* expect_lifted() - that `body` is lifted, and decoded as if it were not. Return: to what. */
static int expect_lifted(nk_mid_t mid)
{
    int r = decode_both(mid, ARENA_BYTES);

    ck_assert(lifted.was_lifted);
    return r;
}

/* expect_value() - in the first and only parameter of the object that was decoded */
static void expect_value(const void *bytes, size_t size)
{
    nk_ptr_t chunk;

    memcpy(&chunk, lifted.object + sizeof(struct nk_message), sizeof(chunk));
    ck_assert_uint_eq(chunk.size, size);
    ck_assert(memcmp(lifted.arena + chunk.offset, bytes, size) == 0);
}

/* forge() - a reference to the first @size bytes of a body, as wire_lift.c would write it */
static void forge(uint8_t reference[LIFT_BYTES], size_t size)
{
    memset(reference, 0x40, LIFT_BYTES);
    for (size_t i = LIFT_BYTES / 2; i < LIFT_BYTES; i++) {
        reference[i] = (uint8_t)(0x40 | (size & 0x3f));
        size >>= 6;
    }
}

static const size_t lengths[] = {0, 1, 11, 12, 13, 127, 128, 1023, 1024, 2047, 2048, 4999};
_Static_assert(LIFT_BYTES == 12 && WIRE_LARGE_BYTES == 2048, "those are lengths around these");
#define N_LENGTHS (int)(sizeof(lengths) / sizeof(lengths[0]))

START_TEST(values_of_lift_bytes_and_more_become_references_of_that_length)
{
    const size_t length = lengths[_i];
    const nk_mid_t mids[] = {large_ILarge_Whole_mid, large_ILarge_Text_mid};
    const void *bytes;
    size_t size;

    for (size_t i = 0; i < 2; i++) {
        setup();
        body_add_filled(&body, PARAMETER, 'x', length);
        size_t head = body.size - length;
        size_t lifted_size = lift(mids[i]);
        ck_assert_uint_eq(lifted_size, head + (length < LIFT_BYTES ? length : LIFT_BYTES));
        if (length < LIFT_BYTES) {
            ck_assert_mem_eq(skeleton, body.bytes, body.size);
            continue;
        }
        ck_assert(utf8_is_valid(skeleton + head, LIFT_BYTES));
        ck_assert_ptr_null(memchr(skeleton + head, 0, LIFT_BYTES));
        ck_assert(wire_lift_find(skeleton + head, body.bytes, body.size, &bytes, &size));
        ck_assert_ptr_eq(bytes, body.bytes + head);
        ck_assert_uint_eq(size, length);
    }
}
END_TEST

START_TEST(values_of_every_length_arrive)
{
    const size_t length = lengths[_i];
    char *expected = malloc(length + 1);

    body_add_filled(&body, PARAMETER, 'x', length);
    memset(expected, 'x', length);
    expected[length] = '\0';
    ck_assert_int_eq(decode_both(large_ILarge_Text_mid, ARENA_BYTES), 0);
    ck_assert(lifted.was_lifted == (length >= WIRE_LARGE_BYTES));
    expect_value(expected, length + 1);
    ck_assert_int_eq(decode_both(large_ILarge_Whole_mid, ARENA_BYTES), 0);
    expect_value(expected, length);
    ck_assert(skeleton_is_faithful(record_of(large_ILarge_Text_mid)->proto, body.bytes, body.size));
    free(expected);
}
END_TEST

START_TEST(short_values_arrive_beside_lifted_ones)
{
    static const size_t short_ones[] = {0, 1, LIFT_BYTES - 1, LIFT_BYTES, LIFT_BYTES + 1};

    body_add_filled(&part, PAGE_DATA, 'd', short_ones[_i]);
    body_add_filled(&part, PAGE_TEXT, 't', 3000);
    body_add_filled(&part, 4, 'o', short_ones[_i]);
    add_page();
    ck_assert_int_eq(expect_lifted(large_ILarge_One_mid), 0);
}
END_TEST

START_TEST(only_bodies_that_are_large_values_for_the_most_part_are_lifted)
{
    struct wire_cost cost = {.n_large = 1, .large_bytes = WIRE_LARGE_BYTES};

    ck_assert(wire_lift_pays(&cost, WIRE_LARGE_BYTES + 3));
    ck_assert(wire_lift_pays(&cost, 2 * WIRE_LARGE_BYTES));
    ck_assert(!wire_lift_pays(&cost, 2 * WIRE_LARGE_BYTES + 2));
    cost = (struct wire_cost){0};
    ck_assert(!wire_lift_pays(&cost, 0));
    ck_assert(!wire_lift_pays(&cost, 1));
}
END_TEST

/* random_frame() - fill `sent` and its arena and encode them. Return: the frame, which is `body`.
 */
static struct frame random_frame(struct random_source *source)
{
    struct encoded encoded;
    struct frame frame;
    struct pool pool;

    nk_arena_init(&sent_arena, sent_bytes, sent_bytes + ARENA_BYTES);
    random_fill(source, record_of(large_ILarge_Mixed_mid), sent, &sent_arena);
    pool_init(&pool, SIZE_MAX);
    ck_assert_int_eq(encode(record_of(large_ILarge_Mixed_mid), sent, &sent_arena, &pool, &encoded),
                     0);
    encoded_pack(&encoded, body.bytes);
    frame_split(&encoded.head, body.bytes, &frame);
    body.size = frame.head.body_bytes;
    pool_deinit(&pool);
    return frame;
}

/* expect_sent() - that what was decoded is what was sent */
static void expect_sent(void)
{
    const size_t head = sizeof(struct nk_message);
    size_t used = (size_t)((char *)sent_arena.current - sent_bytes);

    ck_assert(memcmp(lifted.object + head, sent + head,
                     record_of(large_ILarge_Mixed_mid)->size - head) == 0);
    ck_assert_uint_eq(lifted.used, used);
    ck_assert(memcmp(lifted.arena, sent_bytes, used) == 0);
}

START_TEST(what_decodes_is_the_same_lifted_or_not)
{
    struct random_source source = {.state = seed, .is_orderly = true};
    size_t n_lifted = 0;

    for (int i = 0; i < N_MESSAGES; i++) {
        const struct frame frame = random_frame(&source);
        ck_assert_uint_eq(frame.head.n_pointers, 0);
        ck_assert_int_eq(decode_both(large_ILarge_Mixed_mid, ARENA_BYTES), 0);
        expect_sent();
        n_lifted += lifted.was_lifted;
    }
    ck_assert_uint_gt(n_lifted, N_MESSAGES / 4);
}
END_TEST

START_TEST(a_verbatim_arena_needs_no_references_and_minds_none)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(lifted.arena, lifted.arena + ARENA_BYTES);
    struct random_source source = {.state = seed};

    for (int i = 0; i < N_MESSAGES / 10; i++) {
        const struct frame frame = random_frame(&source);
        ck_assert_int_eq(decode(record_of(large_ILarge_Mixed_mid), &frame, lifted.object, &arena),
                         0);
        lifted.used = (size_t)((char *)arena.current - (char *)arena.start);
        expect_sent();
    }
}
END_TEST

START_TEST(bounds_hold_for_what_is_lifted)
{
    const struct {
        nk_mid_t mid;
        size_t length;
        int r;
    } cases[] = {
        {large_ILarge_Text_mid, 5000, 0},
        {large_ILarge_Text_mid, 5001, ERROR_BAD_MESSAGE},
        {large_ILarge_Whole_mid, 1 << 20, 0},
        {large_ILarge_Whole_mid, (1 << 20) + 1, ERROR_BAD_MESSAGE},
        {large_ILarge_Block_mid, 2500, 0},
        {large_ILarge_Block_mid, 2499, ERROR_BAD_MESSAGE},
        {large_ILarge_Block_mid, 2501, ERROR_BAD_MESSAGE},
    };

    body_add_filled(&body, PARAMETER, 'x', cases[_i].length);
    decode_body(cases[_i].mid, &body, ARENA_BYTES, &lifted);
    ck_assert(lifted.was_lifted);
    ck_assert_int_eq(lifted.r, cases[_i].r);
}
END_TEST

START_TEST(a_lifted_string_ends_at_its_first_nul)
{
    const size_t nuls[] = {0, 1, LIFT_BYTES - 1, LIFT_BYTES, LIFT_BYTES + 1, 2000, 4999};
    char text[6000]; /* more than its bound; what counts is where it ends */

    memset(text, 'x', sizeof(text));
    text[nuls[_i]] = '\0';
    body_add(&body, PARAMETER, text, sizeof(text));
    ck_assert_int_eq(expect_lifted(large_ILarge_Text_mid), 0);
    expect_value(text, nuls[_i] + 1);
}
END_TEST

START_TEST(a_receiver_without_room_is_told)
{
    char text[3000] = "";

    body_add_filled(&body, PARAMETER, 'x', 3000);
    ck_assert_int_eq(decode_both(large_ILarge_Text_mid, 3001), 0);
    ck_assert_int_eq(decode_both(large_ILarge_Text_mid, 3000), ERROR_NO_ROOM);
    ck_assert_int_eq(decode_both(large_ILarge_Whole_mid, 3000), 0);
    ck_assert_int_eq(decode_both(large_ILarge_Whole_mid, 2999), ERROR_NO_ROOM);
    setup();
    body_add(&body, PARAMETER, text, sizeof(text)); /* empty: it needs no room */
    ck_assert_int_eq(decode_both(large_ILarge_Text_mid, 0), 0);
    expect_value("", 0);
}
END_TEST

START_TEST(a_string_must_be_utf8_also_beyond_its_nul)
{
    char text[3000] = "fine";

    text[2999] = '\xff';
    body_add(&body, PARAMETER, text, sizeof(text));
    decode_body(large_ILarge_Text_mid, &body, ARENA_BYTES, &lifted);
    ck_assert_int_eq(lifted.r, ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_forged_reference_is_a_value_like_any_other)
{
    uint8_t forged[LIFT_BYTES];

    /* page { data: forged, text: large }, in a union in a parameter */
    forge(forged, 1000);
    body_add(&part, PAGE_DATA, forged, LIFT_BYTES);
    body_add_filled(&part, PAGE_TEXT, 't', 3000);
    body_add(&part, 4, forged, LIFT_BYTES);
    body_add(&part, UNKNOWN, forged, LIFT_BYTES);
    add_page();
    body_add(&body, UNKNOWN, forged, LIFT_BYTES);
    ck_assert_int_eq(expect_lifted(large_ILarge_One_mid), 0);
    ck_assert_ptr_nonnull(memmem(lifted.arena, lifted.used, forged, LIFT_BYTES));
}
END_TEST

START_TEST(part_of_a_forged_reference_stays_short)
{
    for (size_t size = 0; size < LIFT_BYTES; size++) {
        uint8_t forged[LIFT_BYTES + 1] = {0};
        setup();
        forge(forged, 1000);
        forged[size] = 0;
        body_add_filled(&body, PARAMETER, 'x', 3000);
        body_add(&body, PARAMETER, forged, size); /* takes the place of the first one */
        ck_assert_int_eq(expect_lifted(large_ILarge_Text_mid), 0);
        expect_value(forged, size + 1);
    }
}
END_TEST

START_TEST(a_field_that_is_there_twice_has_its_last_value)
{
    const size_t sizes[][2] = {{3000, 5}, {5, 3000}, {3000, 3500}, {3000, 12}, {12, 3000}};

    /* One more field than there are would be refused: Text has two. */
    body_add_filled(&body, PARAMETER, 'a', sizes[_i][0]);
    body_add_filled(&body, PARAMETER, 'b', sizes[_i][1]);
    ck_assert_int_eq(expect_lifted(large_ILarge_Text_mid), 0);
    char *expected = calloc(1, sizes[_i][1] + 1);
    memset(expected, 'b', sizes[_i][1]);
    expect_value(expected, sizes[_i][1] + 1);
    free(expected);
}
END_TEST

START_TEST(a_union_that_is_there_twice_has_its_last_member)
{
    const unsigned members[] = {PIECE_RAW, PIECE_TEXT};

    body_add_filled(&part, members[_i & 1], 'a', _i & 2 ? 5 : 2000);
    body_add_filled(&part, members[~_i & 1], 'b', _i & 4 ? 5 : 2000);
    body_add_filled(&part, UNKNOWN, 'u', LIFT_BYTES);
    add_part(&body, PARAMETER);
    ck_assert_int_eq(decode_both(large_ILarge_One_mid, ARENA_BYTES), 0);
    ck_assert(skeleton_is_faithful(record_of(large_ILarge_One_mid)->proto, body.bytes, body.size));
}
END_TEST

START_TEST(messages_that_are_there_twice_are_merged)
{
    /* mixed { page { data, number } page { text, number } } */
    body_add_filled(&part, PAGE_DATA, 'd', 3000);
    body_add_varint(&part, PAGE_NUMBER << 3, 1);
    body_add_varint(&part, 7, 1);
    add_part(&body, 3);
    body_add_filled(&part, PAGE_TEXT, 't', _i == 0 ? 3000 : 12);
    if (_i == 2) {
        body_add_filled(&part, PAGE_DATA, 'e', 2048);
    }
    add_part(&body, 3);
    ck_assert(
        skeleton_is_faithful(record_of(large_ILarge_Mixed_mid)->proto, body.bytes, body.size));
    body_add(&body, 6, zeros, 2500);                /* block, or else it has the wrong length */
    body_add(&body, 7, "a twin of more bytes", 20); /* two twins */
    body_add_filled(&body, 7, 'z', 1200);
    ck_assert_int_eq(expect_lifted(large_ILarge_Mixed_mid), 0);
    ck_assert_ptr_nonnull(memmem(lifted.arena, lifted.used, "tttttttttttt", 13));
}
END_TEST

START_TEST(the_last_of_two_unions_counts)
{
    body_add_filled(&part, PAGE_DATA, 'd', 3000);
    add_page();
    if (_i == 0) {
        body_add_filled(&part, PIECE_RAW, 'r', 2000);
        add_part(&body, PARAMETER);
    } else {
        body_add_filled(&part, PAGE_TEXT, 't', _i == 1 ? 1999 : LIFT_BYTES);
        add_page();
    }
    ck_assert_int_eq(expect_lifted(large_ILarge_One_mid), 0);
    ck_assert_uint_eq(lifted.used, _i < 2 ? 2000 : LIFT_BYTES + 1);
}
END_TEST

START_TEST(lengths_take_as_many_bytes_as_before)
{
    const size_t width = (size_t)_i + 1;
    struct wire_cost cost;

    body_add_wide(&part, PIECE_RAW, zeros, 2000, width);
    body_add_wide(&body, PARAMETER, part.bytes, part.size, width);
    part = body;
    body_add_filled(&body, UNKNOWN, 'u', 40);
    size_t size = lift(large_ILarge_One_mid);
    ck_assert_uint_eq(size, body.size - 2000 + LIFT_BYTES);
    ck_assert_int_eq(wire_scan(record_of(large_ILarge_One_mid)->proto, skeleton, size, &cost), 0);
    ck_assert(skeleton_is_faithful(record_of(large_ILarge_One_mid)->proto, body.bytes, body.size));
    setup();
    body_add_wide(&body, PARAMETER, zeros, 4000, width);
    ck_assert_int_eq(expect_lifted(large_ILarge_Whole_mid), width <= 5 ? 0 : ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(unknown_fields_are_in_the_skeleton_as_they_are)
{
    static const uint8_t others[] = "\xa0\x06\x81\x00\xa5\x06____\xa1\x06________";

    memcpy(body.bytes, others, sizeof(others) - 1);
    body.size = sizeof(others) - 1;
    body_add_filled(&body, UNKNOWN, '@', 3000);
    size_t before = body.size;
    body_add(&body, PARAMETER, zeros, 5000);
    memcpy(body.bytes + body.size, others, sizeof(others) - 1);
    body.size += sizeof(others) - 1;
    ck_assert_uint_eq(lift(large_ILarge_Whole_mid), body.size - 5000 + LIFT_BYTES);
    ck_assert_mem_eq(skeleton, body.bytes, before);
    ck_assert_int_eq(expect_lifted(large_ILarge_Whole_mid), 0);
}
END_TEST

START_TEST(as_many_unknown_fields_are_let_through_as_without_a_skeleton)
{
    body_add(&body, PARAMETER, zeros, 70000);
    while (body.size < 80000) {
        body_add_varint(&body, UNKNOWN << 3, 1);
        body_add_varint(&body, 0, 1);
    }
    decode_body(large_ILarge_Whole_mid, &body, ARENA_BYTES, &lifted);
    ck_assert(lifted.was_lifted);
    ck_assert_int_eq(lifted.r, 0);
    expect_value(zeros, 70000);
}
END_TEST

START_TEST(no_truncation_of_a_body_does_harm)
{
    const ProtobufCMessageDescriptor *type = record_of(large_ILarge_One_mid)->proto;
    struct wire_cost cost;

    body_add_filled(&part, PAGE_DATA, 'd', 100);
    body_add_filled(&part, PAGE_TEXT, 't', 100);
    add_page();
    for (size_t size = 0; size <= body.size; size++) {
        uint8_t *bytes = malloc(size);
        uint8_t *to = malloc(size);
        memcpy(bytes, body.bytes, size);
        bool is_sound = wire_scan(type, bytes, size, &cost) == 0 && size > 0;
        ck_assert(is_sound == (wire_lift(type, bytes, size, to, size) > 0));
        free(bytes);
        free(to);
    }
}
END_TEST

START_TEST(any_bytes_at_all_stay_within_the_room_for_the_skeleton)
{
    const ProtobufCMessageDescriptor *type = record_of(large_ILarge_Mixed_mid)->proto;
    struct random_source source = {.state = seed};

    for (int i = 0; i < 20000; i++) {
        size_t size = random_next(&source) % 100;
        size_t room = random_next(&source) % 100;
        uint8_t *bytes = malloc(size);
        uint8_t *to = malloc(room);
        for (size_t k = 0; k < size; k++) {
            /* few keys, few lengths */
            bytes[k] = (uint8_t)(random_next(&source) % (k % 2 == 0 ? 96 : 24));
        }
        ck_assert_uint_le(wire_lift(type, bytes, size, to, room), room);
        free(bytes);
        free(to);
    }
}
END_TEST

START_TEST(a_skeleton_that_has_no_room_is_not_written)
{
    const ProtobufCMessageDescriptor *type = record_of(large_ILarge_Whole_mid)->proto;

    body_add_filled(&body, PARAMETER, 'x', 3000);
    size_t size = lift(large_ILarge_Whole_mid);
    ck_assert_uint_eq(wire_lift(type, body.bytes, body.size, skeleton, size), size);
    for (size_t room = 0; room < size; room++) {
        ck_assert_uint_eq(wire_lift(type, body.bytes, body.size, skeleton, room), 0);
    }
}
END_TEST

START_TEST(what_is_no_reference_leads_nowhere)
{
    uint8_t reference[LIFT_BYTES];
    const void *bytes = NULL;
    size_t size = 0;

    forge(reference, 100);
    ck_assert(wire_lift_find(reference, zeros, 100, &bytes, &size));
    ck_assert(bytes == zeros && size == 100);
    ck_assert(!wire_lift_find(reference, zeros, 99, &bytes, &size));
    reference[0] |= 1; /* from offset 1 on */
    ck_assert(!wire_lift_find(reference, zeros, 100, &bytes, &size));
    ck_assert(wire_lift_find(reference, zeros, 101, &bytes, &size));
    reference[LIFT_BYTES / 2 - 1] = 0x7f; /* far away */
    ck_assert(!wire_lift_find(reference, zeros, sizeof(zeros), &bytes, &size));
    for (size_t i = 0; i < LIFT_BYTES; i++) {
        forge(reference, 100);
        reference[i] ^= 0x40;
        ck_assert(!wire_lift_find(reference, zeros, 100, &bytes, &size));
        reference[i] ^= 0xc0;
        ck_assert(!wire_lift_find(reference, zeros, 100, &bytes, &size));
    }
}
END_TEST

/* A message that contains itself; protoc-c's own descriptors have no such type. */
struct chain {
    ProtobufCMessage base;
    struct chain *next;
    ProtobufCBinaryData data;
};

static ProtobufCMessageDescriptor chain_type;
static const ProtobufCFieldDescriptor chain_fields[] = {{.name = "next",
                                                         .id = 1,
                                                         .label = PROTOBUF_C_LABEL_NONE,
                                                         .type = PROTOBUF_C_TYPE_MESSAGE,
                                                         .offset = offsetof(struct chain, next),
                                                         .descriptor = &chain_type},
                                                        {.name = "data",
                                                         .id = 2,
                                                         .label = PROTOBUF_C_LABEL_NONE,
                                                         .type = PROTOBUF_C_TYPE_BYTES,
                                                         .offset = offsetof(struct chain, data)}};
static const ProtobufCIntRange chain_ranges[] = {{1, 0}, {0, 2}};

/* make_chain() - @depth messages in one another, with a value in front of and behind each, in
 * `body` */
static void make_chain(size_t depth)
{
    chain_type = (ProtobufCMessageDescriptor){.magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
                                              .sizeof_message = sizeof(struct chain),
                                              .n_fields = 2,
                                              .fields = chain_fields,
                                              .n_field_ranges = 1,
                                              .field_ranges = chain_ranges};
    body.size = 0;
    for (size_t i = 1; i < depth; i++) {
        part = body;
        body.size = 0;
        body_add_filled(&body, UNKNOWN, 'u', 20);
        add_part(&body, 1);
        body_add_filled(&body, 2, (char)('a' + i % 26), 10 + 8 * i);
    }
}

START_TEST(messages_nest_to_the_limit_and_not_one_level_more)
{
    make_chain(MESSAGE_NESTING_MAX);
    ck_assert(skeleton_is_faithful(&chain_type, body.bytes, body.size));
    make_chain(MESSAGE_NESTING_MAX + 1);
    ck_assert_uint_eq(wire_lift(&chain_type, body.bytes, body.size, skeleton, sizeof(skeleton)), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire_lift");
    TCase *cases = tcase_create("wire_lift");

    seed = random_seed();
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, values_of_lift_bytes_and_more_become_references_of_that_length, 0,
                        N_LENGTHS);
    tcase_add_loop_test(cases, values_of_every_length_arrive, 0, N_LENGTHS);
    tcase_add_loop_test(cases, short_values_arrive_beside_lifted_ones, 0, 5);
    tcase_add_test(cases, only_bodies_that_are_large_values_for_the_most_part_are_lifted);
    tcase_add_test(cases, what_decodes_is_the_same_lifted_or_not);
    tcase_add_test(cases, a_verbatim_arena_needs_no_references_and_minds_none);
    tcase_add_loop_test(cases, bounds_hold_for_what_is_lifted, 0, 7);
    tcase_add_loop_test(cases, a_lifted_string_ends_at_its_first_nul, 0, 7);
    tcase_add_test(cases, a_receiver_without_room_is_told);
    tcase_add_test(cases, a_string_must_be_utf8_also_beyond_its_nul);
    tcase_add_test(cases, a_forged_reference_is_a_value_like_any_other);
    tcase_add_test(cases, part_of_a_forged_reference_stays_short);
    tcase_add_loop_test(cases, a_field_that_is_there_twice_has_its_last_value, 0, 5);
    tcase_add_loop_test(cases, a_union_that_is_there_twice_has_its_last_member, 0, 8);
    tcase_add_loop_test(cases, messages_that_are_there_twice_are_merged, 0, 3);
    tcase_add_loop_test(cases, the_last_of_two_unions_counts, 0, 3);
    tcase_add_loop_test(cases, lengths_take_as_many_bytes_as_before, 0, 10);
    tcase_add_test(cases, unknown_fields_are_in_the_skeleton_as_they_are);
    tcase_add_test(cases, as_many_unknown_fields_are_let_through_as_without_a_skeleton);
    tcase_add_test(cases, no_truncation_of_a_body_does_harm);
    tcase_add_test(cases, any_bytes_at_all_stay_within_the_room_for_the_skeleton);
    tcase_add_test(cases, a_skeleton_that_has_no_room_is_not_written);
    tcase_add_test(cases, what_is_no_reference_leads_nowhere);
    tcase_add_test(cases, messages_nest_to_the_limit_and_not_one_level_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
