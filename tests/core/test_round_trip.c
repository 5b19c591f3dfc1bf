/* SPDX-License-Identifier: Apache-2.0 */
/* Random values of every type of the language, encoded and decoded again: what comes out is what
 * went in, down to where it lies in the arena. */
#include <stdlib.h>
#include <string.h>

#include <mirror/IMirror.idl.h>

#include "core/decode.h"
#include "core/encode.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"
#include "tests/support/same_value.h"

#define N_MESSAGES 10000
#define ALIGNMENTS 16 /* arenas start at any address: programs use arrays of char */

/* The arenas that idlc found large enough for a method. */
#define SIZES(method)                                                                              \
    [mirror_IMirror_##method##_mid] = {mirror_IMirror_##method##_req_arena_size,                   \
                                       mirror_IMirror_##method##_res_arena_size}
static const struct {
    size_t req;
    size_t res;
} arena_sizes[] = {SIZES(Empty),  SIZES(Numbers), SIZES(Texts),  SIZES(Buffers), SIZES(Lists),
                   SIZES(Arrays), SIZES(Structs), SIZES(Nested), SIZES(Unions),  SIZES(Handles),
                   SIZES(Errors), SIZES(Odd),     SIZES(ODD),    SIZES(Init)};
_Static_assert(sizeof(arena_sizes) / sizeof(arena_sizes[0]) == mirror_IMirror_mid_max,
               "all methods");

static struct random_source source;
static char object_bytes[2][sizeof(mirror_IMirror_res)] __attribute__((aligned(16)));
static char *arena_bytes[2];
static struct nk_arena arenas[2];
static uint64_t seed;

static void setup(void)
{
    source = (struct random_source){.state = seed};
}

static void teardown(void)
{
    for (size_t i = 0; i < 2; i++) {
        free(arena_bytes[i]);
        arena_bytes[i] = NULL;
    }
}

/* place_arenas() - each at the end of its memory, for a sanitizer to notice one byte too many */
static void place_arenas(size_t size)
{
    for (size_t i = 0; i < 2; i++) {
        size_t shift = random_next(&source) % ALIGNMENTS;
        free(arena_bytes[i]);
        arena_bytes[i] = malloc(shift + size);
        ck_assert(arena_bytes[i] != NULL || shift + size == 0);
        nk_arena_init(&arenas[i], arena_bytes[i] + shift, arena_bytes[i] + shift + size);
    }
}

/* new_message() - a request, response or error response, with nothing in it yet */
static const struct capchan_record *new_message(nk_mid_t mid, size_t direction)
{
    const struct capchan_method *method = &mirror_IMirror_interface_stub_.methods[mid];
    const struct capchan_record *const records[] = {method->req, method->res, method->err};

    place_arenas(direction == 0 ? arena_sizes[mid].req : arena_sizes[mid].res);
    return records[direction];
}

/* random_message() - of any method, in any direction */
static const struct capchan_record *random_message(void)
{
    nk_mid_t mid = (nk_mid_t)(random_next(&source) % mirror_IMirror_mid_max);
    const struct capchan_record *record = new_message(mid, random_next(&source) % 3);

    random_fill(&source, record, object_bytes[0], &arenas[0]);
    return record;
}

static size_t used_bytes(const struct nk_arena *arena)
{
    return (size_t)((char *)arena->current - (char *)arena->start);
}

/* transfer() - encode the first object, decode it into the second one. Return: whether the arena
 * went along as it is. */
static bool transfer(const struct capchan_record *record)
{
    struct encoded encoded;
    struct frame frame;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    ck_assert_int_eq(encode(record, object_bytes[0], &arenas[0], &pool, &encoded), 0);
    size_t size = frame_payload_bytes(&encoded.head);
    uint8_t *payload = malloc(size);
    ck_assert(payload != NULL || size == 0);
    encoded_pack(&encoded, payload);
    frame_split(&encoded.head, payload, &frame);
    memset(object_bytes[1], 0xa5, sizeof(object_bytes[1]));
    ck_assert_int_eq(decode(record, &frame, object_bytes[1], &arenas[1]), 0);
    free(payload);
    pool_deinit(&pool);
    return encoded.head.n_pointers > 0 || encoded.head.arena_bytes > 0;
}

/* expect_the_same() - values, and the arenas byte for byte */
static void expect_the_same(const struct capchan_record *record)
{
    const struct typed_object a = {record, object_bytes[0], &arenas[0]};
    const struct typed_object b = {record, object_bytes[1], &arenas[1]};
    char path[SAME_VALUE_PATH_MAX];

    ck_assert_msg(same_value(&a, &b, path), "%s differs", path);
    ck_assert_uint_eq(used_bytes(&arenas[0]), used_bytes(&arenas[1]));
    ck_assert(memcmp(arenas[0].start, arenas[1].start, used_bytes(&arenas[0])) == 0);
    ck_assert_mem_eq(object_bytes[0] + sizeof(struct nk_message),
                     object_bytes[1] + sizeof(struct nk_message),
                     record->size - sizeof(struct nk_message));
}

START_TEST(what_is_sent_arrives)
{
    size_t n_verbatim = 0;

    for (int i = 0; i < N_MESSAGES; i++) {
        const struct capchan_record *record = random_message();
        n_verbatim += transfer(record);
        expect_the_same(record);
    }
    ck_assert_uint_gt(n_verbatim, N_MESSAGES / 10); /* both ways of sending an arena were used */
    ck_assert_uint_lt(n_verbatim, N_MESSAGES * 9 / 10);
}
END_TEST

START_TEST(an_arena_in_the_order_of_the_idl_is_rebuilt_from_the_body_alone)
{
    source.is_orderly = true;
    for (int i = 0; i < N_MESSAGES; i++) {
        const struct capchan_record *record = random_message();
        ck_assert(!transfer(record));
        expect_the_same(record);
    }
}
END_TEST

/* damage_at() - change the byte at @offset of the second object, or else of its arena */
static void damage_at(const struct capchan_record *record, size_t offset)
{
    size_t in_object = record->size - sizeof(struct nk_message);

    if (offset < in_object) {
        object_bytes[1][sizeof(struct nk_message) + offset] ^= 1;
    } else {
        ((char *)arenas[1].start)[offset - in_object] ^= 1;
    }
}

START_TEST(the_comparison_of_these_tests_notices_each_scalar)
{
    const struct capchan_record *record = new_message(mirror_IMirror_Numbers_mid, 0);
    const struct typed_object a = {record, object_bytes[0], &arenas[0]};
    const struct typed_object b = {record, object_bytes[1], &arenas[1]};
    char path[SAME_VALUE_PATH_MAX];

    random_fill(&source, record, object_bytes[0], &arenas[0]);
    transfer(record);
    for (size_t i = 0; i < record->n_fields; i++) {
        size_t offset = record->fields[i].offset - sizeof(struct nk_message);
        damage_at(record, offset);
        ck_assert(!same_value(&a, &b, path));
        ck_assert_str_eq(path, record->fields[i].name);
        damage_at(record, offset);
    }
    ck_assert(same_value(&a, &b, path));
}
END_TEST

START_TEST(the_comparison_of_these_tests_follows_chunks)
{
    const struct capchan_record *record = new_message(mirror_IMirror_Nested_mid, 0);
    const struct typed_object a = {record, object_bytes[0], &arenas[0]};
    const struct typed_object b = {record, object_bytes[1], &arenas[1]};
    size_t in_object = record->size - sizeof(struct nk_message);
    char path[SAME_VALUE_PATH_MAX];
    size_t n_noticed = 0;

    source.is_orderly = true;
    do {
        random_fill(&source, record, object_bytes[0], &arenas[0]);
    } while (used_bytes(&arenas[0]) < 100);
    transfer(record);
    for (size_t i = 0; i < used_bytes(&arenas[1]); i++) {
        damage_at(record, in_object + i);
        n_noticed += !same_value(&a, &b, path);
        damage_at(record, in_object + i);
    }
    /* but for the padding between chunks and in structs */
    ck_assert_uint_gt(n_noticed, used_bytes(&arenas[1]) / 2);
    ck_assert(same_value(&a, &b, path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("round_trip");
    TCase *cases = tcase_create("round_trip");

    seed = random_seed();
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, what_is_sent_arrives);
    tcase_add_test(cases, an_arena_in_the_order_of_the_idl_is_rebuilt_from_the_body_alone);
    tcase_add_test(cases, the_comparison_of_these_tests_notices_each_scalar);
    tcase_add_test(cases, the_comparison_of_these_tests_follows_chunks);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
