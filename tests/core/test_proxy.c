/* SPDX-License-Identifier: Apache-2.0 */
/* What a generated proxy hands to its transport. */
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include <actor/IEcho.idl.h>
#include <capchan/stub.h>
#include <coresrv/nk/transport-kos.h>

#include "core/session_call.h"
#include "tests/support/check_main.h"

#define RIID 7

/* What the transport of these tests was given. */
static struct nk_message seen;
static bool is_response_set_up;

static nk_err_t note(struct nk_transport *self, struct nk_message *req,
                     const struct nk_arena *req_arena, struct nk_message *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    seen = *req;
    is_response_set_up =
        res->mark_ == NK_MESSAGE_MARK_ && res->size_ == sizeof(actor_IEcho_Number_res);
    return NK_ENOMSG;
}

static actor_IEcho_Number_req req;
static actor_IEcho_Number_res res;

/* call() - over @transport, with headers that nobody has set up */
static nk_err_t call(struct nk_transport *transport)
{
    actor_IEcho_proxy proxy;

    memset(&req, 0xa5, sizeof(req));
    memset(&res, 0xa5, sizeof(res));
    actor_IEcho_proxy_init(&proxy, transport, RIID);
    return actor_IEcho_Number(&proxy.base, &req, NULL, &res, NULL);
}

START_TEST(both_headers_are_set_up_whatever_they_held)
{
    static const struct nk_transport_ops ops = {.call = note};
    struct nk_transport transport = {.ops_ = &ops};

    ck_assert_int_eq(call(&transport), NK_ENOMSG);
    ck_assert_uint_eq(seen.size_, sizeof(req));
    ck_assert_uint_eq(seen.iid, RIID);
    ck_assert_uint_eq(seen.mid, actor_IEcho_Number_mid);
    ck_assert_uint_eq(seen.ncaps, 0);
    ck_assert_uint_eq(seen.flags_, 0);
    ck_assert_uint_eq(seen.mark_, NK_MESSAGE_MARK_);
    ck_assert_ptr_eq(seen.stub_, &actor_IEcho_interface_stub_.methods[actor_IEcho_Number_mid]);
    ck_assert(is_response_set_up);
}
END_TEST

START_TEST(who_passes_nothing_is_told)
{
    static const struct nk_transport_ops ops = {.call = note};
    struct nk_transport transport = {.ops_ = &ops};
    actor_IEcho_proxy proxy;

    ck_assert_int_eq(call(NULL), NK_EINVAL);
    actor_IEcho_proxy_init(&proxy, &transport, RIID);
    ck_assert_int_eq(actor_IEcho_Number(&proxy.base, NULL, NULL, &res, NULL), NK_EINVAL);
    ck_assert_int_eq(actor_IEcho_Number(&proxy.base, &req, NULL, NULL, NULL), NK_EINVAL);
}
END_TEST

/* A program may address the same object by hand next time. */
START_TEST(what_a_request_is_about_is_for_one_call)
{
    struct session_transport to_broker;
    NkKosTransport transport;
    NkKosTransportSync sync;

    NkKosTransport_Init(&transport, INVALID_HANDLE, NULL, 0);
    ck_assert_int_eq(call(&transport.base), NK_EINVAL);
    ck_assert_ptr_null(req.base_.stub_);
    NkKosTransportSync_Init(&sync, INVALID_HANDLE, 1, INVALID_HANDLE);
    ck_assert_int_eq(call(&sync.base), NK_EINVAL);
    ck_assert_ptr_null(req.base_.stub_);
    session_transport_init(&to_broker);
    ck_assert_int_eq(call(&to_broker.base), NK_ENOTCONN);
    ck_assert_ptr_null(req.base_.stub_);
}
END_TEST

/* Several threads may send the same one. */
START_TEST(a_request_made_by_hand_is_only_read)
{
    NkKosTransport transport;
    actor_IEcho_Number_req *by_hand =
        mmap(NULL, sizeof(*by_hand), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert(by_hand != MAP_FAILED);
    nk_req_reset(by_hand);
    nk_msg_set_method_id(by_hand, RIID, actor_IEcho_Number_mid);
    ck_assert_int_eq(mprotect(by_hand, sizeof(*by_hand), PROT_READ), 0);
    NkKosTransport_Init(&transport, INVALID_HANDLE, NULL, 0);
    ck_assert_int_eq(nk_transport_call(&transport.base, &by_hand->base_, NULL, &res.base_, NULL),
                     NK_EINVAL);
    munmap(by_hand, sizeof(*by_hand));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("proxy");
    TCase *cases = tcase_create("proxy");

    tcase_add_test(cases, both_headers_are_set_up_whatever_they_held);
    tcase_add_test(cases, who_passes_nothing_is_told);
    tcase_add_test(cases, what_a_request_is_about_is_for_one_call);
    tcase_add_test(cases, a_request_made_by_hand_is_only_read);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
