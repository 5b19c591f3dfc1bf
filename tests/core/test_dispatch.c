/* SPDX-License-Identifier: Apache-2.0 */
/* From a received request to its handler, and what the response looks like afterwards. */
#include <stdbool.h>
#include <string.h>

#include <actor/Server.edl.h>
#include <types/IAll.idl.h>

#include "core/encode.h"
#include "tests/support/check_main.h"

static nk_err_t handler_result;
static bool clear_response;
static bool refuse;
static unsigned calls;

static nk_err_t serve_number(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                             const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    calls++;
    if (clear_response) {
        memset(res, 0, sizeof(*res));
    }
    res->result = req->value;
    return handler_result;
}

/* serve_text() - a handler that has nothing to say */
static nk_err_t serve_text(struct actor_IEcho *self, const actor_IEcho_Text_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Text_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return handler_result;
}

static nk_err_t serve_refuse(struct actor_IEcho *self, const actor_IEcho_Refuse_req *req,
                             const struct nk_arena *req_arena, actor_IEcho_Refuse_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (refuse) {
        nk_err_reset(res);
        res->err_.status = req->reason;
    }
    return NK_EOK;
}

static const struct actor_IEcho_ops ops = {
    .Number = serve_number, .Text = serve_text, .Refuse = serve_refuse};
static struct actor_IEcho echo = {&ops};
static actor_CEcho_component component;
static actor_Server_entity entity;
static actor_Server_entity_req req;
static actor_Server_entity_res res;

static void setup(void)
{
    handler_result = NK_EOK;
    clear_response = false;
    refuse = false;
    calls = 0;
    actor_CEcho_component_init(&component, &echo);
    actor_Server_entity_init(&entity, &component, NULL);
    memset(&res, 0xee, sizeof(res)); /* as stack memory may be */
    nk_req_reset(&req);
}

static nk_err_t dispatch(nk_iid_t iid, nk_mid_t mid)
{
    nk_msg_set_method_id(&req, iid, mid);
    return actor_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
}

/* is_sendable() - whether the response passes the check of its IDL */
static bool is_sendable(nk_mid_t mid)
{
    extern const struct capchan_interface actor_IEcho_interface_stub_;
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = encode(actor_IEcho_interface_stub_.methods[mid].res, &res, NULL, &pool, &encoded);
    pool_deinit(&pool);
    return r == 0;
}

START_TEST(a_handler_is_called_and_its_response_addressed)
{
    req.first_echo.Number.value = 5;
    ck_assert_int_eq(dispatch(actor_Server_first_echo_iid, actor_IEcho_Number_mid), NK_EOK);
    ck_assert_uint_eq(res.first_echo.Number.result, 5);
    ck_assert_uint_eq(res.base_.iid, actor_Server_first_echo_iid);
    ck_assert_uint_eq(res.base_.mid, actor_IEcho_Number_mid);
    ck_assert(!nk_msg_check_err(&res));
}
END_TEST

START_TEST(a_handler_may_clear_its_whole_response)
{
    clear_response = true;
    ck_assert_int_eq(dispatch(0, actor_IEcho_Number_mid), NK_EOK);
    ck_assert_uint_eq(res.base_.mark_, NK_MESSAGE_MARK_);
    ck_assert(!nk_msg_check_err(&res));
}
END_TEST

START_TEST(what_a_handler_leaves_alone_is_empty_and_not_garbage)
{
    ck_assert_int_eq(dispatch(0, actor_IEcho_Text_mid), NK_EOK);
    ck_assert_uint_eq(res.first_echo.Text.result.size, 0);
    ck_assert(is_sendable(actor_IEcho_Text_mid));
}
END_TEST

START_TEST(an_error_mark_does_not_outlive_its_response)
{
    refuse = true;
    req.first_echo.Refuse.reason = 17;
    ck_assert_int_eq(dispatch(0, actor_IEcho_Refuse_mid), NK_EOK);
    ck_assert(nk_msg_check_err(&res));
    ck_assert_uint_eq(res.first_echo.Refuse.err_.status, 17);
    refuse = false;
    ck_assert_int_eq(dispatch(0, actor_IEcho_Refuse_mid), NK_EOK);
    ck_assert(!nk_msg_check_err(&res));
}
END_TEST

START_TEST(a_handlers_failure_is_returned_and_noted)
{
    handler_result = -5;
    ck_assert_int_eq(dispatch(0, actor_IEcho_Number_mid), -5);
    ck_assert_uint_ne(res.base_.flags_ & NK_MESSAGE_FAILED_, 0);
}
END_TEST

START_TEST(what_is_unknown_touches_nothing)
{
    actor_Server_entity_res before = res;

    ck_assert_int_eq(dispatch(99, 0), NK_ENOENT);
    ck_assert_int_eq(dispatch(0, 99), NK_ENOENT);
    ck_assert_int_eq(dispatch(INVALID_RIID, 0), NK_ENOENT);
    ck_assert_mem_eq(&before, &res, sizeof(res));
    ck_assert_uint_eq(calls, 0);
}
END_TEST

START_TEST(what_is_not_implemented_is_a_failure_that_the_response_notes)
{
    ck_assert_int_eq(dispatch(actor_Server_second_echo_iid, 0), NK_ENOENT); /* no component */
    ck_assert_uint_ne(res.base_.flags_ & NK_MESSAGE_FAILED_, 0);
    nk_req_reset(&res);
    ck_assert_int_eq(dispatch(0, actor_IEcho_Blob_mid), NK_ENOENT); /* no function */
    ck_assert_uint_ne(res.base_.flags_ & NK_MESSAGE_FAILED_, 0);
}
END_TEST

START_TEST(a_request_that_was_only_reset_is_for_nobody)
{
    ck_assert_int_eq(actor_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL),
                     NK_ENOENT);
    ck_assert_uint_eq(calls, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dispatch");
    TCase *cases = tcase_create("dispatch");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, a_handler_is_called_and_its_response_addressed);
    tcase_add_test(cases, a_handler_may_clear_its_whole_response);
    tcase_add_test(cases, what_a_handler_leaves_alone_is_empty_and_not_garbage);
    tcase_add_test(cases, an_error_mark_does_not_outlive_its_response);
    tcase_add_test(cases, a_handlers_failure_is_returned_and_noted);
    tcase_add_test(cases, what_is_unknown_touches_nothing);
    tcase_add_test(cases, what_is_not_implemented_is_a_failure_that_the_response_notes);
    tcase_add_test(cases, a_request_that_was_only_reset_is_for_nobody);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
