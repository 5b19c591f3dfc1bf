/* SPDX-License-Identifier: Apache-2.0 */
/* What one misbehaving entity, or a careless user, must not be able to do to the others. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/processes.h"
#include "tests/support/solution.h"

#define END_MS 8000 /* for a run that was told to end */

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    processes_expect_none_in(solution->folder);
    solution_free(solution);
}

static void sleep_ms(long milliseconds)
{
    nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000}, NULL);
}

/* add_attacker() - add an entity of tests/programs/attacker.c: "Server:link" or "", and its
 * commands */
static void add_attacker(const char *task, const char *class, const char *connection, ...)
{
    char text[1024];
    va_list words;

    snprintf(text, sizeof(text),
             "  - name: %s\n    task: %s\n    path: %s/tests/programs/attacker\n", class, task,
             build_folder());
    solution_yaml(solution, text);
    if (connection[0] != '\0') {
        snprintf(text, sizeof(text), "    connections: [{target: %.*s, id: %s}]\n",
                 (int)strcspn(connection, ":"), connection, strchr(connection, ':') + 1);
        solution_yaml(solution, text);
    }
    solution_yaml(solution, "    args: [");
    va_start(words, connection);
    for (const char *word; (word = va_arg(words, const char *)) != NULL;) {
        snprintf(text, sizeof(text), "'%s', ", word);
        solution_yaml(solution, text);
    }
    va_end(words);
    solution_yaml(solution, "]\n");
}

static void limit_descriptors(rlim_t soft, rlim_t hard)
{
    const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* expect_end() - wait for the end of `capchan run` without reading what it prints */
static void expect_end(void)
{
    int status;

    for (int i = 0; i < END_MS / 10 && solution->pid > 0; i++) {
        if (waitpid(solution->pid, &status, WNOHANG) == solution->pid) {
            solution->pid = 0;
        }
        sleep_ms(10);
    }
    if (solution->pid > 0) {
        kill(process_child_of(solution->pid), SIGKILL);
        kill(solution->pid, SIGKILL);
        ck_abort_msg("capchan run did not end");
    }
}

START_TEST(a_descriptor_that_takes_long_to_close_does_not_stop_the_broker)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    add_attacker("Evil", "attacker.Any", "Server:link", "linger-session", "sleep", "60000", NULL);
    add_attacker("Good", "attacker.Any", "Server:link", "sleep", "500", "connect", "link", NULL);
    solution_start(solution, "--exit-with", "Good", NULL);
    solution_expect(solution, "Good   | connect: 0\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(a_descriptor_that_takes_long_to_close_does_not_stop_the_server)
{
    char mark[128];

    snprintf(mark, sizeof(mark), "%s/mark", solution->folder);
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    add_attacker("Evil", "attacker.Any", "Server:link", "connect", "link", "linger-channel",
                 "sleep", "60000", NULL);
    solution_entity(solution, "Good", "Server:link", "await", mark, "connect", "link", "number",
                    "7", NULL);
    solution_start(solution, "--exit-with", "Good", NULL);
    solution_expect(solution, "Evil   | lingering\n");
    sleep_ms(500);
    fclose(fopen(mark, "we"));
    solution_expect(solution, "Good   | number 7: 7\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(a_datagram_of_one_byte_too_many_is_malformed)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    add_attacker("Evil", "attacker.Any", "Server:link", "connect", "link", "overlong", NULL);
    solution_start(solution, "--exit-with", "Evil", NULL);
    solution_expect(solution, "overlong: status 8\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(an_endpoint_without_implementation_never_answers_with_another_clients_reply)
{
    char mark[128];

    snprintf(mark, sizeof(mark), "%s/mark", solution->folder);
    add_attacker("Server", "actor.Server", "", "serve-partly", NULL);
    solution_entity(solution, "Early", "Server:link", "connect", "link", "riid", "second.echo",
                    "number", "1", "mark", mark, NULL);
    solution_entity(solution, "Spy", "Server:link", "await", mark, "connect", "link", "number",
                    "4242", "riid", "second.echo", "number", "5", NULL);
    solution_start(solution, "--exit-with", "Spy", NULL);
    solution_expect(solution, "Early  | number 1: error 2\n");
    solution_expect(solution, "Spy    | number 5: error 2\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(descriptors_in_flight_cost_nobody_else_the_session_or_the_channel)
{
    char mark[128];

    limit_descriptors(256, 256);
    snprintf(mark, sizeof(mark), "%s/mark", solution->folder);
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Good", "Server:link", "connect", "link", "await", mark, "blob",
                    "100000", "number", "3", NULL);
    add_attacker("Late", "attacker.Any", "Server:link", "sleep", "1000", "connect", "link", "sleep",
                 "60000", NULL);
    add_attacker("Evil", "attacker.Any", "", "sleep", "300", "in-flight", "sleep", "60000", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "in flight: Too many references");
    solution_expect(solution, "Late   | connect:");
    fclose(fopen(mark, "we"));
    solution_expect(solution, "Good   | number 3: 3\n");
    ck_assert_ptr_null(strstr(solution->text, "session closed"));
    kill(solution->pid, SIGTERM);
    (void)solution_wait(solution);
}
END_TEST

START_TEST(an_entity_can_take_neither_anothers_session_nor_what_the_broker_holds)
{
    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Victim", "Server:link", "connect", "link", "sleep", NULL);
    add_attacker("Evil", "attacker.Any", "", "sleep", "500", "steal", "connect", NULL);
    solution_start(solution, "--exit-with", "Evil", NULL);
    solution_expect(solution, "steal: refused\n");
    solution_expect(solution, "steal from the broker: refused\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(nine_hundred_threads_may_wait_for_one_server)
{
    char script[128];
    char text[512];

    snprintf(script, sizeof(script), "%s/late.sh", solution->folder);
    FILE *file = fopen(script, "we");
    fprintf(file, "#!/bin/sh\nsleep 1\nexec %s/tests/programs/actor register link serve\n",
            build_folder());
    fclose(file);
    ck_assert_int_eq(chmod(script, 0755), 0);
    snprintf(text, sizeof(text), "  - {name: actor.Server, task: Server, path: %s}\n", script);
    solution_yaml(solution, text);
    add_attacker("Many", "attacker.Any", "Server:link", "lookups", "900", NULL);
    solution_start(solution, "--exit-with", "Many", NULL);
    solution_expect(solution, "lookups: 900 of 900\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(closing_a_handle_ends_a_lookup_on_it)
{
    solution_yaml(solution, "  - {name: actor.Server, task: Server, path: /bin/sleep, args: "
                            "['60']}\n");
    add_attacker("Asks", "attacker.Any", "Server:link", "lookup-close", NULL);
    solution_start(solution, "--exit-with", "Asks", NULL);
    solution_expect(solution, "lookup: failed\n");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(who_waits_for_a_server_that_lost_its_session_is_told)
{
    add_attacker("Server", "attacker.Any", "", "garble", "sleep", "60000", NULL);
    solution_entity(solution, "Asks", "Server:link", "connect", "link", "riid", "first.echo", NULL);
    solution_entity(solution, "Calls", "Server:link", "connect", "link", "number", "1", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "Asks   | riid first.echo: -1\n");
    solution_expect(solution,
                    "Calls  | number 1: error "); /* 9, or 5 if it came too late to connect */
    kill(solution->pid, SIGTERM);
    (void)solution_wait(solution);
}
END_TEST

/* What the broker answers to a malformed call, in bytes; 0: it closes the session. */
static const struct {
    const char *kind;
    int answer;
} garbled_calls[] = {
    {"endpoint", 32}, /* NK_ENOENT */
    {"method", 32},   /* NK_ENOENT */
    {"none", 34},     /* nobody is called "": rcInvalidArgument */
    {"cut", 0},       {"flags", 0}, {"memfd", 0}, {"handles", 0}, {"short", 0},
    {"body", 0},      {"text", 0},  {"arena", 0}, {"huge", 0},
};

START_TEST(a_malformed_call_of_the_broker_costs_its_sender_the_session)
{
    const char *kind = garbled_calls[_i].kind;
    char text[64];

    add_attacker("Evil", "attacker.Any", "", "garble-call", kind, "sleep", "60000", NULL);
    solution_start(solution, NULL);
    snprintf(text, sizeof(text), "garble-call %s: %d bytes\n", kind, garbled_calls[_i].answer);
    solution_expect(solution, text);
    if (garbled_calls[_i].answer == 0) {
        solution_expect(solution, "session closed: it sent a malformed request\n");
    }
    kill(solution->pid, SIGTERM);
    (void)solution_wait(solution);
}
END_TEST

START_TEST(killing_capchan_run_leaves_nothing_that_entities_forked)
{
    add_attacker("Parent", "attacker.Any", "", "leave", "sleep", "60000", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "left\n");
    kill(solution->pid, SIGKILL);
    (void)solution_wait(solution);
    for (int i = 0; i < END_MS / 10 && processes_in(solution->folder) > 0; i++) {
        sleep_ms(10);
    }
}
END_TEST

START_TEST(a_signal_that_reaches_the_whole_group_is_one_signal)
{
    add_attacker("Tidy", "attacker.Any", "", "tidy", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "waiting\n");
    kill(process_child_of(solution->pid), SIGINT); /* as a terminal and systemd do */
    kill(solution->pid, SIGINT);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGINT);
    ck_assert_ptr_nonnull(strstr(solution->text, "ended in peace\n"));
}
END_TEST

START_TEST(a_run_whose_output_nobody_reads_can_be_ended)
{
    add_attacker("Flood", "attacker.Any", "", "flood", NULL);
    add_attacker("Dies", "attacker.Any", "", "sleep", "500", "exit", "3", NULL);
    solution_start(solution, NULL);
    sleep_ms(1000);
    kill(solution->pid, SIGTERM);
    expect_end();
}
END_TEST

START_TEST(a_run_whose_broker_is_stopped_can_be_ended)
{
    solution_entity(solution, "Any", "", "register", "link", "sleep", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "register link");
    kill(process_child_of(solution->pid), SIGSTOP);
    kill(solution->pid, SIGTERM);
    sleep_ms(100);
    kill(solution->pid, SIGTERM);
    expect_end();
}
END_TEST

START_TEST(a_broker_that_runs_is_not_told_to_go_on)
{
    int status = 0;

    if (getenv("SANITIZE") != NULL) {
        return; /* a leak checker cannot trace what is traced */
    }
    add_attacker("Tidy", "attacker.Any", "", "tidy", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "waiting\n");
    pid_t broker = process_child_of(solution->pid);
    ck_assert_int_eq(ptrace(PTRACE_SEIZE, broker, NULL, NULL), 0);
    kill(solution->pid, SIGTERM);
    while (waitpid(broker, &status, 0) == broker && WIFSTOPPED(status)) {
        ck_assert_int_ne(WSTOPSIG(status), SIGCONT);
        ck_assert_int_eq(ptrace(PTRACE_CONT, broker, NULL, WSTOPSIG(status)), 0);
    }
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(solution_wait(solution), 128 + SIGTERM);
}
END_TEST

START_TEST(more_entities_than_descriptors_by_default_can_print)
{
    char task[16];

    limit_descriptors(64, 4096);
    for (int i = 0; i < 60; i++) {
        snprintf(task, sizeof(task), "E%d", i);
        add_attacker(task, "attacker.Any", "", "sleep", "2000", "print", "hello", NULL);
    }
    solution_start(solution, NULL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "status %d: %s", status,
                  solution->text + (solution->text_size > 2000 ? solution->text_size - 2000 : 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adversary");
    TCase *cases = tcase_create("adversary");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_descriptor_that_takes_long_to_close_does_not_stop_the_broker);
    tcase_add_test(cases, a_descriptor_that_takes_long_to_close_does_not_stop_the_server);
    tcase_add_test(cases, a_datagram_of_one_byte_too_many_is_malformed);
    tcase_add_test(cases,
                   an_endpoint_without_implementation_never_answers_with_another_clients_reply);
    tcase_add_test(cases, descriptors_in_flight_cost_nobody_else_the_session_or_the_channel);
    tcase_add_test(cases, an_entity_can_take_neither_anothers_session_nor_what_the_broker_holds);
    tcase_add_test(cases, nine_hundred_threads_may_wait_for_one_server);
    tcase_add_test(cases, closing_a_handle_ends_a_lookup_on_it);
    tcase_add_test(cases, who_waits_for_a_server_that_lost_its_session_is_told);
    tcase_add_loop_test(cases, a_malformed_call_of_the_broker_costs_its_sender_the_session, 0,
                        sizeof(garbled_calls) / sizeof(garbled_calls[0]));
    tcase_add_test(cases, killing_capchan_run_leaves_nothing_that_entities_forked);
    tcase_add_test(cases, a_signal_that_reaches_the_whole_group_is_one_signal);
    tcase_add_test(cases, a_run_whose_output_nobody_reads_can_be_ended);
    tcase_add_test(cases, a_run_whose_broker_is_stopped_can_be_ended);
    tcase_add_test(cases, a_broker_that_runs_is_not_told_to_go_on);
    tcase_add_test(cases, more_entities_than_descriptors_by_default_can_print);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
