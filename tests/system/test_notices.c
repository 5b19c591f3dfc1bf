/* SPDX-License-Identifier: Apache-2.0 */
/* Notices, through the real broker: each test is one of tests/programs/notices.c, or two. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

#define PATIENCE_MS 30000

/* try() - what an entity tries, alone */
static void try(const char *trial)
{
    solution_program(solution, "actor.Server", "notices", "Hearer", "", trial, NULL);
    solution_start(solution, "--exit-with", "Hearer", NULL);
    solution_expect_success(trial);
}

/* kill_seen() - the entity that has printed its pid, as soon as the other one watches */
static void kill_seen(void)
{
    solution_expect(solution, "watching\n");
    solution_expect(solution, ".\n");
    const char *pid = strstr(solution->text, "| pid ");
    ck_assert_ptr_nonnull(pid);
    ck_assert_int_eq(kill(atoi(pid + strlen("| pid ")), SIGKILL), 0);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}

START_TEST(every_argument_that_is_wrong_has_its_code)
{
    try("arguments");
}
END_TEST

START_TEST(ten_thousand_events_that_nobody_reads_are_merged_and_none_is_lost)
{
    try("merging");
}
END_TEST

START_TEST(what_one_call_has_no_room_for_comes_with_the_next_one)
{
    try("many");
}
END_TEST

START_TEST(the_end_of_a_resource_and_of_what_a_badge_ties_is_heard)
{
    try("ends");
}
END_TEST

START_TEST(a_revocation_is_heard)
{
    try("revoking");
}
END_TEST

START_TEST(the_ends_of_a_channel_hear_of_each_other_also_when_it_is_too_late)
{
    try("channel");
}
END_TEST

START_TEST(the_last_notice_and_the_last_subscription_can_be_had_and_not_one_more)
{
    try("quotas");
}
END_TEST

START_TEST(a_wait_lasts_as_long_as_it_may)
{
    try("timeouts");
}
END_TEST

START_TEST(the_descriptor_is_readable_as_long_as_events_wait)
{
    try("polling");
}
END_TEST

START_TEST(dropping_or_releasing_a_notice_wakes_all_who_wait)
{
    try("dropping");
}
END_TEST

START_TEST(each_event_is_heard_by_one_of_many_who_wait)
{
    try("race");
}
END_TEST

START_TEST(a_forked_child_has_no_notices)
{
    try("forking");
}
END_TEST

START_TEST(who_watches_a_server_hears_that_it_was_killed)
{
    solution_program(solution, "actor.Server", "notices", "Server", "", "server", NULL);
    solution_program(solution, "actor.Client", "notices", "Client", "Server:link",
                     "watching-the-server", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    kill_seen();
}
END_TEST

START_TEST(who_watches_its_clients_hears_that_one_was_killed)
{
    solution_program(solution, "actor.Server", "notices", "Server", "", "watching-the-clients",
                     NULL);
    solution_program(solution, "actor.Client", "notices", "Client", "Server:link", "client", NULL);
    solution_start(solution, "--exit-with", "Server", NULL);
    kill_seen();
}
END_TEST

START_TEST(who_waits_when_the_broker_is_killed_is_told)
{
    char mark[128];

    (void)snprintf(mark, sizeof(mark), "%s/mark", solution->folder);
    solution_program(solution, "actor.Server", "notices", "Hearer", "", "surviving", mark, NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "waiting\n");
    pid_t broker = process_child_of(solution->pid);
    ck_assert_int_eq(kill(solution->pid, SIGSTOP), 0); /* so that it does not end the entity, too */
    ck_assert_int_eq(kill(broker, SIGKILL), 0);
    for (int i = 0; i < PATIENCE_MS && access(mark, F_OK) < 0; i++) {
        usleep(1000);
    }
    ck_assert_int_eq(kill(solution->pid, SIGCONT), 0);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    ck_assert_msg(access(mark, F_OK) == 0, "%s", solution->text);
}
END_TEST

START_TEST(nothing_is_left_of_notices_that_were_released)
{
    solution_program(solution, "actor.Server", "notices", "Hearer", "", "churning", NULL);
    solution_expect_nothing_left("Hearer", 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notices");
    TCase *cases = tcase_create("notices");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_add_test(cases, every_argument_that_is_wrong_has_its_code);
    tcase_add_test(cases, ten_thousand_events_that_nobody_reads_are_merged_and_none_is_lost);
    tcase_add_test(cases, what_one_call_has_no_room_for_comes_with_the_next_one);
    tcase_add_test(cases, the_end_of_a_resource_and_of_what_a_badge_ties_is_heard);
    tcase_add_test(cases, a_revocation_is_heard);
    tcase_add_test(cases, the_ends_of_a_channel_hear_of_each_other_also_when_it_is_too_late);
    tcase_add_test(cases, the_last_notice_and_the_last_subscription_can_be_had_and_not_one_more);
    tcase_add_test(cases, a_wait_lasts_as_long_as_it_may);
    tcase_add_test(cases, the_descriptor_is_readable_as_long_as_events_wait);
    tcase_add_test(cases, dropping_or_releasing_a_notice_wakes_all_who_wait);
    tcase_add_test(cases, each_event_is_heard_by_one_of_many_who_wait);
    tcase_add_test(cases, a_forked_child_has_no_notices);
    tcase_add_test(cases, who_watches_a_server_hears_that_it_was_killed);
    tcase_add_test(cases, who_watches_its_clients_hears_that_one_was_killed);
    tcase_add_test(cases, who_waits_when_the_broker_is_killed_is_told);
    tcase_add_test(cases, nothing_is_left_of_notices_that_were_released);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
