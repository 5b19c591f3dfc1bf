/* SPDX-License-Identifier: Apache-2.0 */
#include "core/frame.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

static uint8_t datagram[sizeof(struct frame_head) + 64];

static struct frame_head head_of(uint32_t body, uint32_t pointers, uint32_t arena)
{
    return (struct frame_head){.magic = FRAME_MAGIC,
                               .call = 9,
                               .body_bytes = body,
                               .n_pointers = pointers,
                               .arena_bytes = arena};
}

static int parse(struct frame_head head, size_t payload, int n_fds)
{
    struct frame_head parsed;

    memcpy(datagram, &head, sizeof(head));
    return frame_parse_head(datagram, sizeof(head) + payload, n_fds, &parsed);
}

START_TEST(a_complete_frame_is_taken_apart)
{
    struct frame_head head = head_of(5, 2, 7);
    struct frame_head parsed;
    struct frame frame;

    memcpy(datagram, &head, sizeof(head));
    ck_assert_int_eq(frame_parse_head(datagram, sizeof(head) + 28, 0, &parsed), 0);
    frame_split(&parsed, datagram + sizeof(head), &frame);
    ck_assert_ptr_eq(frame.pointers, frame.body + 5);
    ck_assert_ptr_eq(frame.arena, frame.pointers + 16);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
    for (size_t size = 0; size < sizeof(struct frame_head) + 5; size++) {
        struct frame_head head = head_of(5, 0, 0);
        struct frame_head parsed;
        memcpy(datagram, &head, sizeof(head));
        ck_assert_int_eq(frame_parse_head(datagram, size, 0, &parsed), ERROR_BAD_MESSAGE);
    }
}
END_TEST

START_TEST(surplus_bytes_are_refused)
{
    ck_assert_int_eq(parse(head_of(5, 0, 0), 6, 0), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(sizes_that_overflow_or_exceed_the_limit_are_refused)
{
    struct frame_head head = head_of(MESSAGE_BYTES_MAX, 0, 0);

    head.flags = FRAME_MEMFD;
    ck_assert_int_eq(parse(head, 0, 1), 0);
    head.arena_bytes = 1;
    ck_assert_int_eq(parse(head, 0, 1), ERROR_BAD_MESSAGE);
    head = head_of(UINT32_MAX, UINT32_MAX, UINT32_MAX);
    head.flags = FRAME_MEMFD;
    ck_assert_int_eq(parse(head, 0, 1), ERROR_BAD_MESSAGE);
    head = head_of(0, UINT32_MAX / 8 + 1, 0);
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(wrong_magic_flags_or_handles_are_refused)
{
    struct frame_head head = head_of(0, 0, 0);

    ck_assert_int_eq(parse(head, 0, 0), 0);
    head.magic = __builtin_bswap32(FRAME_MAGIC);
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
    head = head_of(0, 0, 0);
    head.flags = FRAME_FLAGS_ALL + 1;
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
    head = head_of(0, 0, 0);
    head.n_handles = 1; /* whose number is not there */
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse(head, sizeof(Handle), 0), 0);
    head.n_handles = HANDLES_PER_MESSAGE_MAX;
    ck_assert_int_eq(parse(head, HANDLES_PER_MESSAGE_MAX * sizeof(Handle), 0), 0);
    head.n_handles++;
    ck_assert_int_eq(parse(head, (HANDLES_PER_MESSAGE_MAX + 1) * sizeof(Handle), 0),
                     ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(descriptors_must_be_exactly_those_announced)
{
    struct frame_head head = head_of(3, 0, 0);

    ck_assert_int_eq(parse(head, 3, 1), ERROR_BAD_MESSAGE);
    head.flags = FRAME_MEMFD;
    ck_assert_int_eq(parse(head, 0, 1), 0);
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse(head, 0, 2), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse(head, 3, 1), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_status_has_no_payload_and_is_not_success)
{
    struct frame_head head = head_of(0, 0, 0);

    head.flags = FRAME_REPLY | FRAME_STATUS;
    ck_assert_int_eq(parse(head, 0, 0), ERROR_BAD_MESSAGE);
    head.status = NK_EPERM;
    ck_assert_int_eq(parse(head, 0, 0), 0);
    head.body_bytes = 1;
    ck_assert_int_eq(parse(head, 1, 0), ERROR_BAD_MESSAGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("frame");
    TCase *cases = tcase_create("frame");

    tcase_add_test(cases, a_complete_frame_is_taken_apart);
    tcase_add_test(cases, every_truncation_is_refused);
    tcase_add_test(cases, surplus_bytes_are_refused);
    tcase_add_test(cases, sizes_that_overflow_or_exceed_the_limit_are_refused);
    tcase_add_test(cases, wrong_magic_flags_or_handles_are_refused);
    tcase_add_test(cases, descriptors_must_be_exactly_those_announced);
    tcase_add_test(cases, a_status_has_no_payload_and_is_not_success);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
