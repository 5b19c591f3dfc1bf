/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What client programs rely on beyond the signatures of functions, between real processes. These
 * tests and others prove it:
 *
 *     views of a response           here; what_a_handler_returns_reaches_the_client
 *     edits after dispatch          here; a_call_can_be_made_without_a_proxy
 *     classes as components         here
 *     failures of handlers          here; what_a_handler_returns_reaches_the_client
 *     responses never set up        here; core/test_dispatch.c
 *     replies without dispatch      here; misuse_by_a_server_is_an_error_and_no_crash
 *     opaque arenas                 here; core/test_codec.c
 *     bogus arenas                  here; core/test_arena.c
 *     strings without a NUL         here
 *     alignment                     here; gen/test_sizes.c, core/test_arena.c
 *     threads                       here; one_id_serves_any_number_of_clients
 *     proxies of other interfaces   here
 *     servers for ever              all of these; test_death.c
 *     output to stderr              here
 */
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

#define SERVER(...)                                                                                \
    solution_program(solution, "contract.Server", "contract", "Server", "", "register", "link",    \
                     __VA_ARGS__, NULL)
#define CLIENT(...)                                                                                \
    solution_program(solution, "contract.Client", "contract", "Client", "Server:link", "connect",  \
                     "link", __VA_ARGS__, NULL)

/* run() - until the client is done; all must be well until then */
static void run(void)
{
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    ck_assert_msg(strstr(solution->text, "wrong: ") == NULL, "%s", solution->text);
}

START_TEST(a_result_and_an_error_are_never_taken_for_each_other)
{
    SERVER("serve");
    CLIENT("try", "16", "try", "17", "try", "18");
    run();
    solution_expect(solution, "try 16: error 0, marked 0, result 16 16 16, status 0\n");
    solution_expect(solution, "try 17: error 0, marked 1, result 0 0 0, status 17\n");
    solution_expect(solution, "try 18: error 0, marked 0, result 18 18 18, status 0\n");
}
END_TEST

START_TEST(what_is_edited_before_and_after_dispatch_is_what_arrives)
{
    SERVER("serve-edited");
    CLIENT("number", "1", "try", "7", "number", "2");
    run();
    solution_expect(solution, "number 1: error 0, 11101\n");
    solution_expect(solution, "try 7: error 0, marked 1, result 0 0 0, status 1107\n");
    solution_expect(solution, "number 2: error 0, 11102\n");
}
END_TEST

START_TEST(the_class_of_a_task_is_a_component_too)
{
    solution_program(solution, "contract.Direct", "contract", "Server", "", "register", "link",
                     "serve-direct", NULL);
    CLIENT("number", "5", "try", "6");
    run();
    solution_expect(solution, "number 5: error 0, 5\n");
    solution_expect(solution, "try 6: error 0, marked 0, result 6 6 6, status 0\n");
}
END_TEST

START_TEST(pointers_to_an_interface_and_to_a_component_with_one_endpoint_are_as_good)
{
    SERVER("serve-mistyped");
    CLIENT("number", "5", "text", "hello");
    run();
    solution_expect(solution, "number 5: error 0, 5\n");
    solution_expect(solution, "text hello: error 0, hello (6)\n");
}
END_TEST

START_TEST(a_handler_may_fail_and_a_server_that_looks_at_no_result_goes_on)
{
    SERVER("serve");
    CLIENT("fail", "2", "fail", "3", "fail", "5", "fail", "8", "fail", "-22", "number", "5");
    run();
    solution_expect(solution, "fail 2: error 2, 0 bytes\n");
    solution_expect(solution, "fail 3: error 3, 0 bytes\n");
    solution_expect(solution, "fail 5: error 5, 0 bytes\n");
    solution_expect(solution, "fail 8: error 8, 0 bytes\n");
    solution_expect(solution, "fail -22: error -22, 0 bytes\n");
    solution_expect(solution, "number 5: error 0, 5\n");
}
END_TEST

START_TEST(one_response_serves_for_ever_and_needs_no_reset)
{
    SERVER("serve");
    CLIENT("fail", "0", "try", "3", "fail", "4", "try", "4", "text", "abc", "fail", "0", "try", "5",
           "number", "6");
    run();
    solution_expect(solution, "fail 0: error 0, 0 bytes\n");
    solution_expect(solution, "try 3: error 0, marked 1, result 0 0 0, status 3\n");
    solution_expect(solution, "fail 4: error 4, 0 bytes\n");
    solution_expect(solution, "try 4: error 0, marked 0, result 4 4 4, status 0\n");
    solution_expect(solution, "text abc: error 0, abc (4)\nClient | fail 0: error 0, 0 bytes\n");
    solution_expect(solution, "try 5: error 0, marked 1, result 0 0 0, status 5\n");
    solution_expect(solution, "number 6: error 0, 6\n");
}
END_TEST

START_TEST(a_reply_needs_no_dispatch)
{
    SERVER("serve-by-hand");
    CLIENT("number", "5", "number", "6");
    run();
    solution_expect(solution, "number 5: error 0, 6\n");
    solution_expect(solution, "number 6: error 0, 7\n");
}
END_TEST

START_TEST(a_reply_after_a_failed_receive_fails_and_does_not_wait)
{
    SERVER("serve");
    CLIENT("recv-nothing", "number", "5");
    run();
    solution_expect(solution, "recv-nothing: 5, 5\n"); /* NK_EINVAL */
    solution_expect(solution, "number 5: error 0, 5\n");
}
END_TEST

START_TEST(what_an_arena_holds_beyond_the_idl_arrives_in_both_directions)
{
    SERVER("serve");
    CLIENT("opaque", "opaque");
    run();
    solution_expect(solution, "opaque: error 0, back, there\nClient | opaque: error 0, back");
}
END_TEST

START_TEST(an_arena_whose_end_lies_far_behind_is_filled_no_further_than_the_idl_allows)
{
    SERVER("arenas", "bogus", "serve");
    CLIENT("arenas", "bogus", "opaque", "text", "0123456789abcdef", "plan");
    run();
    solution_expect(solution, "opaque: error 0, back, there\n");
    solution_expect(solution, "text 0123456789abcdef: error 0, 0123456789abcdef (17)\n");
    solution_expect(solution, "plan: error 0, 4 steps");
}
END_TEST

START_TEST(memory_below_an_arena_is_left_alone_where_nothing_is_delivered)
{
    SERVER("arenas", "untouchable", "serve");
    CLIENT("arenas", "untouchable", "number", "5", "fail", "0", "fail", "3", "number", "6");
    run();
    solution_expect(solution, "number 5: error 0, 5\n");
    solution_expect(solution, "fail 0: error 0, 0 bytes\n");
    solution_expect(solution, "fail 3: error 3, 0 bytes\n");
    solution_expect(solution, "number 6: error 0, 6\n");
}
END_TEST

static const char *const no_room[] = {"zero", "none"};

START_TEST(an_arena_without_room_is_good_as_long_as_nothing_needs_it)
{
    SERVER("arenas", no_room[_i], "serve");
    CLIENT("text", "a", "arenas", no_room[_i], "number", "5", "fail", "0", "number", "6");
    run();
    solution_expect(solution, "text a: error 4, nothing (0)\n"); /* NK_ENOMEM, from the server */
    solution_expect(solution, "number 5: error 0, 5\n");
    solution_expect(solution, "fail 0: error 0, 0 bytes\n");
    solution_expect(solution, "number 6: error 0, 6\n");
}
END_TEST

START_TEST(a_client_without_room_for_the_response_is_told)
{
    SERVER("serve");
    CLIENT("arenas", "mute", "text", "a", "number", "6");
    run();
    solution_expect(solution, "text a: error 4, nothing (0)\n"); /* NK_ENOMEM */
    solution_expect(solution, "number 6: error 0, 6\n");
}
END_TEST

START_TEST(a_string_whose_nul_was_never_written_has_one)
{
    SERVER("serve");
    CLIENT("unterminated", "hello", "unterminated", "0123456789abcdef");
    run();
    solution_expect(solution, "unterminated hello: error 0, hello (6)\n");
    solution_expect(solution, "unterminated 0123456789abcdef: error 0, 0123456789abcdef (17)\n");
}
END_TEST

START_TEST(arenas_as_large_as_the_constants_say_hold_all_that_the_idl_allows)
{
    static const char *const kinds[] = {"exact", "odd"};

    SERVER("arenas", kinds[_i], "serve");
    CLIENT("arenas", kinds[1 - _i], "plan", "plan");
    run();
    solution_expect(solution, "plan: error 0, 4 steps, first 4 at 18446744073709551615, "
                              "last 1 at 10\nClient | plan: error 0, 4 steps");
}
END_TEST

START_TEST(a_process_may_be_in_calls_and_receive_at_once_with_one_entity)
{
    char entered[128];
    char until[128];

    snprintf(entered, sizeof(entered), "%s/entered", solution->folder);
    snprintf(until, sizeof(until), "%s/until", solution->folder);
    solution_program(solution, "contract.Server", "contract", "Back", "", "register", "back",
                     "entered", entered, "until", until, "serve", NULL);
    solution_program(solution, "contract.Server", "contract", "Middle", "Back:back", "connect",
                     "back", "relay", "front side", NULL);
    solution_program(solution, "contract.Client", "contract", "Waiting", "Middle:front", "connect",
                     "front", "number", "1", NULL);
    solution_program(solution, "contract.Client", "contract", "Passing", "Middle:side", "connect",
                     "side", "await", entered, "number", "2", "number", "4", "mark", until, NULL);
    solution_start(solution, "--exit-with", "Waiting", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    const char *passed = strstr(solution->text, "Passing | number 4: error 0, 4\n");
    const char *returned = strstr(solution->text, "Waiting | number 1: error 0, 1\n");
    ck_assert_msg(passed != NULL && returned != NULL && passed < returned, "%s", solution->text);
}
END_TEST

START_TEST(a_proxy_of_another_interface_will_do_where_the_layout_is_the_same)
{
    SERVER("serve");
    CLIENT("other", "7");
    run();
    solution_expect(solution, "other 7: errors 0 0 0, 7 7\n");
}
END_TEST

START_TEST(what_goes_to_stderr_is_printed_with_the_name_of_the_task)
{
    SERVER("say", "ready to serve", "serve");
    CLIENT("say", "first", "number", "5", "say", "second");
    run();
    solution_expect(solution, "Server | ready to serve\n");
    solution_expect(solution, "Client | first\n");
    solution_expect(solution, "Client | second\n");
}
END_TEST

static void add_tests(TCase *cases)
{
    tcase_add_test(cases, a_result_and_an_error_are_never_taken_for_each_other);
    tcase_add_test(cases, what_is_edited_before_and_after_dispatch_is_what_arrives);
    tcase_add_test(cases, the_class_of_a_task_is_a_component_too);
    tcase_add_test(cases,
                   pointers_to_an_interface_and_to_a_component_with_one_endpoint_are_as_good);
    tcase_add_test(cases, a_handler_may_fail_and_a_server_that_looks_at_no_result_goes_on);
    tcase_add_test(cases, one_response_serves_for_ever_and_needs_no_reset);
    tcase_add_test(cases, a_reply_needs_no_dispatch);
    tcase_add_test(cases, a_reply_after_a_failed_receive_fails_and_does_not_wait);
    tcase_add_test(cases, what_an_arena_holds_beyond_the_idl_arrives_in_both_directions);
    tcase_add_test(cases,
                   an_arena_whose_end_lies_far_behind_is_filled_no_further_than_the_idl_allows);
    tcase_add_test(cases, memory_below_an_arena_is_left_alone_where_nothing_is_delivered);
    tcase_add_loop_test(cases, an_arena_without_room_is_good_as_long_as_nothing_needs_it, 0, 2);
    tcase_add_test(cases, a_client_without_room_for_the_response_is_told);
    tcase_add_test(cases, a_string_whose_nul_was_never_written_has_one);
    tcase_add_loop_test(cases, arenas_as_large_as_the_constants_say_hold_all_that_the_idl_allows, 0,
                        2);
    tcase_add_test(cases, a_process_may_be_in_calls_and_receive_at_once_with_one_entity);
    tcase_add_test(cases, a_proxy_of_another_interface_will_do_where_the_layout_is_the_same);
    tcase_add_test(cases, what_goes_to_stderr_is_printed_with_the_name_of_the_task);
}

int main(void)
{
    Suite *suite = suite_create("contract");
    TCase *cases = tcase_create("contract");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    add_tests(cases);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
