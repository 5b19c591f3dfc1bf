/* SPDX-License-Identifier: Apache-2.0 */
/* Handles in messages as encode.c and decode.c see them, without a broker. */
#include <string.h>

#include <nk/arena.h>
#include <nk/handle.h>
#include <types/IHandles.idl.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/codec.h"

static void setup(void)
{
    codec_setup(&types_IHandles_interface_stub_);
}

/* encoded_handles() - what a request says about its handles. Return: how many there are. */
static size_t encoded_handles(nk_mid_t mid, const void *object, struct encoded_handle *ret_handles)
{
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    ck_assert_int_eq(encode(codec_record(mid), object, &codec.sent, &pool, &encoded), 0);
    size_t n = encoded.head.n_handles;
    memcpy(ret_handles, encoded.handles, n * sizeof(*ret_handles));
    pool_deinit(&pool);
    return n;
}

/* fill_pass() - a request with five handles: one, two in an array, two in a chunk */
static void fill_pass(types_IHandles_Pass_req *req)
{
    *req = (types_IHandles_Pass_req){.one = nk_handle_desc(11),
                                     .pair = {nk_handle_desc(12, 5), nk_handle_desc(13, 6, 77)},
                                     .source.tag_ = 2};
    types_IHandles_Grant *grants =
        nk_arena_alloc(types_IHandles_Grant, &codec.sent, &req->source.grants, 2);
    grants[0] = (types_IHandles_Grant){1, nk_handle_desc(14)};
    grants[1] = (types_IHandles_Grant){2, nk_handle_desc(15)};
    ck_assert_int_eq(nk_arena_store(nk_char_t, &codec.sent, &req->name, "name", 5), 0);
}

START_TEST(handles_are_found_wherever_they_are)
{
    struct encoded_handle handles[HANDLES_PER_MESSAGE_MAX];
    types_IHandles_Pass_req req;

    fill_pass(&req);
    ck_assert_uint_eq(encoded_handles(types_IHandles_Pass_mid, &req, handles), 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(handles[i].desc.handle, 11 + i);
    }
    ck_assert_ptr_null(handles[0].interface);
    ck_assert_str_eq(handles[3].interface, "types.IAll");
    ck_assert_uint_eq(nk_get_rights(&handles[1].desc), 5);
    ck_assert_uint_eq(handles[2].desc.badge, 77);
}
END_TEST

/* parcels - what the handles of a message turn out to be */
static const nk_handle_desc_t parcels[] = {
    {21, 1, 0}, {22, 1, 0}, {23, 1, 0}, {24, 1, 0}, {25, 1, 0}};

START_TEST(handles_arrive_where_they_were_sent)
{
    types_IHandles_Pass_req req;
    types_IHandles_Pass_req received;
    nk_size_t n;

    fill_pass(&req);
    ck_assert_int_eq(codec_send(types_IHandles_Pass_mid, &req), 0);
    codec.frame.parcels = parcels;
    ck_assert_int_eq(codec_receive(types_IHandles_Pass_mid, &received), 0);
    ck_assert_uint_eq(nk_get_handle(&received.one), 21);
    ck_assert_uint_eq(nk_get_handle(&received.pair[1]), 23);
    const types_IHandles_Grant *grants =
        nk_arena_get(types_IHandles_Grant, &codec.received, &received.source.grants, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(nk_get_handle(&grants[1].file), 25);
    ck_assert_uint_eq(grants[1].rights, 2);
}
END_TEST

START_TEST(handles_that_did_not_come_along_are_refused)
{
    types_IHandles_Pass_req req;
    types_IHandles_Pass_req received;

    fill_pass(&req);
    ck_assert_int_eq(codec_send(types_IHandles_Pass_mid, &req), 0);
    ck_assert_int_eq(codec_receive(types_IHandles_Pass_mid, &received), ERROR_BAD_MESSAGE);
    codec.frame.parcels = parcels;
    codec.frame.head.n_handles = 4;
    ck_assert_int_eq(codec_receive(types_IHandles_Pass_mid, &received), ERROR_BAD_MESSAGE);
    codec.frame.head.n_handles = 6; /* one that nobody takes */
    ck_assert_int_eq(codec_receive(types_IHandles_Pass_mid, &received), ERROR_BAD_MESSAGE);
}
END_TEST

START_TEST(an_arena_that_is_sent_as_it_is_brings_no_handles)
{
    types_IHandles_Pass_req req;
    types_IHandles_Pass_req received;
    nk_ptr_t extra;

    fill_pass(&req);
    ck_assert_ptr_nonnull(nk_arena_alloc(nk_char_t, &codec.sent, &extra, 3));
    ck_assert_int_eq(codec_send(types_IHandles_Pass_mid, &req), 0);
    ck_assert(!codec_is_verbatim());
    req.source.tag_ = 0; /* no handle is in the arena, as far as the IDL knows */
    ck_assert_int_eq(codec_send(types_IHandles_Pass_mid, &req), 0);
    ck_assert(codec_is_verbatim());
    codec.frame.parcels = parcels;
    ck_assert_int_eq(codec_receive(types_IHandles_Pass_mid, &received), 0);
    ck_assert_uint_eq(nk_get_handle(&received.pair[0]), 22);
}
END_TEST

START_TEST(no_sender_can_make_up_a_handle_or_what_one_brings_back)
{
    static const nk_handle_desc_t made_up[] = {
        {21, 0, 0},
        {INVALID_HANDLE, NK_HANDLE_DEREFERENCED_, 0},
        {0, NK_HANDLE_DEREFERENCED_ | 1, 0xdead},
        {INVALID_HANDLE, 0, 0xdead},
        {INVALID_HANDLE, 0, 0}, /* this one is none */
    };
    const size_t n = sizeof(made_up) / sizeof(made_up[0]);
    nk_ptr_t extra;
    types_IHandles_Many_req req = {0};
    types_IHandles_Many_req received;

    nk_handle_desc_t *sent = nk_arena_alloc(nk_handle_desc_t, &codec.sent, &req.handles, 1);
    *sent = nk_handle_desc(INVALID_HANDLE);
    ck_assert_ptr_nonnull(nk_arena_alloc(nk_char_t, &codec.sent, &extra, 3));
    ck_assert_int_eq(codec_send(types_IHandles_Many_mid, &req), 0);
    ck_assert(codec_is_verbatim());
    for (size_t i = 0; i < n; i++) {
        memcpy((void *)codec.frame.arena, &made_up[i], sizeof(made_up[i]));
        ck_assert_int_eq(codec_receive(types_IHandles_Many_mid, &received),
                         i == n - 1 ? 0 : ERROR_BAD_MESSAGE);
    }
    *sent = made_up[2]; /* and who passes on what came back says nothing about it */
    ck_assert_int_eq(codec_send(types_IHandles_Many_mid, &req), 0);
    ck_assert(!codec_is_verbatim());
}
END_TEST

START_TEST(a_message_has_room_for_so_many_handles)
{
    types_IHandles_Many_req req = {0};
    struct encoded_handle handles[HANDLES_PER_MESSAGE_MAX];

    nk_handle_desc_t *many =
        nk_arena_alloc(nk_handle_desc_t, &codec.sent, &req.handles, HANDLES_PER_MESSAGE_MAX + 1);
    for (nk_handle_t i = 0; i < HANDLES_PER_MESSAGE_MAX; i++) {
        many[i] = nk_handle_desc(i + 1);
    }
    many[HANDLES_PER_MESSAGE_MAX] = nk_handle_desc(INVALID_HANDLE);
    ck_assert_uint_eq(encoded_handles(types_IHandles_Many_mid, &req, handles),
                      HANDLES_PER_MESSAGE_MAX);
    many[HANDLES_PER_MESSAGE_MAX] = nk_handle_desc(1);
    ck_assert_int_eq(codec_send(types_IHandles_Many_mid, &req), ERROR_BAD_MESSAGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codec_handles");
    TCase *cases = tcase_create("codec_handles");

    tcase_add_checked_fixture(cases, setup, codec_teardown);
    tcase_add_test(cases, handles_are_found_wherever_they_are);
    tcase_add_test(cases, handles_arrive_where_they_were_sent);
    tcase_add_test(cases, handles_that_did_not_come_along_are_refused);
    tcase_add_test(cases, an_arena_that_is_sent_as_it_is_brings_no_handles);
    tcase_add_test(cases, no_sender_can_make_up_a_handle_or_what_one_brings_back);
    tcase_add_test(cases, a_message_has_room_for_so_many_handles);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
