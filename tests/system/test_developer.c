/* SPDX-License-Identifier: Apache-2.0 */
/* What `capchan run` does for developers, with real entities. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
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

static bool is_sanitized(void)
{
    return strstr(build_folder(), "sanitize") != NULL;
}

START_TEST(a_variable_is_put_into_the_environment_of_all_and_goes_before_what_is_declared)
{
    solution_entity(solution, "One", "", "environment", "FIRST", "environment", "SECOND", NULL);
    solution_yaml(solution, "    env: {SECOND: declared, FIRST: declared}\n");
    solution_entity(solution, "Two", "", "environment", "FIRST", NULL);
    solution_start(solution, "--env", "FIRST=a=b", "--env=FIRS=", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "One | FIRST=a=b\n");
    solution_expect(solution, "One | SECOND=declared\n");
    solution_expect(solution, "Two | FIRST=a=b\n");
}
END_TEST

START_TEST(a_stand_in_is_started_for_every_entity_of_the_class)
{
    char replacement[512];

    snprintf(replacement, sizeof(replacement), "board.Gpio=%s/tests/programs/actor",
             build_folder());
    solution_yaml(solution, "  - {name: board.Gpio, path: not-there, args: [environment, HOME]}\n"
                            "  - {name: board.Gpio, task: Second, args: [environment, HOME]}\n");
    solution_start(solution, "--replace", replacement, "--env", "HOME=here", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "board.Gpio | HOME=here\n");
    solution_expect(solution, "Second     | HOME=here\n");
}
END_TEST

START_TEST(a_task_runs_under_valgrind_with_its_channels)
{
    if (is_sanitized()) {
        return; /* which valgrind cannot run */
    }
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "7", NULL);
    solution_start(solution, "--exit-with", "Client", "--valgrind", "Client", "--env",
                   "VALGRIND_OPTS=-v", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Memcheck, a memory error detector");
    solution_expect(solution, "Client | number 7: 7\n");
}
END_TEST

START_TEST(a_task_waits_for_a_debugger_until_the_time_is_up)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_start(solution, "--debug", "Server", "--timeout", "3", NULL);
    solution_expect(solution, "Server | Listening on port ");
    ck_assert_int_eq(solution_wait(solution), 128 + SIGTERM);
}
END_TEST

/* debugger_port() - once gdbserver has said it */
static int debugger_port(void)
{
    static const char text[] = "Listening on port ";

    solution_expect(solution, text);
    solution_expect(solution, "\n");
    return atoi(strstr(solution->text, text) + strlen(text));
}

START_TEST(gdb_breaks_in_a_handler_and_lets_it_go_on)
{
    if (is_sanitized()) {
        return; /* whose programs cannot look for leaks while they are traced */
    }
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "7", NULL);
    solution_start(solution, "--exit-with", "Client", "--debug", "Server", NULL);
    int port = debugger_port();
    const char *printed =
        shell_run("exec 2>&1\n",
                  "gdb -nx --batch -ex 'set debuginfod enabled off' -ex 'set confirm off' \\\n"
                  "    -ex 'target remote 127.0.0.1:%d' -ex 'break serve_number' -ex continue \\\n"
                  "    -ex backtrace -ex delete -ex continue %s/tests/programs/actor || true",
                  port, build_folder());

    ck_assert_msg(strstr(printed, "\n#0  serve_number (") != NULL, "%s", printed);
    ck_assert_msg(strstr(printed, " main (") != NULL, "%s", printed);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Client | number 7: 7\n");
}
END_TEST

/* log_of() - what is in the file of a task */
static const char *log_of(const char *task)
{
    return shell_run("", "cat '%s/logs/%s.log'", solution->folder, task);
}

START_TEST(what_an_entity_prints_is_in_a_file_of_its_own_too)
{
    char folder[128];

    snprintf(folder, sizeof(folder), "%s/logs", solution->folder);
    solution_entity(solution, "One", "", "environment", "A", "environment", "B", NULL);
    solution_entity(solution, "a/Two", "", "environment", "A", "environment", "NONE", NULL);
    for (int run = 0; run < 2; run++) { /* the second one begins anew */
        solution_start(solution, "--log", folder, "--env", "A=1", "--env", "B=2", NULL);
        ck_assert_int_eq(solution_wait(solution), 0);
    }
    solution_expect(solution, "One   | A=1\n");
    ck_assert_str_eq(log_of("One"), "A=1\nB=2\n");
    ck_assert_ptr_nonnull(strstr(log_of("a_Two"), "A=1\n"));
}
END_TEST

START_TEST(who_is_done_before_the_time_is_up_is_not_bothered)
{
    solution_entity(solution, "Only", "", "environment", "PATH", NULL);
    solution_start(solution, "--timeout", "1000000", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

static const struct {
    const char *option;
    const char *value;
    const char *said;
} mistakes[] = {
    {"--env", "NAME", "'NAME' has no '=' with a name before it"},
    {"--env", "=VALUE", "'=VALUE' has no '=' with a name before it"},
    {"--replace", "actor.Server=/not/there",
     "capchan: --replace actor.Server=/not/there: No such file or directory\n"},
    {"--replace", "actor.Other=/bin/true",
     "capchan: --replace actor.Other=/bin/true: there is no entity of that class\n"},
    {"--valgrind", "Other", "capchan: --valgrind Other: there is no such task\n"},
    {"--debug", "Other", "capchan: --debug Other: there is no such task\n"},
    {"--log", "/dev/null/logs", "capchan: --log /dev/null/logs: Not a directory\n"},
    {"--log", "/dev/null", "capchan: --log /dev/null: Not a directory\n"},
    {"--timeout", "0", "'0' is no number of seconds from 1 to 1000000"},
    {"--timeout", "1000001", "'1000001' is no number of seconds from 1 to 1000000"},
    {"--timeout", "-1", "'-1' is no number of seconds"},
    {"--timeout", "1s", "'1s' is no number of seconds"},
};

START_TEST(a_mistake_is_told_and_nothing_is_started)
{
    solution_entity(solution, "Server", "", "environment", "PATH", NULL);
    solution_start(solution, mistakes[_i].option, mistakes[_i].value, NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, mistakes[_i].said);
    ck_assert_ptr_null(strstr(solution->text, "PATH="));
}
END_TEST

START_TEST(a_tool_that_is_not_installed_is_named)
{
    solution_entity(solution, "Server", "", "environment", "PATH", NULL);
    setenv("PATH", "/not/there", 1);
    solution_start(solution, "--valgrind", "Server", NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, "capchan: --valgrind Server: valgrind is not on the PATH; apt-get "
                              "install valgrind\n");
}
END_TEST

START_TEST(an_option_may_be_given_64_times_and_not_65)
{
    int n_times = 64 + _i;
    char command[4096];

    solution_entity(solution, "Server", "", "environment", "A", NULL);
    solution_start(solution, "--check", NULL); /* writes the file */
    ck_assert_int_eq(solution_wait(solution), 0);
    snprintf(command, sizeof(command),
             "%s/bin/capchan run %s/init.yaml $(printf ' --env=A=%%s' $(seq %d)) 2>&1",
             build_folder(), solution->folder, n_times);
    const char *printed = shell_run("", "%s || true", command);
    const char *expected = _i == 0 ? "A=64\n" : "more than 64 times the same option";
    ck_assert_msg(strstr(printed, expected) != NULL, "%s", printed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("developer");
    TCase *cases = tcase_create("developer");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases,
                   a_variable_is_put_into_the_environment_of_all_and_goes_before_what_is_declared);
    tcase_add_test(cases, a_stand_in_is_started_for_every_entity_of_the_class);
    tcase_add_test(cases, a_task_runs_under_valgrind_with_its_channels);
    tcase_add_test(cases, a_task_waits_for_a_debugger_until_the_time_is_up);
    tcase_add_test(cases, gdb_breaks_in_a_handler_and_lets_it_go_on);
    tcase_add_test(cases, what_an_entity_prints_is_in_a_file_of_its_own_too);
    tcase_add_test(cases, who_is_done_before_the_time_is_up_is_not_bothered);
    tcase_add_loop_test(cases, a_mistake_is_told_and_nothing_is_started, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, a_tool_that_is_not_installed_is_named);
    tcase_add_loop_test(cases, an_option_may_be_given_64_times_and_not_65, 0, 2);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
