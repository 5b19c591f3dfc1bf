/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a few numbers: what is written and read without protobuf-c is what it would write and
 * read. */
#include "core/wire_flat.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

#include <mirror/IMirror.idl.h>
#include <types/IAll.idl.h>

#include "tests/support/check_main.h"
#include "tests/support/random_value.h"

#define MESSAGES 20000

static const struct capchan_record *scalars;

static void setup(void)
{
    scalars = types_IAll_interface_stub_.methods[types_IAll_Scalars_mid].req;
}

static size_t write_flat(const types_IAll_Scalars_req *req, uint8_t bytes[FLAT_BYTES_MAX])
{
    size_t size;

    ck_assert(wire_flat_write(scalars, req, bytes, &size));
    ck_assert_uint_le(size, FLAT_BYTES_MAX);
    return size;
}

/* read_flat() - into an object that is all zeros */
static bool read_flat(const void *bytes, size_t size, types_IAll_Scalars_req *req)
{
    memset(req, 0, sizeof(*req));
    return wire_flat_read(scalars, bytes, size, req);
}

START_TEST(protobuf_c_reads_what_is_written_and_would_write_the_same)
{
    struct random_source source = {.state = random_seed()};
    types_IAll_Scalars_req req = {0};
    types_IAll_Scalars_req again;
    uint8_t bytes[FLAT_BYTES_MAX];
    uint8_t theirs[FLAT_BYTES_MAX];
    struct nk_arena none;

    nk_arena_init(&none, bytes, bytes);
    for (int i = 0; i < MESSAGES; i++) {
        random_fill(&source, scalars, &req, &none);
        size_t size = write_flat(&req, bytes);
        ProtobufCMessage *message = protobuf_c_message_unpack(scalars->proto, NULL, size, bytes);
        ck_assert_ptr_nonnull(message);
        ck_assert_uint_eq(protobuf_c_message_get_packed_size(message), size);
        ck_assert_uint_eq(protobuf_c_message_pack(message, theirs), size);
        ck_assert_mem_eq(bytes, theirs, size);
        protobuf_c_message_free_unpacked(message, NULL);
        ck_assert(read_flat(bytes, size, &again));
        ck_assert_mem_eq(&req.u8, &again.u8, sizeof(req) - offsetof(types_IAll_Scalars_req, u8));
    }
}
END_TEST

START_TEST(the_ends_of_every_range_pass)
{
    const types_IAll_Scalars_req ends[] = {
        {.u8 = UINT8_MAX, .u16 = UINT16_MAX, .u32 = UINT32_MAX, .u64 = UINT64_MAX},
        {.s8 = INT8_MAX, .s16 = INT16_MAX, .s32 = INT32_MAX, .s64 = INT64_MAX},
        {.s8 = INT8_MIN, .s16 = INT16_MIN, .s32 = INT32_MIN, .s64 = INT64_MIN},
        {.u8 = UINT8_MAX,
         .u16 = UINT16_MAX,
         .u32 = UINT32_MAX,
         .u64 = UINT64_MAX,
         .s8 = INT8_MIN,
         .s16 = INT16_MIN,
         .s32 = INT32_MIN,
         .s64 = INT64_MIN},
    };
    types_IAll_Scalars_req req;
    uint8_t bytes[FLAT_BYTES_MAX];

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        ck_assert(read_flat(bytes, write_flat(&ends[i], bytes), &req));
        ck_assert_mem_eq(&req, &ends[i], sizeof(req));
    }
}
END_TEST

START_TEST(numbers_beyond_their_range_are_left_to_others)
{
    types_IAll_Scalars_req req;

    ck_assert(read_flat("\x08\xff\x01", 3, &req));
    ck_assert(!read_flat("\x08\x80\x02", 3, &req));
    ck_assert(read_flat("\x10\xff\xff\x03", 4, &req));
    ck_assert(!read_flat("\x10\x80\x80\x04", 4, &req));
    ck_assert(read_flat("\x18\xff\xff\xff\xff\x0f", 6, &req));
    ck_assert(!read_flat("\x18\x80\x80\x80\x80\x10", 6, &req));
    ck_assert(read_flat("\x28\xff\x01", 3, &req));
    ck_assert_int_eq(req.s8, INT8_MIN);
    ck_assert(!read_flat("\x28\x80\x02", 3, &req));
    ck_assert(!read_flat("\x28\x81\x02", 3, &req));
    ck_assert(!read_flat("\x30\x80\x80\x04", 4, &req));
    ck_assert(!read_flat("\x38\x80\x80\x80\x80\x10", 6, &req));
}
END_TEST

START_TEST(whatever_is_unusual_is_left_to_others)
{
    types_IAll_Scalars_req req;

    ck_assert(read_flat("", 0, &req));
    ck_assert(read_flat("\x08\x01\x10\x02", 4, &req));
    ck_assert(!read_flat("\x10\x02\x08\x01", 4, &req)); /* out of order */
    ck_assert(!read_flat("\x08\x01\x08\x01", 4, &req)); /* twice */
    ck_assert(!read_flat("\x48\x01", 2, &req));         /* unknown */
    ck_assert(!read_flat("\x88\x01\x01", 3, &req));
    ck_assert(!read_flat("\x0d\x01\x00\x00\x00", 5, &req)); /* of another wire type */
    ck_assert(!read_flat("\x0a\x01\x01", 3, &req));
    ck_assert(!read_flat("\x08", 1, &req)); /* cut off */
    ck_assert(!read_flat("\x08\x80", 2, &req));
    ck_assert(!read_flat("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, &req)); /* too long */
    ck_assert(!read_flat("\x08\x01\x00", 3, &req)); /* more than a message */
}
END_TEST

START_TEST(records_with_anything_but_numbers_or_with_many_are_not_flat)
{
    const struct capchan_interface *all[] = {&types_IAll_interface_stub_,
                                             &mirror_IMirror_interface_stub_};
    static char object[sizeof(mirror_IMirror_req) + sizeof(types_IAll_req)]
        __attribute__((aligned(16)));
    uint8_t bytes[FLAT_BYTES_MAX];
    size_t n_flat = 0;
    size_t size;

    for (size_t i = 0; i < 2; i++) {
        for (nk_uint32_t mid = 0; mid < all[i]->n_methods; mid++) {
            const struct capchan_record *record = all[i]->methods[mid].req;
            bool is_flat = record->n_fields <= FLAT_FIELDS_MAX;
            for (nk_uint32_t f = 0; f < record->n_fields; f++) {
                is_flat = is_flat && record->fields[f].type->kind <= CAPCHAN_SINT64;
            }
            ck_assert(wire_flat_write(record, object, bytes, &size) == is_flat);
            ck_assert(wire_flat_read(record, bytes, 0, object) == is_flat);
            n_flat += is_flat;
        }
    }
    ck_assert_uint_ge(n_flat, 3); /* Scalars and Quiet, Empty */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire_flat");
    TCase *cases = tcase_create("wire_flat");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, protobuf_c_reads_what_is_written_and_would_write_the_same);
    tcase_add_test(cases, the_ends_of_every_range_pass);
    tcase_add_test(cases, numbers_beyond_their_range_are_left_to_others);
    tcase_add_test(cases, whatever_is_unusual_is_left_to_others);
    tcase_add_test(cases, records_with_anything_but_numbers_or_with_many_are_not_flat);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
