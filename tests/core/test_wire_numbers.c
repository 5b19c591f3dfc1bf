/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of nothing but numbers: what is written and read for them is what is written and read
 * for messages that may have strings and bytes as well, which test_wire_flat holds against
 * protobuf-c. */
#include "core/wire_numbers.h"

#include <string.h>

#include <types/IAll.idl.h>

#include "core/wire_flat.h"
#include "tests/support/check_main.h"
#include "tests/support/random_value.h"
#include "tests/support/scalar_ends.h"

#define ROUNDS 50000

static const struct capchan_record *scalars;

static void setup(void)
{
    scalars = types_IAll_interface_stub_.methods[types_IAll_Scalars_mid].req;
}

/* write_numbers() - and see that the other one writes the same. Return: the size. */
static size_t write_numbers(const types_IAll_Scalars_req *req,
                            uint8_t bytes[WIRE_NUMBERS_BYTES_MAX])
{
    struct wire_flat flat;
    size_t size;

    ck_assert(wire_numbers_write(scalars, req, bytes, &size));
    ck_assert(wire_flat_write(scalars, req, NULL, 0, &flat));
    ck_assert_uint_eq(size, flat.size);
    ck_assert_mem_eq(bytes, flat.bytes, size);
    return size;
}

/* read_numbers() - into an object that held something else, and see that the other one reads the
 * same */
static bool read_numbers(const uint8_t *bytes, size_t size, types_IAll_Scalars_req *req)
{
    types_IAll_Scalars_req other = {.base_ = req->base_};

    memset((char *)req + sizeof(req->base_), 0xa5, sizeof(*req) - sizeof(req->base_));
    bool is_read = wire_numbers_read(scalars, bytes, size, req);
    ck_assert(wire_flat_read(scalars, bytes, size, &other, NULL) == is_read);
    if (is_read) {
        ck_assert_mem_eq(req, &other, sizeof(other));
    }
    return is_read;
}

START_TEST(any_numbers_come_back)
{
    struct random_source source = {.state = random_seed(), .is_orderly = true};
    types_IAll_Scalars_req req = {0};
    types_IAll_Scalars_req again = {0};
    struct nk_arena arena = {0};
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];

    for (unsigned i = 0; i < check_rounds(ROUNDS); i++) {
        random_fill(&source, scalars, &req, &arena);
        ck_assert(read_numbers(bytes, write_numbers(&req, bytes), &again));
        ck_assert_uint_eq(again.u8, req.u8);
        ck_assert_uint_eq(again.u16, req.u16);
        ck_assert_uint_eq(again.u32, req.u32);
        ck_assert_uint_eq(again.u64, req.u64);
        ck_assert_int_eq(again.s8, req.s8);
        ck_assert_int_eq(again.s16, req.s16);
        ck_assert_int_eq(again.s32, req.s32);
        ck_assert_int_eq(again.s64, req.s64);
    }
}
END_TEST

START_TEST(the_largest_message_has_room)
{
    const types_IAll_Scalars_req req = SCALARS_LARGEST;
    types_IAll_Scalars_req again = {0};
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];

    ck_assert(read_numbers(bytes, write_numbers(&req, bytes), &again));
    ck_assert_mem_eq(&again, &req, sizeof(req));
}
END_TEST

START_TEST(whatever_the_bytes_are_both_ways_to_read_them_agree)
{
    struct random_source source = {.state = random_seed(), .is_orderly = true};
    types_IAll_Scalars_req req = {0};
    struct nk_arena arena = {0};
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];
    unsigned n_read = 0;
    unsigned n_refused = 0;

    for (unsigned i = 0; i < check_rounds(ROUNDS) || n_read == 0 || n_refused == 0; i++) {
        random_fill(&source, scalars, &req, &arena);
        size_t size = write_numbers(&req, bytes);
        if (size > 0) {
            bytes[random_next(&source) % size] = (uint8_t)random_next(&source);
            size -= random_next(&source) % 4 == 0;
        }
        bool is_read = read_numbers(bytes, size, &req);
        n_read += is_read;
        n_refused += !is_read;
    }
}
END_TEST

START_TEST(nothing_is_left_of_what_an_object_held)
{
    types_IAll_Scalars_req req;

    memset(&req, 0xa5, sizeof(req));
    ck_assert(wire_numbers_read(scalars, (const uint8_t *)"", 0, &req));
    const types_IAll_Scalars_req empty = {.base_ = req.base_};
    ck_assert_mem_eq(&req, &empty, sizeof(empty));
}
END_TEST

START_TEST(messages_with_anything_else_are_left_to_others)
{
    const struct capchan_method *methods = types_IAll_interface_stub_.methods;
    static const nk_mid_t others[] = {types_IAll_Strings_mid, types_IAll_Buffers_mid,
                                      types_IAll_Arrays_mid, types_IAll_Structs_mid,
                                      types_IAll_Nested_mid};
    static uint64_t object[1024];
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX];
    size_t size;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct capchan_record *record = methods[others[i]].req;
        ck_assert_uint_le(record->size, sizeof(object));
        ck_assert(!wire_numbers_write(record, object, bytes, &size));
        ck_assert(!wire_numbers_read(record, bytes, 0, object));
    }
    ck_assert(wire_numbers_write(methods[types_IAll_Quiet_mid].req, object, bytes, &size));
    ck_assert_uint_eq(size, 0);
    ck_assert(wire_numbers_read(methods[types_IAll_Quiet_mid].req, bytes, 0, object));
}
END_TEST

START_TEST(eight_numbers_pass_and_nine_are_left_to_others)
{
    static const struct capchan_type type = {.kind = CAPCHAN_UINT64, .size = 8, .align = 8};
    struct capchan_field fields[WIRE_FIELDS_MAX + 1];
    struct capchan_record record = {.fields = fields};
    uint64_t object[sizeof(struct nk_message) / sizeof(uint64_t) + WIRE_FIELDS_MAX + 1];
    uint64_t again[sizeof(object) / sizeof(object[0])] = {0};
    uint8_t bytes[WIRE_NUMBERS_BYTES_MAX + 11];
    size_t size;

    memset(object, 0xff, sizeof(object));
    for (uint32_t i = 0; i < WIRE_FIELDS_MAX + 1; i++) {
        fields[i] = (struct capchan_field){
            .name = "n", .offset = sizeof(struct nk_message) + i * 8, .type = &type};
    }
    record.n_fields = WIRE_FIELDS_MAX;
    record.size = sizeof(object) - 8;
    ck_assert(wire_numbers_write(&record, object, bytes, &size));
    ck_assert_uint_eq(size, WIRE_NUMBERS_BYTES_MAX);
    ck_assert(wire_numbers_read(&record, bytes, size, again));
    ck_assert_mem_eq((char *)again + sizeof(struct nk_message),
                     (char *)object + sizeof(struct nk_message), WIRE_FIELDS_MAX * 8);
    ck_assert_uint_eq(again[sizeof(again) / sizeof(again[0]) - 1], 0);
    record.n_fields++;
    record.size += 8;
    ck_assert(!wire_numbers_write(&record, object, bytes, &size));
    ck_assert(!wire_numbers_read(&record, bytes, 0, again));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire_numbers");
    TCase *cases = tcase_create("wire_numbers");

    tcase_add_unchecked_fixture(cases, setup, NULL);
    tcase_add_test(cases, any_numbers_come_back);
    tcase_add_test(cases, the_largest_message_has_room);
    tcase_add_test(cases, whatever_the_bytes_are_both_ways_to_read_them_agree);
    tcase_add_test(cases, nothing_is_left_of_what_an_object_held);
    tcase_add_test(cases, messages_with_anything_else_are_left_to_others);
    tcase_add_test(cases, eight_numbers_pass_and_nine_are_left_to_others);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
