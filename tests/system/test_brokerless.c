/* SPDX-License-Identifier: Apache-2.0 */
/* The broker is killed, and entities that do not want to end with it go on. CAPCHAN_LONG=1 lets
 * them call for 10 s. Runs alone: it measures how soon. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/processes.h"

#define SHORT_MS "500"
#define LONG_MS "10000"
#define AT_ONCE_MS 200

/* made_ms() - when the file @path was made */
static int64_t made_ms(const char *path)
{
    struct stat status;

    ck_assert_int_eq(stat(path, &status), 0);
    return (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
}

/* kill_broker() - and stop who started it, so that it does not end the entities, too */
static void kill_broker(void)
{
    pid_t broker = process_child_of(solution->pid);

    kill(solution->pid, SIGSTOP);
    kill(broker, SIGKILL);
}

START_TEST(dynamic_channels_outlive_the_broker_and_new_ones_fail_at_once)
{
    const char *msecs = getenv("CAPCHAN_LONG") != NULL ? LONG_MS : SHORT_MS;

    solution_program(solution, "actor.Server", "dynamic", "Server", "", "survive", "take", "-",
                     "serve", "take-all", "join", "sleep", NULL);
    solution_program(solution, "actor.Server", "dynamic", "Client", "", "survive", "ask",
                     "Server echo -", "number", "1", "pause", "100", "await", solution->marks[0],
                     "number-for", msecs, "mark", solution->marks[1], "ask", "Server echo -", "ask",
                     "Nobody echo -", "mark", solution->marks[2], "sleep", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "Client | number 1: 1\n");
    kill_broker();
    solution_mark(solution->marks[0]);
    solution_await(solution->marks[2]);
    kill(solution->pid, SIGCONT);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    solution_expect(solution, "Client | numbered: 0 failures of ");
    solution_expect(solution, "Client | ask Server echo: rcNotReady (-14), riid 0\n");
    solution_expect(solution, "Client | ask Nobody echo: rcNotReady (-14), riid 0\n");
    ck_assert_int_le(made_ms(solution->marks[2]) - made_ms(solution->marks[1]), AT_ONCE_MS);
    const char *told = strstr(solution->text, "numbered");
    printf("%.*s\n", (int)strcspn(told, "\n"), told);
    processes_expect_none_in(solution->folder);
}
END_TEST

START_TEST(who_is_connecting_when_the_broker_dies_is_told_at_once)
{
    struct timespec killed;

    solution_program(solution, "actor.Server", "dynamic", "Server", "", "survive", "take", "-",
                     "serve", "take-all", "join", "sleep", NULL);
    solution_program(solution, "actor.Server", "dynamic", "Client", "", "survive", "ask",
                     "Server echo -", "mark", solution->marks[0], "churn-on", "Server echo", "mark",
                     solution->marks[1], "sleep", NULL);
    solution_start(solution, NULL);
    solution_await(solution->marks[0]);
    usleep((useconds_t)_i * 1700); /* it connects all the time; each try meets another moment */
    clock_gettime(CLOCK_REALTIME, &killed);
    kill_broker();
    solution_await(solution->marks[1]);
    kill(solution->pid, SIGCONT);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
    solution_expect(solution, "Client | churned on: rcNotReady (-14)\n");
    ck_assert_int_le(made_ms(solution->marks[1]) - killed.tv_sec * 1000 - killed.tv_nsec / 1000000,
                     AT_ONCE_MS);
    processes_expect_none_in(solution->folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("brokerless");
    TCase *cases = tcase_create("brokerless");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, dynamic_channels_outlive_the_broker_and_new_ones_fail_at_once);
    tcase_add_loop_test(cases, who_is_connecting_when_the_broker_dies_is_told_at_once, 0, 5);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
