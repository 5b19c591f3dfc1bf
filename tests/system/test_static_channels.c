/* SPDX-License-Identifier: Apache-2.0 */
/* Static channels, through the real broker, between real processes. */
#include <nk/errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

START_TEST(a_call_is_answered)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "riid", "first.echo",
                    "number", "7", "text", "hello", "fail", "0", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Client | riid first.echo: 0\n");
    solution_expect(solution, "Client | number 7: 7\n");
    solution_expect(solution, "Client | text: error 0, hello (6)\n");
    solution_expect(solution, "Client | fail 0: error 0\n");
}
END_TEST

START_TEST(each_endpoint_answers_to_both_of_its_names)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "riid", "second.echo",
                    "number", "1", "riid", "actor.CEcho.echo", "riid", "third.echo", "riid", "",
                    NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "riid second.echo: 1\n");
    solution_expect(solution, "number 1: 1\n");
    solution_expect(solution, "riid actor.CEcho.echo: 0\n");
    solution_expect(solution, "riid third.echo: -1\n");
    solution_expect(solution, "riid : -1\n");
    solution_expect(solution, "'Client' looks for the endpoint 'third.echo' of 'Server', which has "
                              "'first.echo', 'second.echo'\n");
}
END_TEST

START_TEST(a_client_may_start_long_before_its_server)
{
    char mark[128];

    snprintf(mark, sizeof(mark), "%s/go", solution->folder);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "mark", mark, "number",
                    "5", NULL);
    solution_entity(solution, "Server", "", "await", mark, "register", "link", "serve", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 5: 5\n");
}
END_TEST

START_TEST(what_a_handler_returns_reaches_the_client)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "fail", "2", "fail", "-5",
                    "fail", "65543", "refuse", "17", "number", "1", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "fail 2: error 2\n");
    solution_expect(solution, "fail -5: error -5\n");
    ck_assert_int_eq(NK_ELOGIC_MAKE(7), 65543);
    ck_assert(NK_ELOGIC_CHECK(65543) && !NK_ELOGIC_CHECK(NK_EBADMSG) && !NK_ELOGIC_CHECK(-5));
    ck_assert_uint_eq(NK_ELOGIC_GET(65543), 7);
    solution_expect(solution, "fail 65543: error 65543\n");
    solution_expect(solution, "refuse 17: error 0, marked 1, status 17\n");
    solution_expect(solution, "number 1: 1\n");
}
END_TEST

START_TEST(an_unknown_endpoint_is_an_error_and_not_a_hang)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "riid", "nothing",
                    "number", "1", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 1: error 2\n");
}
END_TEST

START_TEST(large_messages_arrive_whole)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "blob", "0", "blob", "1",
                    "blob", "1000", "blob", "1020", "blob", "1024", "blob", "65536", "blob",
                    "8388608", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    const char *const sizes[] = {"0", "1", "1000", "1020", "1024", "65536", "8388608"};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char line[64];
        snprintf(line, sizeof(line), "blob %s: error 0, same\n", sizes[i]);
        solution_expect(solution, line);
    }
}
END_TEST

START_TEST(a_bound_of_the_idl_holds_at_n_and_not_at_n_plus_1)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "text",
                    "0123456789012345678901234567890123456789012345678901234567890123", "text",
                    "01234567890123456789012345678901234567890123456789012345678901234", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "90123 (65)\n");
    solution_expect(solution, "text: error 8, nothing (0)\n");
}
END_TEST

START_TEST(a_server_gets_all_channels_that_lead_to_it_and_have_not_ended)
{
    solution_entity(solution, "Server", "", "served-all", "served", "0", "served", "1", "served",
                    "2", "register", "second", "close", "served", "1", "served", "2", "served-all",
                    "register", "first", "close", "served-all", NULL);
    solution_entity(solution, "One", "Server:first", NULL);
    solution_entity(solution, "Two", "Server:first Server:second", "served", "0", "served-all",
                    NULL);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Server | served-all: rcOk (0), 2\n");
    solution_expect(solution, "Server | served first: same\n");
    solution_expect(solution, "Server | served second: same\n");
    solution_expect(solution, "Server | served: rcBufferTooSmall (-4), 2\n");
    solution_expect(solution, "Server | served: rcOk (0), 2\n");
    solution_expect(solution, "Server | served: rcOk (0), 1\n");
    solution_expect(solution, "Server | served-all: rcOk (0), 1\n");
    solution_expect(solution, "Server | served-all: rcOk (0), 0\n");
    solution_expect(solution, "Two    | served: rcOk (0), 0\n");
    solution_expect(solution, "Two    | served-all: rcOk (0), 0\n");
}
END_TEST

START_TEST(unknown_channels_are_refused)
{
    solution_entity(solution, "Server", "", "register", "other", "register", "", "register", "link",
                    "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "other", "connect", "",
                    "register", "link", "connect", "link", "number", "3", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Server | register other: refused\n");
    solution_expect(solution, "Server | register : refused\n");
    solution_expect(solution, "Client | connect other: refused\n");
    solution_expect(solution, "Client | connect : refused\n");
    solution_expect(solution, "Client | register link: refused\n");
    solution_expect(solution, "Client | number 3: 3\n");
}
END_TEST

START_TEST(a_channel_of_another_entity_is_refused_at_both_ends)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Thief", "Server:own", "connect", "link", "register", "link", NULL);
    solution_entity(solution, "Squatter", "", "register", "link", "sleep", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "3", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "Squatter | register link: refused\n");
    solution_expect(solution, "Thief    | connect link: refused\n");
    solution_expect(solution, "Thief    | register link: refused\n");
    solution_expect(solution, "Client   | number 3: 3\n");
}
END_TEST

START_TEST(one_id_serves_any_number_of_clients)
{
    solution_entity(solution, "Server", "", "register", "link", "serve-threads", "2", NULL);
    solution_entity(solution, "A", "Server:link", "connect", "link", "threads", "4", NULL);
    solution_entity(solution, "B", "Server:link", "connect", "link", "threads", "4", NULL);
    solution_entity(solution, "C", "Server:link", "connect", "link", "threads", "16", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "A      | threads 4: 0 failures\n");
    solution_expect(solution, "B      | threads 4: 0 failures\n");
    solution_expect(solution, "C      | threads 16: 0 failures\n");
}
END_TEST

START_TEST(connecting_twice_gives_a_working_handle_both_times)
{
    solution_entity(solution, "Server", "", "register", "link", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "connect", "link",
                    "number", "3", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 3: 3\n");
    ck_assert_ptr_null(strstr(solution->text, "refused"));
}
END_TEST

START_TEST(closing_a_client_handle_ends_the_channel_for_good)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "3", "close",
                    "number", "4", "close", "connect", "link", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 3: 3\n");
    solution_expect(solution, "close: 0\n");
    solution_expect(solution, "number 4: error 5\n"); /* NK_EINVAL: a stale handle */
    solution_expect(solution, "close: -13\n");        /* rcNoCapability */
    solution_expect(solution, "connect link: refused\n");
}
END_TEST

START_TEST(closing_a_listener_ends_its_channels_for_good)
{
    char mark[128];

    snprintf(mark, sizeof(mark), "%s/go", solution->folder);
    solution_entity(solution, "Server", "", "register", "link", "await", mark, "close", "register",
                    "link", "sleep", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "mark", mark, "number",
                    "4", "number", "5", "connect", "link", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 4: error 9\n"); /* NK_ENOTCONN */
    solution_expect(solution, "number 5: error");
    solution_expect(solution, "connect link: refused\n");
}
END_TEST

START_TEST(an_abandoned_request_is_answered_with_an_error)
{
    solution_entity(solution, "Server", "", "register", "link", "abandon", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "4", "number",
                    "5", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 4: error 7\n"); /* NK_ENOMSG */
    solution_expect(solution, "number 5: 5\n");
}
END_TEST

START_TEST(a_request_whose_thread_ends_is_answered_with_an_error)
{
    solution_entity(solution, "Server", "", "register", "link", "desert", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "4", "number",
                    "5", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "number 4: error 7\n"); /* NK_ENOMSG */
    solution_expect(solution, "number 5: 5\n");
}
END_TEST

START_TEST(a_child_made_by_fork_has_no_capabilities)
{
    solution_entity(solution, "Client", "Server:link", "connect", "link", "environment",
                    "CAPCHAN_SESSION", "forked", "6", "number", "7", NULL);
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "CAPCHAN_SESSION=(unset)\n");
    solution_expect(solution, "forked: number 6: error 5\n"); /* NK_EINVAL */
    solution_expect(solution, "Client | number 7: 7\n");
}
END_TEST

START_TEST(a_call_can_be_made_without_a_proxy)
{
    solution_entity(solution, "Server", "", "register", "link", "serve-syscalls", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "raw", "5", "syscall",
                    "6", "number", "7", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "raw 5: 6\n");
    solution_expect(solution, "syscall 6: 7\n");
    solution_expect(solution, "number 7: 8\n");
    solution_expect(solution, "Reply: rcOk (0)\n");
}
END_TEST

START_TEST(system_calls_have_retcodes)
{
    char mark[128];

    snprintf(mark, sizeof(mark), "%s/go", solution->folder);
    solution_entity(solution, "Server", "", "register", "link", "await", mark, "close",
                    "serve-syscalls", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "mark", mark, "syscall",
                    "1", "close", "syscall", "2", NULL);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Server | Recv: rcNoCapability (-13)\n");
    solution_expect(solution, "Client | syscall 1: error -2\n");  /* rcNotConnected */
    solution_expect(solution, "Client | syscall 2: error -13\n"); /* rcNoCapability */
}
END_TEST

START_TEST(misuse_by_a_server_is_an_error_and_no_crash)
{
    solution_entity(solution, "Server", "", "register", "link", "serve-misuse", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "4", "number",
                    "5", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "reply without request: 7\n");
    solution_expect(solution, "dispatch of nothing: 2\n");
    solution_expect(solution, "reply without dispatch: 8\n");
    solution_expect(solution, "number 4: error 8\n");
    solution_expect(solution, "number 5: 5\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("static_channels");
    TCase *cases = tcase_create("static_channels");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, a_call_is_answered);
    tcase_add_test(cases, each_endpoint_answers_to_both_of_its_names);
    tcase_add_test(cases, a_client_may_start_long_before_its_server);
    tcase_add_test(cases, what_a_handler_returns_reaches_the_client);
    tcase_add_test(cases, an_unknown_endpoint_is_an_error_and_not_a_hang);
    tcase_add_test(cases, large_messages_arrive_whole);
    tcase_add_test(cases, a_bound_of_the_idl_holds_at_n_and_not_at_n_plus_1);
    tcase_add_test(cases, a_server_gets_all_channels_that_lead_to_it_and_have_not_ended);
    tcase_add_test(cases, unknown_channels_are_refused);
    tcase_add_test(cases, a_channel_of_another_entity_is_refused_at_both_ends);
    tcase_add_test(cases, one_id_serves_any_number_of_clients);
    tcase_add_test(cases, connecting_twice_gives_a_working_handle_both_times);
    tcase_add_test(cases, closing_a_client_handle_ends_the_channel_for_good);
    tcase_add_test(cases, closing_a_listener_ends_its_channels_for_good);
    tcase_add_test(cases, an_abandoned_request_is_answered_with_an_error);
    tcase_add_test(cases, a_request_whose_thread_ends_is_answered_with_an_error);
    tcase_add_test(cases, a_child_made_by_fork_has_no_capabilities);
    tcase_add_test(cases, a_call_can_be_made_without_a_proxy);
    tcase_add_test(cases, system_calls_have_retcodes);
    tcase_add_test(cases, misuse_by_a_server_is_an_error_and_no_crash);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
