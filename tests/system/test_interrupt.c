/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts and deadlines, through the real broker: each test is one of
 * tests/programs/interrupt.c.
 */
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

static void run(const char *trial)
{
    solution_start(solution, "--exit-with", "Client", NULL);
    solution_expect_success(trial);
}

/* try_alone() - what an entity tries within itself */
static void try_alone(const char *trial)
{
    solution_program(solution, "actor.Server", "interrupt", "Client", "", trial, NULL);
    run(trial);
}

/* try() - what a client tries with a server, which may have to wait for a file first */
static void try(const char *trial, const char *server_awaits)
{
    solution_program(solution, "actor.Server", "interrupt", "Server", "", "serving", server_awaits,
                     NULL);
    solution_program(solution, "actor.Client", "interrupt", "Client", "Server:link", trial, NULL);
    run(trial);
}

START_TEST(what_the_server_has_not_received_can_be_broken_off_and_is_never_served)
{
    try("interrupt", NULL);
}
END_TEST

START_TEST(so_can_a_call_to_a_server_that_has_not_registered)
{
    try("first-call", "serve");
}
END_TEST

START_TEST(a_call_ends_in_time)
{
    try("deadline", NULL);
}
END_TEST

START_TEST(what_the_server_has_received_is_not_broken_off_but_its_time_may_be_over)
{
    try("picked-up", NULL);
}
END_TEST

START_TEST(a_handle_that_another_thread_closes_ends_calls_in_any_stage)
{
    try("closing", NULL);
}
END_TEST

START_TEST(so_does_one_that_is_taken_back)
{
    try("revoking", NULL);
}
END_TEST

START_TEST(so_does_one_whose_server_has_not_registered)
{
    try("closing-early", "never");
}
END_TEST

START_TEST(the_death_of_the_server_ends_calls_before_and_after_it_has_received_them)
{
    try("death", NULL);
}
END_TEST

START_TEST(one_of_many_threads_is_broken_off_by_an_object_that_clears_itself)
{
    try("many", NULL);
}
END_TEST

START_TEST(calls_without_time_do_no_harm_to_others)
{
    try("hurry", NULL);
}
END_TEST

START_TEST(every_argument_that_is_wrong_has_its_code)
{
    try_alone("arguments");
}
END_TEST

START_TEST(all_threads_of_a_server_can_be_stopped)
{
    try_alone("stopping");
}
END_TEST

START_TEST(a_forked_child_has_no_sync_objects)
{
    try_alone("forking");
}
END_TEST

START_TEST(the_last_descriptor_can_be_had_and_not_one_more)
{
    try_alone("quota");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interrupt");
    TCase *cases = tcase_create("interrupt");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, what_the_server_has_not_received_can_be_broken_off_and_is_never_served);
    tcase_add_test(cases, so_can_a_call_to_a_server_that_has_not_registered);
    tcase_add_test(cases, a_call_ends_in_time);
    tcase_add_test(cases, what_the_server_has_received_is_not_broken_off_but_its_time_may_be_over);
    tcase_add_test(cases, a_handle_that_another_thread_closes_ends_calls_in_any_stage);
    tcase_add_test(cases, so_does_one_that_is_taken_back);
    tcase_add_test(cases, so_does_one_whose_server_has_not_registered);
    tcase_add_test(cases, the_death_of_the_server_ends_calls_before_and_after_it_has_received_them);
    tcase_add_test(cases, one_of_many_threads_is_broken_off_by_an_object_that_clears_itself);
    tcase_add_test(cases, calls_without_time_do_no_harm_to_others);
    tcase_add_test(cases, every_argument_that_is_wrong_has_its_code);
    tcase_add_test(cases, all_threads_of_a_server_can_be_stopped);
    tcase_add_test(cases, a_forked_child_has_no_sync_objects);
    tcase_add_test(cases, the_last_descriptor_can_be_had_and_not_one_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
