/* SPDX-License-Identifier: Apache-2.0 */
/* Handles in messages, through the real broker: each test is one of tests/programs/ferry.c. */
#include <signal.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

static void setup(void)
{
    solution_setup();
    solution_program(solution, "ferry.Dock", "dock", "Dock", "", "dock", NULL);
    solution_program(solution, "ferry.Dock", "dock", "Other", "", "other", NULL);
}

/* try() - what a boat tries with two docks */
static void try(const char *trial)
{
    solution_program(solution, "actor.Client", "ferry", "Boat", "Dock:dock Other:other", trial,
                     NULL);
    solution_start(solution, "--exit-with", "Boat", NULL);
    solution_expect_success(trial);
}

START_TEST(a_handle_makes_one_for_its_receiver_and_comes_back_to_its_provider)
{
    try("passing");
}
END_TEST

START_TEST(sending_takes_a_right_and_gives_no_more_than_there_are)
{
    try("rights");
}
END_TEST

START_TEST(what_comes_back_brings_the_context_that_it_was_given_with)
{
    try("badges");
}
END_TEST

START_TEST(a_callable_handle_is_handed_on_and_called_until_it_is_taken_back)
{
    try("third");
}
END_TEST

START_TEST(the_end_of_a_channel_is_handed_on_and_outlives_the_one_it_was_made_from)
{
    try("channel");
}
END_TEST

START_TEST(handles_travel_in_arrays_unions_and_sequences)
{
    try("shapes");
}
END_TEST

START_TEST(all_handles_of_a_message_arrive_or_none)
{
    try("counts");
}
END_TEST

START_TEST(handles_come_with_errors_too)
{
    try("errors");
}
END_TEST

START_TEST(a_handle_of_one_interface_is_none_of_another)
{
    try("interfaces");
}
END_TEST

START_TEST(who_dies_takes_only_what_was_its_own)
{
    try("dying");
}
END_TEST

START_TEST(memory_is_written_in_one_process_and_read_in_another)
{
    try("memory");
}
END_TEST

START_TEST(who_is_handed_a_listener_receives_from_then_on)
{
    try("listener");
}
END_TEST

START_TEST(what_a_provider_says_of_a_resource_is_heard_in_other_processes)
{
    try("events");
}
END_TEST

START_TEST(handles_that_come_too_late_are_closed)
{
    try("late");
}
END_TEST

START_TEST(nothing_is_left_of_handles_that_travelled)
{
    solution_program(solution, "actor.Client", "ferry", "Boat", "Dock:dock Other:other", "churning",
                     NULL);
    solution_expect_nothing_left("Boat", 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ferry");
    TCase *cases = tcase_create("ferry");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, setup, solution_teardown);
    tcase_add_test(cases, a_handle_makes_one_for_its_receiver_and_comes_back_to_its_provider);
    tcase_add_test(cases, sending_takes_a_right_and_gives_no_more_than_there_are);
    tcase_add_test(cases, what_comes_back_brings_the_context_that_it_was_given_with);
    tcase_add_test(cases, a_callable_handle_is_handed_on_and_called_until_it_is_taken_back);
    tcase_add_test(cases, the_end_of_a_channel_is_handed_on_and_outlives_the_one_it_was_made_from);
    tcase_add_test(cases, handles_travel_in_arrays_unions_and_sequences);
    tcase_add_test(cases, all_handles_of_a_message_arrive_or_none);
    tcase_add_test(cases, handles_come_with_errors_too);
    tcase_add_test(cases, a_handle_of_one_interface_is_none_of_another);
    tcase_add_test(cases, who_dies_takes_only_what_was_its_own);
    tcase_add_test(cases, memory_is_written_in_one_process_and_read_in_another);
    tcase_add_test(cases, who_is_handed_a_listener_receives_from_then_on);
    tcase_add_test(cases, what_a_provider_says_of_a_resource_is_heard_in_other_processes);
    tcase_add_test(cases, handles_that_come_too_late_are_closed);
    tcase_add_test(cases, nothing_is_left_of_handles_that_travelled);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
