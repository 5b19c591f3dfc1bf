/* SPDX-License-Identifier: Apache-2.0 */
/* Handles as capabilities, through the real broker: each test is one of tests/programs/handles.c.
 */
#include <signal.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

/* try() - what an entity tries, alone */
static void try(const char *trial)
{
    solution_program(solution, "actor.Server", "handles", "Holder", "", trial, NULL);
    solution_start(solution, "--exit-with", "Holder", NULL);
    solution_expect_success(trial);
}

START_TEST(every_right_allows_what_the_readme_says_and_nothing_else)
{
    try("rights");
}
END_TEST

START_TEST(every_argument_that_is_wrong_has_its_code)
{
    try("arguments");
}
END_TEST

START_TEST(handles_of_one_resource_have_one_sid)
{
    try("sids");
}
END_TEST

START_TEST(what_was_taken_back_says_so_until_it_is_closed)
{
    try("revoking");
}
END_TEST

START_TEST(a_row_of_copies_of_copies_has_an_end)
{
    try("depth");
}
END_TEST

START_TEST(a_channel_within_a_process_can_be_copied_with_and_without_the_right_to_call)
{
    try("channel");
}
END_TEST

START_TEST(revoking_ends_calls_that_wait)
{
    try("waiting");
}
END_TEST

START_TEST(the_last_channel_can_be_had_and_not_one_more)
{
    try("channel-quota");
}
END_TEST

START_TEST(the_last_handle_can_be_had_and_not_one_more)
{
    try("handle-quota");
}
END_TEST

START_TEST(a_resource_that_can_be_called_takes_a_listener_of_its_own)
{
    try("callable");
}
END_TEST

START_TEST(guessed_numbers_are_no_handles)
{
    try("guessing");
}
END_TEST

START_TEST(a_forked_child_has_no_handles)
{
    try("forking");
}
END_TEST

START_TEST(no_call_that_begins_after_a_revocation_reaches_the_server)
{
    try("race");
}
END_TEST

START_TEST(a_static_channel_can_be_copied_and_its_copies_taken_back)
{
    solution_program(solution, "actor.Server", "handles", "Server", "", "serving", NULL);
    solution_program(solution, "actor.Client", "handles", "Client", "Server:link", "static", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

START_TEST(nothing_is_left_of_handles_that_were_closed)
{
    solution_program(solution, "actor.Server", "handles", "Holder", "", "churning", NULL);
    solution_expect_nothing_left("Holder", 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handles");
    TCase *cases = tcase_create("handles");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_add_test(cases, every_right_allows_what_the_readme_says_and_nothing_else);
    tcase_add_test(cases, every_argument_that_is_wrong_has_its_code);
    tcase_add_test(cases, handles_of_one_resource_have_one_sid);
    tcase_add_test(cases, what_was_taken_back_says_so_until_it_is_closed);
    tcase_add_test(cases, a_row_of_copies_of_copies_has_an_end);
    tcase_add_test(cases,
                   a_channel_within_a_process_can_be_copied_with_and_without_the_right_to_call);
    tcase_add_test(cases, revoking_ends_calls_that_wait);
    tcase_add_test(cases, the_last_channel_can_be_had_and_not_one_more);
    tcase_add_test(cases, the_last_handle_can_be_had_and_not_one_more);
    tcase_add_test(cases, a_resource_that_can_be_called_takes_a_listener_of_its_own);
    tcase_add_test(cases, guessed_numbers_are_no_handles);
    tcase_add_test(cases, a_forked_child_has_no_handles);
    tcase_add_test(cases, no_call_that_begins_after_a_revocation_reaches_the_server);
    tcase_add_test(cases, a_static_channel_can_be_copied_and_its_copies_taken_back);
    tcase_add_test(cases, nothing_is_left_of_handles_that_were_closed);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
