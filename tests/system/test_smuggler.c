/* SPDX-License-Identifier: Apache-2.0 */
/* A sender of handles that keeps to no rule gets nothing from it, and disturbs nobody: each test is
 * one of tests/programs/smuggler.c, against the docks of tests/programs/dock.c. */
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

static void setup(void)
{
    solution_setup();
    solution_program(solution, "ferry.Dock", "dock", "Dock", "", "dock", NULL);
    solution_program(solution, "ferry.Dock", "dock", "Other", "", "other", NULL);
}

static void try(const char *trial)
{
    solution_program(solution, "actor.Client", "smuggler", "Smuggler", "Dock:dock Other:other",
                     trial, NULL);
    solution_start(solution, "--exit-with", "Smuggler", NULL);
    solution_expect_success(trial);
    ck_assert_ptr_null(strstr(solution->text, "session closed"));
}

START_TEST(a_number_is_of_use_in_one_message_over_one_channel)
{
    try("numbers");
}
END_TEST

START_TEST(a_number_that_comes_twice_takes_its_message_with_it)
{
    try("twice");
}
END_TEST

START_TEST(handles_that_are_not_where_the_body_says_are_refused)
{
    try("lies");
}
END_TEST

START_TEST(nobody_makes_up_handles_or_contexts_in_an_arena)
{
    try("forged");
}
END_TEST

START_TEST(handles_that_no_method_takes_are_gone)
{
    try("unknown");
}
END_TEST

START_TEST(nobody_can_say_of_anothers_handle_that_it_was_taken_or_not_sent)
{
    try("claims");
}
END_TEST

START_TEST(messages_that_are_never_sent_use_up_their_own_channel_only)
{
    try("arriving");
}
END_TEST

START_TEST(messages_that_are_never_sent_are_limited_per_sender_and_receiver)
{
    try("sent");
}
END_TEST

START_TEST(who_has_numbers_made_and_sends_nothing_has_to_wait)
{
    try("unsent");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("smuggler");
    TCase *cases = tcase_create("smuggler");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, setup, solution_teardown);
    tcase_add_test(cases, a_number_is_of_use_in_one_message_over_one_channel);
    tcase_add_test(cases, a_number_that_comes_twice_takes_its_message_with_it);
    tcase_add_test(cases, handles_that_are_not_where_the_body_says_are_refused);
    tcase_add_test(cases, nobody_makes_up_handles_or_contexts_in_an_arena);
    tcase_add_test(cases, handles_that_no_method_takes_are_gone);
    tcase_add_test(cases, nobody_can_say_of_anothers_handle_that_it_was_taken_or_not_sent);
    tcase_add_test(cases, messages_that_are_never_sent_use_up_their_own_channel_only);
    tcase_add_test(cases, messages_that_are_never_sent_are_limited_per_sender_and_receiver);
    tcase_add_test(cases, who_has_numbers_made_and_sends_nothing_has_to_wait);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
