/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wire_scan.h"

#include <stdlib.h>
#include <string.h>

#include <capchan/stub.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

extern const struct capchan_interface types_IAll_interface_stub_;

enum {
    SCALARS,
    STRINGS,
    BUFFERS,
    ARRAYS,
    STRUCTS,
    NESTED,
    SWARM,
};

static int scan_bytes(int method, const void *bytes, size_t size)
{
    struct wire_cost cost;

    return wire_scan(types_IAll_interface_stub_.methods[method].req->proto, bytes, size, &cost);
}

#define scan(method, literal) scan_bytes(method, literal, sizeof(literal) - 1)

START_TEST(an_empty_body_is_fine)
{
    ck_assert_int_eq(scan(SCALARS, ""), 0);
}
END_TEST

START_TEST(varints_have_at_most_ten_bytes_and_64_bits)
{
    ck_assert_int_eq(scan(SCALARS, "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 0);
    ck_assert_int_eq(scan(SCALARS, "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                     ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00"),
                     ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x20\xff"), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(field_0_and_wire_types_of_groups_are_refused)
{
    ck_assert_int_eq(scan(SCALARS, "\x00\x00"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x7b"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x7c"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x7e"), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(lengths_must_stay_inside_their_message)
{
    ck_assert_int_eq(scan(STRINGS, "\x0a\x02xy"), 0);
    ck_assert_int_eq(scan(STRINGS, "\x0a\x03xy"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(STRINGS, "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01xy"),
                     ERROR_BAD_MESSAGE);
    /* item { name of 5 bytes, of which the item has 1 } */
    ck_assert_int_eq(scan(STRUCTS, "\x0a\x03\x12\x05z____"), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_known_field_must_have_its_wire_type)
{
    ck_assert_int_eq(scan(SCALARS, "\x0a\x01x"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x0d____"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(STRINGS, "\x08\x01"), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(repeated_scalars_may_be_packed_or_not)
{
    ck_assert_int_eq(scan(BUFFERS, "\x1a\x02\x01\x02"), 0);
    ck_assert_int_eq(scan(BUFFERS, "\x18\x01\x18\x02"), 0);
    ck_assert_int_eq(scan(BUFFERS, "\x1a\x02\x01\x82"), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(strings_must_be_utf8_and_bytes_need_not)
{
    ck_assert_int_eq(scan(STRINGS, "\x0a\x02\xc3\xa9"), 0);
    ck_assert_int_eq(scan(STRINGS, "\x0a\x02\xc3("), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(BUFFERS, "\x0a\x02\xc3("), 0);
}
END_TEST

START_TEST(unknown_fields_are_skipped_but_not_without_end)
{
    size_t size = 1 << 20;
    uint8_t *flood = malloc(size);

    ck_assert_int_eq(scan(SCALARS, "\x78\x01\x7d____\x79________\x7a\x03xyz"), 0);
    ck_assert_int_eq(scan(SCALARS, "\x7d___"), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(scan(SCALARS, "\x7a\x04xyz"), ERROR_BAD_MESSAGE);
    for (size_t i = 0; i < size; i += 2) {
        memcpy(flood + i, "\x78\x00", 2);
    }
    ck_assert_int_eq(scan_bytes(SCALARS, flood, size), ERROR_BAD_MESSAGE);
    free(flood);
}
END_TEST

START_TEST(a_field_that_is_not_repeated_cannot_flood)
{
    size_t size = 1 << 20;
    uint8_t *flood = malloc(size);

    for (size_t i = 0; i < size; i += 2) {
        memcpy(flood + i, "\x08\x01", 2);
    }
    ck_assert_int_eq(scan_bytes(SCALARS, flood, size), ERROR_BAD_MESSAGE);
    free(flood);
}
END_TEST

/* nest() - a message of a type that contains itself, @depth levels deep; protoc-c's own descriptors
 * have no such type */
static size_t nest(uint8_t *bytes, size_t depth)
{
    size_t size = 0;

    for (size_t i = 0; i < depth; i++) {
        uint8_t head[8] = {0x0a};
        size_t n = 1;
        for (size_t left = size; n == 1 || left > 0; left >>= 7) {
            head[n++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        }
        memmove(bytes + n, bytes, size);
        memcpy(bytes, head, n);
        size += n;
    }
    return size;
}

START_TEST(messages_nest_to_the_limit_and_not_one_level_more)
{
    static ProtobufCMessageDescriptor self;
    static ProtobufCFieldDescriptor field = {.name = "next",
                                             .id = 1,
                                             .label = PROTOBUF_C_LABEL_NONE,
                                             .type = PROTOBUF_C_TYPE_MESSAGE,
                                             .descriptor = &self};
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 1}};
    struct wire_cost cost;
    uint8_t *bytes = malloc(1 << 20);

    self = (ProtobufCMessageDescriptor){.magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
                                        .sizeof_message = 64,
                                        .n_fields = 1,
                                        .fields = &field,
                                        .n_field_ranges = 1,
                                        .field_ranges = ranges};
    size_t size = nest(bytes, MESSAGE_NESTING_MAX - 1);
    ck_assert_int_eq(wire_scan(&self, bytes, size, &cost), 0);
    size = nest(bytes, MESSAGE_NESTING_MAX);
    ck_assert_int_eq(wire_scan(&self, bytes, size, &cost), ERROR_BAD_MESSAGE);
    size = nest(bytes, 100000);
    ck_assert_int_eq(wire_scan(&self, bytes, size, &cost), ERROR_BAD_MESSAGE);
    free(bytes);
}
END_TEST

START_TEST(what_unpacking_takes_is_never_underestimated)
{
    const struct capchan_record *record = types_IAll_interface_stub_.methods[SWARM].req;
    size_t n = 5000;
    uint8_t *bytes = malloc(2 * n);
    struct wire_cost cost;

    for (size_t i = 0; i < n; i++) {
        memcpy(bytes + 2 * i, "\x0a\x00", 2);
    }
    ck_assert_int_eq(wire_scan(record->proto, bytes, 2 * n, &cost), 0);
    ck_assert_uint_eq(cost.elements, n);
    ProtobufCMessage *message = protobuf_c_message_unpack(record->proto, NULL, 2 * n, bytes);
    ck_assert_uint_ge(cost.bytes, n * (sizeof(void *) + 24));
    protobuf_c_message_free_unpacked(message, NULL);
    free(bytes);
}
END_TEST

START_TEST(large_strings_and_bytes_are_counted)
{
    const ProtobufCMessageDescriptor *type = types_IAll_interface_stub_.methods[BUFFERS].req->proto;
    static uint8_t bytes[3 * (WIRE_LARGE_BYTES + 3)];
    const size_t size = WIRE_LARGE_BYTES + 3;
    struct wire_cost cost;

    /* data, octets, and a field that the message does not have */
    for (size_t i = 0; i < 3; i++) {
        bytes[i * size] = (const uint8_t[]){0x0a, 0x12, 0x7a}[i];
        bytes[i * size + 1] = 0x80 | (WIRE_LARGE_BYTES & 0x7f);
        bytes[i * size + 2] = WIRE_LARGE_BYTES >> 7;
    }
    ck_assert_int_eq(wire_scan(type, bytes, sizeof(bytes), &cost), 0);
    ck_assert_uint_eq(cost.n_large, 2);
    ck_assert_uint_eq(cost.large_bytes, (size_t)2 * WIRE_LARGE_BYTES);
    bytes[1] = 0x80 | ((WIRE_LARGE_BYTES - 1) & 0x7f);
    bytes[2] = (WIRE_LARGE_BYTES - 1) >> 7;
    ck_assert_int_eq(wire_scan(type, bytes, size - 1, &cost), 0);
    ck_assert_uint_eq(cost.n_large, 0);
    ck_assert_uint_eq(cost.large_bytes, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire_scan");
    TCase *cases = tcase_create("wire_scan");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, an_empty_body_is_fine);
    tcase_add_test(cases, varints_have_at_most_ten_bytes_and_64_bits);
    tcase_add_test(cases, field_0_and_wire_types_of_groups_are_refused);
    tcase_add_test(cases, lengths_must_stay_inside_their_message);
    tcase_add_test(cases, a_known_field_must_have_its_wire_type);
    tcase_add_test(cases, repeated_scalars_may_be_packed_or_not);
    tcase_add_test(cases, strings_must_be_utf8_and_bytes_need_not);
    tcase_add_test(cases, unknown_fields_are_skipped_but_not_without_end);
    tcase_add_test(cases, a_field_that_is_not_repeated_cannot_flood);
    tcase_add_test(cases, messages_nest_to_the_limit_and_not_one_level_more);
    tcase_add_test(cases, what_unpacking_takes_is_never_underestimated);
    tcase_add_test(cases, large_strings_and_bytes_are_counted);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
