/* SPDX-License-Identifier: Apache-2.0 */
/* What ends, and who is told: servers, clients, the broker, and what they leave behind. Runs alone:
 * it measures how soon. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/processes.h"
#include "tests/support/solution.h"

#define DEATHS_PER_SOLUTION 50
#define DEATH_SOLUTIONS 20
#define DEATHS (DEATHS_PER_SOLUTION * DEATH_SOLUTIONS)
#define DEATH_P99_US 20000
#define RESTARTS 200

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

static int compare_long(const void *a, const void *b)
{
    long left = *(const long *)a;
    long right = *(const long *)b;

    return (left > right) - (left < right);
}

/*
 * die_often() - a solution whose client calls each of many servers to death, one after the other,
 * once all are up
 * @ret_us: how long it waited each time
 */
static void die_often(long ret_us[DEATHS_PER_SOLUTION])
{
    char text[64];
    int n = 0;

    setup();
    for (int i = 0; i < DEATHS_PER_SOLUTION; i++) {
        snprintf(text, sizeof(text), "S%d", i);
        solution_entity(solution, text, "", "register", text, "serve", NULL);
    }
    solution_yaml(solution, "  - name: actor.Client\n    path: ");
    solution_yaml(solution, build_folder());
    solution_yaml(solution, "/tests/programs/actor\n    connections:\n");
    for (int i = 0; i < DEATHS_PER_SOLUTION; i++) {
        snprintf(text, sizeof(text), "      - {target: S%d, id: S%d}\n", i, i);
        solution_yaml(solution, text);
    }
    solution_yaml(solution, "    args: [");
    for (int i = 0; i < 2 * DEATHS_PER_SOLUTION; i++) {
        snprintf(text, sizeof(text), "connect, S%d, %s, ", i % DEATHS_PER_SOLUTION,
                 i < DEATHS_PER_SOLUTION ? "number, '1'" : "die, number, '2'");
        solution_yaml(solution, text);
    }
    solution_yaml(solution, "]\n");
    solution_start(solution, "--exit-with", "actor.Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    for (const char *at = solution->text; (at = strstr(at, "die: error 9 after ")) != NULL; at++) {
        ret_us[n++] = strtol(at + strlen("die: error 9 after "), NULL, 10);
    }
    ck_assert_int_eq(n, DEATHS_PER_SOLUTION);
    ck_assert_ptr_null(strstr(solution->text, "number 2: 2"));
    teardown();
}

START_TEST(a_client_in_a_call_learns_of_its_servers_death_within_20_ms)
{
    static long waits_us[DEATHS];

    for (int i = 0; i < DEATH_SOLUTIONS; i++) {
        die_often(waits_us + i * DEATHS_PER_SOLUTION);
    }
    qsort(waits_us, DEATHS, sizeof(waits_us[0]), compare_long);
    long p99_us = waits_us[DEATHS * 99 / 100];
    printf("server killed in a call, %d times: median %ld us, p99 %ld us, worst %ld us\n", DEATHS,
           waits_us[DEATHS / 2], p99_us, waits_us[DEATHS - 1]);
    ck_assert_int_le(p99_us, DEATH_P99_US);
}
END_TEST

START_TEST(a_server_that_ends_before_it_registers_does_not_leave_its_client_waiting)
{
    solution_entity(solution, "Server", "", "exit", "3", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "1", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Client | number 1: error");
}
END_TEST

START_TEST(a_killed_client_costs_its_server_nothing)
{
    solution_entity(solution, "Server", "", "slow", "200", "register", "link", "serve", NULL);
    solution_entity(solution, "Victim", "Server:link", "connect", "link", "doom", "100", "number",
                    "1", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "2", "number",
                    "3", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Client | number 2: 2\n");
    solution_expect(solution, "Client | number 3: 3\n");
    solution_expect(solution, "was killed by signal 9 (Killed)\n");
}
END_TEST

START_TEST(a_forked_child_that_holds_its_channels_does_not_hide_a_servers_death)
{
    solution_entity(solution, "Server", "", "register", "link", "fork-on-call", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "1", "die",
                    "number", "2", NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Client | die: error 9 after ");
    solution_expect(solution, "Client | number 2: error 9\n");
    processes_expect_none_in(solution->folder);
}
END_TEST

START_TEST(an_entity_that_dies_is_reported_with_name_pid_and_reason)
{
    solution_entity(solution, "Quitter", "", "exit", "7", NULL);
    solution_entity(solution, "Crasher", "", "signal", "6", NULL);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 1);
    solution_expect(solution, "capchand: Quitter (pid ");
    solution_expect(solution, ") exited with status 7\n");
    solution_expect(solution, "capchand: Crasher (pid ");
    solution_expect(solution, ") was killed by signal 6 (Aborted)\n");
}
END_TEST

START_TEST(exit_with_returns_the_status_of_that_entity)
{
    static const struct {
        const char *command;
        const char *argument;
        int status;
    } cases[] = {{"exit", "0", 0}, {"exit", "42", 42}, {"signal", "9", 128 + 9}};

    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", cases[_i].command, cases[_i].argument, NULL);
    solution_start(solution, "--exit-with", "Client", NULL);
    ck_assert_int_eq(solution_wait(solution), cases[_i].status);
    processes_expect_none_in(solution->folder);
}
END_TEST

START_TEST(all_entities_exiting_with_0_is_success)
{
    solution_entity(solution, "A", "", "exit", "0", NULL);
    solution_entity(solution, "B", "", "exit", "0", NULL);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

/* run_with_a_child_left_behind() - a solution that is up, with a forked process in a session of its
 * own */
static void run_with_a_child_left_behind(void)
{
    solution_entity(solution, "Server", "", "fork", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "1", "sleep",
                    NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "Client | number 1: 1\n");
}

START_TEST(a_signal_ends_everything)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

    run_with_a_child_left_behind();
    kill(solution->pid, signals[_i]);
    ck_assert_int_eq(solution_wait(solution), 128 + signals[_i]);
    processes_expect_none_in(solution->folder);
}
END_TEST

START_TEST(killing_the_broker_ends_everything)
{
    run_with_a_child_left_behind();
    pid_t broker = process_child_of(solution->pid);
    ck_assert_int_gt(broker, 0);
    kill(broker, SIGKILL);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    processes_expect_none_in(solution->folder);
    solution_expect(solution, "was killed by signal 9 (Killed)\n");
}
END_TEST

START_TEST(killing_the_supervisor_ends_the_entities)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "1", "sleep",
                    NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "Client | number 1: 1\n");
    kill(solution->pid, SIGKILL);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    processes_expect_none_in(solution->folder);
}
END_TEST

START_TEST(killing_supervisor_and_broker_at_once_ends_the_entities)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "sleep", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "register link: ok\n");
    pid_t broker = process_child_of(solution->pid);
    kill(solution->pid, SIGSTOP); /* so that it cannot help */
    kill(broker, SIGKILL);
    kill(solution->pid, SIGKILL);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    processes_expect_none_in(solution->folder);
}
END_TEST

static int entries_of(const char *folder)
{
    DIR *stream = opendir(folder);
    int n = 0;

    while (stream != NULL && readdir(stream) != NULL) {
        n++;
    }
    if (stream != NULL) {
        closedir(stream);
    }
    return n;
}

START_TEST(two_hundred_runs_leave_nothing_behind)
{
    int shared_memory = entries_of("/dev/shm");
    int descriptors = entries_of("/proc/self/fd");

    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "blob", "70000", NULL);
    for (int i = 0; i < RESTARTS; i++) {
        solution_start(solution, "--exit-with", "Client", NULL);
        ck_assert_int_eq(solution_wait(solution), 0);
        close(solution->output);
        solution->output = -1;
    }
    ck_assert_int_eq(processes_in(solution->folder), 0);
    ck_assert_int_eq(entries_of("/dev/shm"), shared_memory);
    ck_assert_int_eq(entries_of("/proc/self/fd"), descriptors);
    ck_assert_int_eq(entries_of(solution->folder), 3); /* init.yaml, . and .. */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("death");
    TCase *cases = tcase_create("death");
    TCase *many = tcase_create("many");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, a_server_that_ends_before_it_registers_does_not_leave_its_client_waiting);
    tcase_add_test(cases, a_killed_client_costs_its_server_nothing);
    tcase_add_test(cases, a_forked_child_that_holds_its_channels_does_not_hide_a_servers_death);
    tcase_add_test(cases, an_entity_that_dies_is_reported_with_name_pid_and_reason);
    tcase_add_loop_test(cases, exit_with_returns_the_status_of_that_entity, 0, 3);
    tcase_add_test(cases, all_entities_exiting_with_0_is_success);
    tcase_add_loop_test(cases, a_signal_ends_everything, 0, 3);
    tcase_add_test(cases, killing_the_broker_ends_everything);
    tcase_add_test(cases, killing_the_supervisor_ends_the_entities);
    tcase_add_test(cases, killing_supervisor_and_broker_at_once_ends_the_entities);
    tcase_add_test(cases, two_hundred_runs_leave_nothing_behind);
    suite_add_tcase(suite, cases);
    tcase_set_timeout(many, 300);
    tcase_add_test(many, a_client_in_a_call_learns_of_its_servers_death_within_20_ms);
    suite_add_tcase(suite, many);
    return check_main(suite);
}
