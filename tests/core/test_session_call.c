/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session_call.h"

#include <capchan/ConnectionManager.idl.h>
#include <capchan/stub.h>
#include <nk/arena.h>
#include <string.h>
#include <sys/socket.h>

#include "core/decode.h"
#include "core/error.h"
#include "core/fd.h"
#include "core/session_wire.h"
#include "tests/support/check_main.h"

#define CONNECT                                                                                    \
    capchan_ConnectionManager_interface_stub_.methods[capchan_ConnectionManager_Connect_mid]

static uint8_t bytes[SESSION_BYTES_MAX + 1];
static char room[2][capchan_ConnectionManager_Connect_req_arena_size];
static struct nk_arena arena;
static struct capchan_ConnectionManager_Connect_req req;
static int ends[2];

static void setup(void)
{
    memset(&req, 0, sizeof(req));
    nk_arena_init(&arena, room[0], room[0] + sizeof(room[0]));
    ck_assert_int_eq(fd_pair(ends), 0);
}

static void teardown(void)
{
    fd_close(ends[0]);
    fd_close(ends[1]);
}

static void put(nk_ptr_t *name, char letter, size_t length)
{
    char *text = nk_arena_alloc(nk_char_t, &arena, name, length + 1);

    ck_assert_ptr_nonnull(text);
    memset(text, letter, length);
}

/* transfer() - send the request, and parse what arrives */
static void transfer(struct frame *ret_frame)
{
    struct frame_head head = {.call = 7, .riid = 1, .mid = 2};
    struct fd_list fds;
    size_t size;

    ck_assert_int_eq(session_call_send(ends[0], &head, CONNECT.req, &req, &arena, -1, 0), 0);
    ck_assert_int_eq(fd_receive(ends[1], bytes, SESSION_BYTES_MAX, 0, &size, &fds), 0);
    ck_assert(session_call_is(bytes, size));
    ck_assert_int_eq(session_call_parse(bytes, size, ret_frame), 0);
    ck_assert_uint_eq(ret_frame->head.call, 7);
    ck_assert_uint_eq(ret_frame->head.riid, 1);
    ck_assert_uint_eq(ret_frame->head.mid, 2);
}

START_TEST(the_longest_request_arrives_as_it_was_sent)
{
    struct capchan_ConnectionManager_Connect_req taken = {0};
    struct nk_arena taken_arena = NK_ARENA_INITIALIZER(room[1], room[1] + sizeof(room[1]));
    struct frame frame;

    put(&req.server, 'a', LOCATOR_NAME_BYTES_MAX);
    put(&req.service, 'b', LOCATOR_NAME_BYTES_MAX);
    req.timeout = UINT32_MAX;
    transfer(&frame);
    ck_assert_uint_eq(frame.head.arena_bytes, 0);
    ck_assert_int_eq(decode(CONNECT.req, &frame, &taken, &taken_arena), 0);
    ck_assert_uint_eq(taken.timeout, UINT32_MAX);
    ck_assert_mem_eq(&taken.server, &req.server, sizeof(req.server));
    ck_assert_mem_eq(room[1], room[0], sizeof(room[0]));
}
END_TEST

START_TEST(what_breaks_the_idl_is_not_sent)
{
    struct frame_head head = {0};

    put(&req.server, 'a', LOCATOR_NAME_BYTES_MAX + 1);
    ck_assert_int_eq(session_call_send(ends[0], &head, CONNECT.req, &req, &arena, -1, 0),
                     ERROR_BAD_MESSAGE);
    ck_assert_int_lt(recv(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT), 0);
}
END_TEST

/* parse() - what becomes of a message of @size bytes with this header */
static int parse(struct frame_head head, size_t size)
{
    struct frame frame;

    head.magic = FRAME_MAGIC;
    memcpy(bytes, &head, sizeof(head));
    return session_call_parse(bytes, size, &frame);
}

START_TEST(only_messages_that_are_whole_and_no_longer_than_allowed_are_taken)
{
    const size_t head = sizeof(struct frame_head);
    const uint32_t most = SESSION_BYTES_MAX - sizeof(struct frame_head);

    ck_assert_int_eq(parse((struct frame_head){0}, head), 0);
    ck_assert_int_eq(parse((struct frame_head){0}, head - 1), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse((struct frame_head){0}, head + 1), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse((struct frame_head){.body_bytes = 5}, head + 5), 0);
    ck_assert_int_eq(parse((struct frame_head){.body_bytes = 5}, head + 4), ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse((struct frame_head){.n_pointers = 2, .arena_bytes = 3}, head + 19), 0);
    ck_assert_int_eq(parse((struct frame_head){.body_bytes = most}, SESSION_BYTES_MAX), 0);
    ck_assert_int_eq(parse((struct frame_head){.body_bytes = most + 1}, SESSION_BYTES_MAX + 1),
                     ERROR_BAD_MESSAGE);
    ck_assert_int_eq(parse((struct frame_head){.n_handles = 1}, head), ERROR_BAD_MESSAGE);
    ck_assert(session_call_is(bytes, 4));
    ck_assert(!session_call_is(bytes, 3));
}
END_TEST

START_TEST(of_the_flags_of_a_frame_only_those_of_replies_are_allowed)
{
    const int size = sizeof(struct frame_head);

    for (unsigned flag = 1; flag < 0x10000; flag <<= 1) {
        struct frame_head head = {.flags = (uint16_t)flag, .status = 1};
        bool is_allowed = flag == FRAME_REPLY || flag == FRAME_ERROR || flag == FRAME_STATUS;
        ck_assert_int_eq(parse(head, (size_t)size), is_allowed ? 0 : ERROR_BAD_MESSAGE);
    }
}
END_TEST

START_TEST(without_a_broker_calls_say_so)
{
    struct capchan_ConnectionManager_Connect_res res;
    struct capchan_ConnectionManager_proxy proxy;
    struct session_transport transport;

    session_transport_init(&transport);
    capchan_ConnectionManager_proxy_init(&proxy, &transport.base, 0);
    ck_assert_int_eq(capchan_ConnectionManager_Connect(&proxy.base, &req, &arena, &res, NULL),
                     NK_ENOTCONN);
    ck_assert_int_eq(transport.error, ERROR_NO_BROKER);
    ck_assert_int_eq(transport.fd, -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session_call");
    TCase *cases = tcase_create("session_call");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, the_longest_request_arrives_as_it_was_sent);
    tcase_add_test(cases, what_breaks_the_idl_is_not_sent);
    tcase_add_test(cases, only_messages_that_are_whole_and_no_longer_than_allowed_are_taken);
    tcase_add_test(cases, of_the_flags_of_a_frame_only_those_of_replies_are_allowed);
    tcase_add_test(cases, without_a_broker_calls_say_so);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
