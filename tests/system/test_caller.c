/* SPDX-License-Identifier: Apache-2.0 */
/* A server asks whom it serves, and the answer is the broker's: tests/programs/clerk.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/processes.h"
#include "tests/support/shell.h"

#define SAID "rcOk (0)\n"
#define NO_REQUEST "rcInvalidOperation (-25)\n"

#define clerk(task, connections, ...)                                                              \
    solution_program(solution, "clerk.Clerk", "clerk", task, connections, __VA_ARGS__, NULL)

#define expect(line) solution_expect(solution, line)

START_TEST(a_static_client_is_called_by_its_task)
{
    clerk("S", "", "register", "link", "serve", "1", "sleep");
    clerk("A", "S:link", "connect", "link", "who", "256", "who", "256", "mark", solution->marks[0],
          "sleep");
    clerk("B", "S:link", "await", solution->marks[0], "connect", "link", "who", "256");
    solution_run("B");
    expect("A | who 256: 0, 'A' " SAID "A | who 256: 0, 'A' " SAID);
    expect("B | who 256: 0, 'B' " SAID);
}
END_TEST

START_TEST(dynamic_clients_are_called_by_theirs_whether_their_end_is_posted_or_comes_at_once)
{
    clerk("S", "", "take", "3", "serve", "1", "sleep");
    clerk("A", "", "ask", "S", "mark", solution->marks[0], "who", "256", "sleep");
    clerk("B", "", "await", solution->marks[0], "ask", "S", "mark", solution->marks[1], "who",
          "256", "sleep");
    clerk("C", "", "await", solution->marks[1], "ask", "S", "who", "256", "sleep");
    solution_start(solution, NULL);
    expect("A | who 256: 0, 'A' " SAID);
    expect("B | who 256: 0, 'B' " SAID);
    expect("C | who 256: 0, 'C' " SAID);
}
END_TEST

START_TEST(each_of_two_threads_is_told_of_its_own_client)
{
    clerk("S", "", "register", "link", "meet", "2", "serve", "2", "sleep");
    clerk("A", "S:link", "connect", "link", "who-often", "256 200 A", "mark", solution->marks[0],
          "sleep");
    clerk("B", "S:link", "connect", "link", "who-often", "256 200 B", "await", solution->marks[0]);
    solution_run("B");
    expect("A | who-often 200: 0 wrong\n");
    expect("B | who-often 200: 0 wrong\n");
}
END_TEST

START_TEST(who_was_handed_a_handle_is_called_by_its_own_name)
{
    clerk("S", "", "register", "link", "serve", "1", "sleep");
    clerk("Bearer", "", "register", "door", "serve", "1", "sleep");
    clerk("A", "S:link Bearer:door", "connect", "link", "pass", "door", "who", "256");
    solution_run("A");
    expect("A      | pass door: 0, 'Bearer' " SAID);
    expect("A      | who 256: 0, 'A' " SAID);
}
END_TEST

START_TEST(who_was_handed_a_listener_is_told_of_its_clients)
{
    clerk("Host", "", "register", "door", "serve", "1", "sleep");
    clerk("S", "Host:door", "register", "link", "give", "door", "mark", solution->marks[0],
          "sleep");
    clerk("A", "S:link", "await", solution->marks[0], "connect", "link", "who", "256");
    solution_run("A");
    expect("S    | give door: 0\n");
    expect("A    | who 256: 0, 'A' " SAID);
}
END_TEST

START_TEST(a_process_that_calls_itself_is_told_its_own_name)
{
    clerk("Self", "", "own");
    solution_run("Self");
    expect("Self | own: 0 0, 'Self' " SAID);
}
END_TEST

START_TEST(a_client_that_has_ended_is_still_called_by_its_name)
{
    char files[256];

    snprintf(files, sizeof(files), "%s %s", solution->marks[0], solution->marks[1]);
    clerk("S", "", "register", "link", "hold", files, "serve", "1", "await", solution->marks[2]);
    clerk("A", "S:link", "connect", "link", "who-later", "256", "await", solution->marks[0], "die");
    solution_start(solution, "--exit-with", "S", NULL);
    expect("killed by signal 9");
    solution_mark(solution->marks[1]);
    expect("S | held: 'A' " SAID);
    solution_mark(solution->marks[2]);
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(the_last_request_that_is_not_answered_is_the_one_that_is_served)
{
    clerk("S", "", "outside", "nest", "one two");
    clerk("A", "S:one", "connect", "one", "who", "256", "sleep");
    clerk("B", "S:two", "connect", "two", "who", "256", "sleep");
    solution_run("S");
    expect("S | outside: '' " NO_REQUEST);
    expect("S | nowhere: rcInvalidArgument (-1)\n");
    expect("S | outer: 'A' " SAID);
    expect("S | inner: 'B' " SAID);
    expect("S | another thread: '' " NO_REQUEST);
    expect("S | outer again: 'A' " SAID);
    expect("S | after: '' " NO_REQUEST);
}
END_TEST

START_TEST(a_request_that_cannot_be_answered_any_more_is_not_served)
{
    clerk("S", "", "forget", "link");
    clerk("A", "S:link", "connect", "link", "who", "256", "sleep");
    solution_run("S");
    expect("S | forgotten: '' " NO_REQUEST);
}
END_TEST

START_TEST(a_child_made_by_fork_serves_nobody)
{
    clerk("S", "", "register", "link", "fork-in-handler", "serve", "1", "sleep");
    clerk("A", "S:link", "connect", "link", "who", "256");
    solution_run("A");
    expect("A | who 256: 0, 'A' rcNotReady (-14)\n");
}
END_TEST

START_TEST(without_a_broker_there_is_nobody_to_serve)
{
    ck_assert_str_eq(shell_run("", "'%s/tests/programs/clerk' outside", build_folder()),
                     "outside: '' rcNotReady (-14)\nnowhere: rcInvalidArgument (-1)\n");
}
END_TEST

START_TEST(a_broker_that_has_ended_is_not_needed)
{
    clerk("S", "", "survive", "register", "link", "serve", "1", "sleep");
    clerk("A", "S:link", "survive", "connect", "link", "who", "256", "await", solution->marks[0],
          "who", "255", "mark", solution->marks[1], "sleep");
    solution_start(solution, NULL);
    expect("A | who 256: 0, 'A' " SAID);
    pid_t broker = process_child_of(solution->pid);
    kill(solution->pid, SIGSTOP); /* so that it does not end them, too */
    kill(broker, SIGKILL);
    solution_mark(solution->marks[0]);
    solution_await(solution->marks[1]);
    kill(solution->pid, SIGCONT);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    expect("A | who 255: 0, 'A' " SAID);
}
END_TEST

START_TEST(a_name_needs_room_for_its_nul_and_not_more)
{
    clerk("S", "", "register", "link", "serve", "1", "sleep");
    clerk("Client", "S:link", "connect", "link", "who", "0", "who", "6", "who", "7");
    solution_run("Client");
    expect("Client | who 0: 0, '' rcBufferTooSmall (-4)\n");
    expect("Client | who 6: 0, '' rcBufferTooSmall (-4)\n");
    expect("Client | who 7: 0, 'Client' " SAID);
}
END_TEST

START_TEST(the_longest_name_is_told_in_full)
{
    char task[NAME_BYTES_MAX + 1];
    char line[NAME_BYTES_MAX + 64];

    memset(task, 'x', NAME_BYTES_MAX);
    task[NAME_BYTES_MAX] = '\0';
    clerk("S", "", "register", "link", "serve", "1", "sleep");
    clerk(task, "S:link", "connect", "link", "who", "255", "who", "256", "ask", "T", "who", "255",
          "who", "256");
    clerk("T", "", "take", "1", "serve", "1", "sleep");
    solution_run(task);
    snprintf(line, sizeof(line), "who 256: 0, '%s' " SAID, task);
    expect("| who 255: 0, '' rcBufferTooSmall (-4)\n");
    expect(line);
    const char *dynamic = strstr(strstr(solution->text, "| ask T: "), "who 256");
    ck_assert_int_eq(strncmp(dynamic, line, strlen(line)), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("caller");
    TCase *cases = tcase_create("caller");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_add_test(cases, a_static_client_is_called_by_its_task);
    tcase_add_test(
        cases, dynamic_clients_are_called_by_theirs_whether_their_end_is_posted_or_comes_at_once);
    tcase_add_test(cases, each_of_two_threads_is_told_of_its_own_client);
    tcase_add_test(cases, who_was_handed_a_handle_is_called_by_its_own_name);
    tcase_add_test(cases, who_was_handed_a_listener_is_told_of_its_clients);
    tcase_add_test(cases, a_process_that_calls_itself_is_told_its_own_name);
    tcase_add_test(cases, a_client_that_has_ended_is_still_called_by_its_name);
    tcase_add_test(cases, the_last_request_that_is_not_answered_is_the_one_that_is_served);
    tcase_add_test(cases, a_request_that_cannot_be_answered_any_more_is_not_served);
    tcase_add_test(cases, a_child_made_by_fork_serves_nobody);
    tcase_add_test(cases, without_a_broker_there_is_nobody_to_serve);
    tcase_add_test(cases, a_broker_that_has_ended_is_not_needed);
    tcase_add_test(cases, a_name_needs_room_for_its_nul_and_not_more);
    tcase_add_test(cases, the_longest_name_is_told_in_full);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
