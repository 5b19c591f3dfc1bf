/* SPDX-License-Identifier: Apache-2.0 */
/* Handles in messages, through the real broker: each test is one of tests/programs/ferry.c. */
#include <signal.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"
#include "tests/support/solution.h"

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
    solution_program(solution, "ferry.Dock", "dock", "Dock", "", "dock", NULL);
    solution_program(solution, "ferry.Dock", "dock", "Other", "", "other", NULL);
}

static void teardown(void)
{
    ck_assert_ptr_null(strstr(solution->text, "Sanitizer"));
    solution_free(solution);
}

/* try() - what a boat tries with two docks */
static void try(const char *trial)
{
    solution_program(solution, "actor.Client", "ferry", "Boat", "Dock:dock Other:other", trial,
                     NULL);
    solution_start(solution, "--exit-with", "Boat", NULL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s: %s", trial, solution->text);
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

START_TEST(nothing_is_left_of_handles_that_travelled)
{
    solution_program(solution, "actor.Client", "ferry", "Boat", "Dock:dock Other:other", "churning",
                     NULL);
    solution_start(solution, "--exit-with", "Boat", NULL);
    solution_expect(solution, "warm");
    pid_t broker = process_child_of(solution->pid);
    pid_t entities[3];
    struct holdings before[3];
    int n = processes_children_of(broker, entities, 3);
    ck_assert_int_eq(n, 3);
    struct holdings of_broker = holdings_settled(broker);
    for (int i = 0; i < n; i++) {
        before[i] = holdings_settled(entities[i]);
    }
    pid_t boat = entities[2];
    ck_assert_int_eq(kill(boat, SIGUSR1), 0);
    solution_expect(solution, "churned");
    ck_assert(holdings_are_same(holdings_settled(broker), of_broker));
    for (int i = 0; i < n; i++) {
        ck_assert(holdings_are_same(holdings_settled(entities[i]), before[i]));
    }
    ck_assert_int_eq(kill(boat, SIGUSR1), 0);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ferry");
    TCase *cases = tcase_create("ferry");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, setup, teardown);
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
    tcase_add_test(cases, nothing_is_left_of_handles_that_travelled);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
