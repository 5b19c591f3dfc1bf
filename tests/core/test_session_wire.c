/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session_wire.h"

#include <string.h>

#include "core/error.h"
#include "core/fd.h"
#include "tests/support/check_main.h"

static char bytes[SESSION_BYTES_MAX + 8];
static struct session_message message;

/* pack() - a message of @op with one string of @length bytes. Return: its size. */
static size_t pack(uint32_t op, size_t length)
{
    const struct session_head head = {
        .magic = SESSION_MAGIC, .op = op, .lengths = {(uint16_t)length}};

    memcpy(bytes, &head, sizeof(head));
    memset(bytes + sizeof(head), 'x', length);
    return sizeof(head) + length;
}

START_TEST(strings_arrive_through_a_socket)
{
    struct session_head head = {.op = SESSION_ENDPOINT, .riid = 9};
    const char *strings[SESSION_STRINGS] = {"a.b", NULL, "c"};
    struct fd_list fds;
    size_t size;
    int ends[2];

    ck_assert_int_eq(fd_pair(ends), 0);
    ck_assert_int_eq(session_send(ends[0], &head, strings, -1, 0), 0);
    ck_assert_int_eq(fd_receive(ends[1], bytes, sizeof(bytes), 0, &size, &fds), 0);
    ck_assert_int_eq(session_message_parse(bytes, size, &message), 0);
    ck_assert_uint_eq(message.head.riid, 9);
    ck_assert_str_eq(message.strings[0], "a.b");
    ck_assert_str_eq(message.strings[1], "");
    ck_assert_str_eq(message.strings[2], "c");
    fd_close(ends[0]);
    fd_close(ends[1]);
}
END_TEST

START_TEST(a_name_may_have_1023_bytes_and_not_one_more)
{
    size_t size = pack(SESSION_CONNECT, LOCATOR_NAME_BYTES_MAX);

    ck_assert_int_eq(session_message_parse(bytes, size, &message), 0);
    ck_assert_uint_eq(strlen(message.strings[0]), LOCATOR_NAME_BYTES_MAX);
    size = pack(SESSION_CONNECT, LOCATOR_NAME_BYTES_MAX + 1);
    ck_assert_int_eq(session_message_parse(bytes, size, &message), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(every_truncation_and_surplus_is_refused)
{
    size_t size = pack(SESSION_CONNECT, 5);

    for (size_t i = 0; i < size; i++) {
        ck_assert_int_eq(session_message_parse(bytes, i, &message), ERROR_BAD_MESSAGE);
    }
    ck_assert_int_eq(session_message_parse(bytes, size, &message), 0);
    ck_assert_int_eq(session_message_parse(bytes, size + 1, &message), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(a_nul_in_a_name_another_version_or_an_unknown_operation_is_refused)
{
    size_t size = pack(SESSION_CONNECT, 5);

    bytes[sizeof(struct session_head) + 2] = '\0';
    ck_assert_int_eq(session_message_parse(bytes, size, &message), ERROR_BAD_MESSAGE);
    size = pack(_SESSION_OP_N, 5);
    ck_assert_int_eq(session_message_parse(bytes, size, &message), ERROR_BAD_MESSAGE);
    size = pack(SESSION_CONNECT, 5);
    bytes[0] ^= 1;
    ck_assert_int_eq(session_message_parse(bytes, size, &message), ERROR_BAD_MESSAGE);
}
END_TEST

/* is_sound() - of a post that says so much of the name of a client, which has @length bytes */
static bool is_sound(size_t length, size_t size)
{
    struct session_inbox_post post = {.magic = SESSION_MAGIC};

    memset(post.client, 'x', length);
    return session_post_is_sound(&post, size);
}

START_TEST(a_post_has_the_whole_name_of_a_client_and_ends_with_it)
{
    const size_t head = offsetof(struct session_inbox_post, client);
    struct session_inbox_post post = {.magic = SESSION_MAGIC, .client = "Client"};

    ck_assert_uint_eq(session_post_bytes(&post), head + sizeof("Client"));
    ck_assert(session_post_is_sound(&post, session_post_bytes(&post)));
    ck_assert(!session_post_is_sound(&post, session_post_bytes(&post) - 1));
    ck_assert(is_sound(0, head + 1));
    ck_assert(!is_sound(0, head));
    ck_assert(!is_sound(0, 0));
    ck_assert(is_sound(NAME_BYTES_MAX, sizeof(post)));
    ck_assert(!is_sound(NAME_BYTES_MAX + 1, sizeof(post)));
    ck_assert(!is_sound(0, sizeof(post) + 1));
    post.magic ^= 1;
    ck_assert(!session_post_is_sound(&post, session_post_bytes(&post)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session_wire");
    TCase *cases = tcase_create("session_wire");

    tcase_add_test(cases, strings_arrive_through_a_socket);
    tcase_add_test(cases, a_name_may_have_1023_bytes_and_not_one_more);
    tcase_add_test(cases, every_truncation_and_surplus_is_refused);
    tcase_add_test(cases, a_nul_in_a_name_another_version_or_an_unknown_operation_is_refused);
    tcase_add_test(cases, a_post_has_the_whole_name_of_a_client_and_ends_with_it);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
