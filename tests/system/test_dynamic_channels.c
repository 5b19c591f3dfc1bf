/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic channels and published names, through the real broker, between real processes. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

#define N_RIOTERS 4

/* entity() - one that runs tests/programs/dynamic.c, without static channels */
#define entity(task, ...)                                                                          \
    solution_program(solution, "actor.Server", "dynamic", task, "", __VA_ARGS__, NULL)

/* n_times() - how often the output contains @text */
static int n_times(const char *text)
{
    int n = 0;

    for (const char *at = solution->text; (at = strstr(at, text)) != NULL; at++) {
        n++;
    }
    return n;
}

/* said() - whether @task printed these lines, one after the other; whatever others print between */
static bool said(const char *task, const char *lines)
{
    size_t size = strlen(solution->text) + 1;
    char *copy = strdup(solution->text);
    char *own = calloc(1, size);
    char *rest = copy;

    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(task);
        char *bar = strchr(line, '|');
        if (strncmp(line, task, length) == 0 && bar != NULL &&
            strspn(line + length, " ") == (size_t)(bar - line) - length) {
            strcat(strcat(own, bar + 2), "\n");
        }
    }
    bool is_there = strstr(own, lines) != NULL;
    free(copy);
    free(own);
    return is_there;
}

#define expect_said(task, lines)                                                                   \
    ck_assert_msg(said(task, lines), "%s never said:\n%s\nin:\n%s", task, lines, solution->text)

START_TEST(a_client_finds_its_server_at_run_time)
{
    entity("Server", "listen", "-", "accept", "Client echo 1", "serve", "join");
    entity("Client", "ask", "Server echo -", "number", "7", "close", "number", "8", "close");
    solution_run("Client");
    solution_expect(solution, "Server | listen: Client wants echo\n");
    solution_expect(solution, "Server | accept Client echo: rcOk (0), new\n");
    solution_expect(solution, "Client | ask Server echo: rcOk (0), riid 1\n");
    solution_expect(solution, "Client | number 7: 7\n");
    solution_expect(solution, "Client | close: rcOk (0)\n");
    solution_expect(solution, "Client | number 8: error 5\n"); /* NK_EINVAL: a stale handle */
    solution_expect(solution, "Client | close: rcNoCapability (-13)\n");
}
END_TEST

START_TEST(a_channel_can_be_made_again_any_number_of_times)
{
    entity("Server", "take", "-", "serve", "take-all", "join");
    entity("Client", "ask", "Server echo -", "churn", "Server echo 300", "churn",
           "Server echo 300");
    solution_run("Client");
    ck_assert_int_eq(n_times("Client | churn 300: 0 failures\n"), 2);
}
END_TEST

START_TEST(static_and_dynamic_clients_share_a_listener)
{
    solution_program(solution, "actor.Server", "dynamic", "Server", "", "register", "link", "serve",
                     "take", "-", "take-all", "join", NULL);
    solution_program(solution, "actor.Client", "dynamic", "Static", "Server:link", "connect",
                     "link", "number", "1", "mark", solution->marks[0], "await", solution->marks[1],
                     "number", "2", NULL);
    solution_program(solution, "actor.Client", "dynamic", "Dynamic", "", "await",
                     solution->marks[0], "ask", "Server echo -", "riid", "second.echo", "number",
                     "3", "close", "ask", "Server echo -", "number", "4", "mark",
                     solution->marks[1], NULL);
    solution_run("Static");
    solution_expect(solution, "Static  | number 1: 1\n");
    solution_expect(solution, "Dynamic | riid second.echo: 1\n");
    solution_expect(solution, "Dynamic | number 3: 3\n");
    solution_expect(solution, "Dynamic | number 4: 4\n");
    solution_expect(solution, "Static  | number 2: 2\n");
    ck_assert_ptr_null(strstr(solution->text, "serve ended"));
}
END_TEST

START_TEST(listening_peeks_and_rotates)
{
    entity("Server", "listen", "-", "listen", "-", "mark", solution->marks[0], "listen-for", "two",
           "listen", "-", "listen", "-", "drop", "Client one", "listen", "-", "listen", "-",
           "accept", "Client two 0", "listen", "0", "accept", "Client two 0", "drop", "Client one",
           "await", solution->marks[1]);
    entity("Client", "ask-later", "Server one -", "await", solution->marks[0], "ask-later",
           "Server two -", "join", "mark", solution->marks[1], "sleep");
    solution_run("Server");
    expect_said("Server", "listen: Client wants one\n"
                          "listen: Client wants one\n"
                          "listen-for two: rcOk (0)\n"
                          "listen: Client wants one\n"
                          "listen: Client wants two\n"
                          "drop Client one: rcOk (0)\n"
                          "listen: Client wants two\n"
                          "listen: Client wants two\n"
                          "accept Client two: rcOk (0), new\n"
                          "listen: rcTimeout (-19)\n"
                          "accept Client two: rcResourceNotFound (-18)\n"
                          "drop Client one: rcResourceNotFound (-18)\n");
    expect_said("Client", "ask Server one: rcSecurityDisallow (-20), riid 0\n");
    expect_said("Client", "ask Server two: rcOk (0), riid 0\n");
}
END_TEST

START_TEST(of_several_listening_threads_each_is_told_of_another_request)
{
    entity("Server", "listen-later", "-", "listen-later", "-", "listen-later", "-", "pause", "100",
           "mark", solution->marks[0], "join");
    entity("Client", "await", solution->marks[0], "ask-later", "Server one -", "ask-later",
           "Server two -", "ask-later", "Server three -", "join");
    solution_run("Server");
    ck_assert_int_eq(n_times("Server | listen: Client wants one\n"), 1);
    ck_assert_int_eq(n_times("Server | listen: Client wants two\n"), 1);
    ck_assert_int_eq(n_times("Server | listen: Client wants three\n"), 1);
}
END_TEST

START_TEST(time_is_over_when_it_should_be)
{
    entity("Server", "listen", "0", "listen", "30", "mark", solution->marks[0], "await",
           solution->marks[1], "listen", "0");
    entity("Client", "await", solution->marks[0], "ask", "Server echo 0", "ask", "Server echo 1",
           "ask", "Server echo 100", "mark", solution->marks[1], "sleep");
    solution_run("Server");
    ck_assert_int_eq(n_times("Server | listen: rcTimeout (-19)\n"), 3);
    ck_assert_int_eq(n_times("Client | ask Server echo: rcTimeout (-19), riid 0\n"), 3);
}
END_TEST

START_TEST(each_error_has_its_code)
{
    entity("Server", "accept", "Client echo 0", "drop", "Client echo", "mark", solution->marks[0],
           "listen", "-", "accept-with", "Client echo 0 77", "accept", "Client echo 0xffff",
           "accept", "Nobody echo 0", "accept", "Client other 0", "mark", solution->marks[1],
           "await", solution->marks[2], "accept", "Client echo 0xfffe", "sleep");
    entity("Client", "await", solution->marks[0], "ask", "Nobody echo -", "ask", "Client echo -",
           "ask", " echo -", "ask", "Server  -", "ask-later", "Server echo -", "await",
           solution->marks[1], "ask", "Server echo -", "mark", solution->marks[2], "join");
    solution_run("Client");
    expect_said("Server", "accept Client echo: rcResourceNotFound (-18)\n"
                          "drop Client echo: rcResourceNotFound (-18)\n"
                          "listen: Client wants echo\n"
                          "accept Client echo: rcNoCapability (-13)\n"
                          "accept Client echo: rcInvalidArgument (-1)\n"
                          "accept Nobody echo: rcResourceNotFound (-18)\n"
                          "accept Client other: rcResourceNotFound (-18)\n");
    expect_said("Client", "ask Nobody echo: rcResourceNotFound (-18), riid 0\n"
                          "ask Client echo: rcInvalidArgument (-1), riid 0\n"
                          "ask  echo: rcInvalidArgument (-1), riid 0\n"
                          "ask Server : rcInvalidArgument (-1), riid 0\n"
                          "ask Server echo: rcAlreadyExists (-24), riid 0\n"
                          "ask Server echo: rcOk (0), riid 65534\n");
}
END_TEST

START_TEST(names_arrive_whole_or_not_at_all)
{
    entity("Server", "listen", "-", "drop", "Client ../\u00e4\u00f6", "listen", "-", "sleep");
    entity("Client", "ask", "Server ../\u00e4\u00f6 -", "long", "1024", "long", "2000", "long",
           "1023");
    solution_run("Client");
    expect_said("Client", "long 1024: rcInvalidArgument (-1)\n"
                          "long 2000: rcInvalidArgument (-1)\n"
                          "long 1023: rcTimeout (-19)\n");
    const char *name = strstr(solution->text, "Client wants xxx");
    ck_assert_ptr_nonnull(name);
    ck_assert_uint_eq(strspn(name + strlen("Client wants "), "x"), 1023);
}
END_TEST

START_TEST(a_client_has_16_requests_at_a_time_and_a_server_128)
{
    entity("Server", "await", solution->marks[0], "listen", "0");
    if (_i == 0) {
        entity("Client", "flood", "20", "mark", solution->marks[0], "sleep");
        solution_run("Server");
        expect_said("Client", "flood 20: 16 waited, 4 were too many\n");
    } else {
        char task[32];
        for (int i = 0; i < 9; i++) {
            snprintf(task, sizeof(task), "C%d", i);
            entity(task, "flood", "16", "sleep");
        }
        solution_start(solution, NULL);
        for (int i = 0; i < 9; i++) {
            snprintf(task, sizeof(task), "C%d     | flood 16: ", i);
            solution_expect(solution, task);
        }
        int n_waited = 0;
        for (char *at = solution->text; (at = strstr(at, "flood 16: ")) != NULL;) {
            at += strlen("flood 16: ");
            n_waited += atoi(at);
        }
        ck_assert_int_eq(n_waited, 128);
    }
}
END_TEST

START_TEST(the_request_of_a_dead_client_is_gone)
{
    entity("Server", "listen", "-", "mark", solution->marks[0], "await", solution->marks[1],
           "listen", "0", "accept", "Client echo 0", "drop", "Client echo");
    entity("Client", "ask-later", "Server echo -", "await", solution->marks[0], "die");
    solution_start(solution, "--exit-with", "Server", NULL);
    solution_expect(solution, "was killed by signal 9");
    solution_mark(solution->marks[1]);
    ck_assert_int_eq(solution_wait(solution), 0);
    expect_said("Server", "listen: Client wants echo\n"
                          "listen: rcTimeout (-19)\n"
                          "accept Client echo: rcResourceNotFound (-18)\n"
                          "drop Client echo: rcResourceNotFound (-18)\n");
}
END_TEST

START_TEST(the_clients_of_a_dead_server_are_told)
{
    entity("Server", "take", "-", "serve", "mark", solution->marks[0], "listen-for", "more", "die");
    entity("Client", "ask", "Server echo -", "number", "1", "await", solution->marks[0], "ask",
           "Server more -", "number", "2", "close", "close", "ask", "Server echo -", "ask",
           "Server echo 1000");
    solution_run("Client");
    expect_said("Client", "ask Server echo: rcOk (0), riid 0\n"
                          "number 1: 1\n"
                          "ask Server more: rcNotConnected (-2), riid 0\n"
                          "number 2: error 9\n" /* NK_ENOTCONN */
                          "close: rcOk (0)\n"
                          "close: rcNoCapability (-13)\n"
                          "ask Server echo: rcResourceNotFound (-18), riid 0\n"
                          "ask Server echo: rcResourceNotFound (-18), riid 0\n");
}
END_TEST

START_TEST(closing_a_listener_ends_its_channels_and_not_the_service)
{
    entity("Server", "take", "-", "serve", "await", solution->marks[0], "close-listener", "mark",
           solution->marks[1], "accept", "Client echo 0", "listen", "-", "accept", "Client echo 0",
           "new-listener", "take", "-", "serve", "join");
    entity("Client", "ask", "Server echo -", "number", "1", "mark", solution->marks[0], "await",
           solution->marks[1], "number", "2", "close", "ask", "Server echo -", "number", "3");
    solution_run("Client");
    expect_said("Client", "number 1: 1\n"
                          "number 2: error 9\n"
                          "close: rcOk (0)\n"
                          "ask Server echo: rcOk (0), riid 0\n"
                          "number 3: 3\n");
    expect_said("Server", "listen: Client wants echo\n"
                          "accept Client echo: rcNoCapability (-13)\n"
                          "take: rcOk (0)\n");
    ck_assert_int_eq(n_times("serve ended: 9\n"), 1);
}
END_TEST

START_TEST(a_server_is_told_once_that_its_last_client_is_gone)
{
    bool dies = _i == 1;

    entity("Server", "take", "-", "take", "-", "receive", "mark", solution->marks[0], "receive",
           "mark", solution->marks[1], "take", "-", "receive", "exit", "0");
    entity("First", "ask", "Server echo -", "number", "1", "await", solution->marks[0],
           dies ? "die" : "close", "sleep");
    entity("Second", "ask", "Server echo -", "await", solution->marks[0], dies ? "die" : "close",
           "sleep");
    entity("Third", "await", solution->marks[1], "ask", "Server echo -", "number", "3", "sleep");
    solution_run("Server");
    expect_said("Server", "receive: 0\n"
                          "reply: 0\n"
                          "receive: 9\n" /* NK_ENOTCONN */
                          "take: rcOk (0)\n"
                          "receive: 0\n"
                          "reply: 0\n");
}
END_TEST

START_TEST(the_ready_made_loop_goes_on_when_all_clients_are_gone)
{
    entity("Server", "take", "-", "serve-often", "3", "take-all", "join");
    entity("First", "ask", "Server echo -", "number", "1", "close", "ask", "Server echo -",
           "number", "2", "close", "mark", solution->marks[0]);
    entity("Second", "await", solution->marks[0], "pause", "200", "ask", "Server echo -", "number",
           "3");
    solution_run("Second");
    solution_expect(solution, "Second | number 3: 3\n");
    ck_assert_ptr_null(strstr(solution->text, "serve ended"));
}
END_TEST

START_TEST(nobody_can_act_under_another_ones_name)
{
    entity("Server", "publish", "actor.IEcho Server echo", "mark", solution->marks[0], "listen",
           "-", "mark", solution->marks[1], "await", solution->marks[2], "die");
    entity("Client", "ask-later", "Server echo -", "sleep");
    entity("Squatter", "await", solution->marks[1], "accept", "Client echo 0", "drop",
           "Client echo", "publish", "actor.IEcho Server echo", "unpublish",
           "actor.IEcho Server echo", "enumerate", "actor.IEcho", "mark", solution->marks[2],
           "await", solution->marks[3], "publish", "actor.IEcho Server echo", "enumerate",
           "actor.IEcho", "listen", "0");
    solution_start(solution, "--exit-with", "Squatter", NULL);
    solution_expect(solution, "was killed by signal 9");
    solution_mark(solution->marks[3]);
    ck_assert_int_eq(solution_wait(solution), 0);
    expect_said("Squatter", "accept Client echo: rcResourceNotFound (-18)\n"
                            "drop Client echo: rcResourceNotFound (-18)\n"
                            "publish actor.IEcho Server echo: rcSecurityDisallow (-20)\n"
                            "unpublish actor.IEcho Server echo: rcSecurityDisallow (-20)\n"
                            "enumerate actor.IEcho: Server/echo rcResourceNotFound (-18)\n"
                            "publish actor.IEcho Server echo: rcSecurityDisallow (-20)\n"
                            "enumerate actor.IEcho: rcResourceNotFound (-18)\n"
                            "listen: rcTimeout (-19)\n");
}
END_TEST

START_TEST(services_are_published_in_order_and_taken_back)
{
    entity("A", "publish", "p.I A one", "publish", "p.I A two", "publish", "p.J A one", "publish",
           "p.I A one", "publish", " A one", "mark", solution->marks[0], "await",
           solution->marks[1], "unpublish", "p.I A one", "unpublish", "p.I A one", "enumerate",
           "p.I");
    entity("B", "await", solution->marks[0], "publish", "p.I B one", "enumerate", "p.I",
           "enumerate", "p.J", "enumerate", "p", "enumerate", "", "mark", solution->marks[1],
           "sleep");
    solution_run("A");
    expect_said("A", "publish p.I A one: rcOk (0)\n"
                     "publish p.I A two: rcOk (0)\n"
                     "publish p.J A one: rcOk (0)\n"
                     "publish p.I A one: rcAlreadyExists (-24)\n"
                     "publish  A one: rcInvalidArgument (-1)\n"
                     "unpublish p.I A one: rcOk (0)\n"
                     "unpublish p.I A one: rcResourceNotFound (-18)\n"
                     "enumerate p.I: A/two B/one rcResourceNotFound (-18)\n");
    expect_said("B", "enumerate p.I: A/one A/two B/one rcResourceNotFound (-18)\n"
                     "enumerate p.J: A/one rcResourceNotFound (-18)\n"
                     "enumerate p: rcResourceNotFound (-18)\n"
                     "enumerate : rcInvalidArgument (-1)\n");
}
END_TEST

START_TEST(the_name_server_may_be_declared_and_needs_no_program)
{
    solution_yaml(solution, "  - name: kl.core.NameServer\n");
    solution_program(solution, "actor.Client", "dynamic", "A",
                     "kl.core.NameServer:kl.core.NameServer", "publish", "p.I A one", "enumerate",
                     "p.I", "connect", "kl.core.NameServer", "ask", "kl.core.NameServer a -", NULL);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    expect_said("A", "publish p.I A one: rcOk (0)\n"
                     "enumerate p.I: A/one rcResourceNotFound (-18)\n"
                     "connect kl.core.NameServer: refused\n"
                     "ask kl.core.NameServer a: rcResourceNotFound (-18), riid 0\n");
}
END_TEST

START_TEST(a_name_server_with_a_program_is_launched)
{
    solution_program(solution, "kl.core.NameServer", "dynamic", "kl.core.NameServer", "", "name",
                     "take", "-", "sleep", NULL);
    entity("Client", "ask", "kl.core.NameServer names -");
    solution_run("Client");
    expect_said("kl.core.NameServer", "name: kl.core.NameServer\n");
    expect_said("Client", "ask kl.core.NameServer names: rcOk (0), riid 0\n");
}
END_TEST

START_TEST(without_a_broker_channels_go_on_and_new_ones_fail_at_once)
{
    entity("Server", "take", "-", "serve", "take-all", "join");
    entity("Client", "name", "forked", "ask", "Server echo -", "number", "1", "cut", "number", "2",
           "ask", "Server echo -", "listen", "-", "accept", "Client echo 0", "drop", "Client echo",
           "publish", "p.I Client echo", "enumerate", "p.I", "number", "3", "close", "exit", "0");
    solution_run("Client");
    expect_said("Client", "name: Client\n"
                          "short name: rcBufferTooSmall (-4)\n"
                          "ask Server forked: rcNotReady (-14), riid 0\n"
                          "name: none\n");
    expect_said("Client", "number 1: 1\n"
                          "number 2: 2\n"
                          "ask Server echo: rcNotReady (-14), riid 0\n"
                          "listen: rcNotReady (-14)\n"
                          "accept Client echo: rcNotReady (-14)\n"
                          "drop Client echo: rcNotReady (-14)\n"
                          "publish p.I Client echo: rcNotReady (-14)\n"
                          "enumerate p.I: rcNotReady (-14)\n"
                          "number 3: 3\n"
                          "close: rcOk (0)\n");
}
END_TEST

/* holdings_soon() - descriptors and memories of @pid, once they are as few as @expected, or
 * patience is over */
static struct holdings holdings_soon(pid_t pid, struct holdings expected)
{
    struct holdings holdings = holdings_of(pid);

    for (int i = 0; i < 500 && !holdings_are_same(holdings, expected); i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        holdings = holdings_of(pid);
    }
    return holdings;
}

START_TEST(clients_that_come_and_go_leave_nothing_behind)
{
    char task[16];

    entity("Server", "descriptors", "take", "-", "serve-often", "2", "take-all", "mark",
           solution->marks[0], "join");
    for (int i = 0; i < 8; i++) {
        snprintf(task, sizeof(task), "C%d", i);
        entity(task, "await", solution->marks[1], "churn", "Server echo 100", "many",
               "Server echo 20", "sleep");
    }
    entity("First", "ask", "Server echo -", "number", "1", "await", solution->marks[1], "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "First  | number 1: 1\n");
    pid_t broker = process_child_of(solution->pid);
    pid_t server = process_child_of(broker);
    struct holdings before[] = {holdings_settled(broker), holdings_settled(server)};
    solution_mark(solution->marks[1]);
    for (int i = 0; i < 8; i++) {
        snprintf(task, sizeof(task), "C%d     | many", i);
        solution_expect(solution, task);
    }
    ck_assert_int_eq(n_times("churn 100: 0 failures\n"), 8);
    ck_assert_int_eq(n_times("many 20: 20 open, 0 failures\n"), 8);
    struct holdings after[] = {holdings_soon(broker, before[0]), holdings_soon(server, before[1])};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(after[i].n_descriptors, before[i].n_descriptors);
        ck_assert_int_eq(after[i].n_memories, before[i].n_memories);
    }
}
END_TEST

START_TEST(whatever_many_do_at_once_every_request_ends_and_nothing_is_left)
{
    char text[64];

    solution_program(solution, "actor.Server", "riot", "Server", "", "await", solution->marks[0],
                     "govern", "1", NULL);
    for (int i = 0; i < N_RIOTERS; i++) {
        char task[16];
        snprintf(task, sizeof(task), "C%d", i);
        snprintf(text, sizeof(text), "%d 300", i);
        solution_program(solution, "actor.Client", "riot", task, "", "await", solution->marks[0],
                         "riot", text, "pause", "60000", NULL);
    }
    entity("Ready", "mark", solution->marks[1], "name", "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "Ready  | name: Ready\n");
    pid_t broker = process_child_of(solution->pid);
    struct holdings before = holdings_of(broker);
    solution_mark(solution->marks[0]);
    for (int i = 0; i < N_RIOTERS; i++) {
        snprintf(text, sizeof(text), "C%d     | riot: 0 bad, some good\n", i);
        solution_expect(solution, text);
    }
    /* a listener of each of the three threads may be left */
    ck_assert_int_le(holdings_soon(broker, before).n_descriptors, before.n_descriptors + 3);
}
END_TEST

START_TEST(one_who_asks_and_takes_no_answer_loses_its_session_and_nobody_else_notices)
{
    entity("Server", "take", "-", "serve", "take-all", "join");
    solution_program(solution, "attacker.Any", "attacker", "Evil", "", "ask-often", "5000", "sleep",
                     "60000", NULL);
    entity("Client", "ask", "Server echo -", "churn", "Server echo 200", "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "Evil   | asked often: ");
    solution_expect(solution, "session closed: it does not take its answers\n");
    solution_expect(solution, "Client | churn 200: 0 failures\n");
}
END_TEST

START_TEST(a_client_has_4096_channels_and_not_one_more)
{
    entity("Server", "descriptors", "take", "-", "serve", "take-all", "join");
    entity("Client", "descriptors", "many", "Server echo 4096", "hoard", "Server echo 4097", "ask",
           "Server echo 1000");
    solution_run("Client");
    expect_said("Client", "many 4096: 4096 open, 0 failures\n"
                          "hoard 4097: 4096 open\n"
                          "ask Server echo: rcQuotaExceeded (-27), riid 0\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dynamic_channels");
    TCase *cases = tcase_create("dynamic_channels");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, a_client_finds_its_server_at_run_time);
    tcase_add_test(cases, a_channel_can_be_made_again_any_number_of_times);
    tcase_add_test(cases, static_and_dynamic_clients_share_a_listener);
    tcase_add_test(cases, listening_peeks_and_rotates);
    tcase_add_test(cases, of_several_listening_threads_each_is_told_of_another_request);
    tcase_add_test(cases, time_is_over_when_it_should_be);
    tcase_add_test(cases, each_error_has_its_code);
    tcase_add_test(cases, names_arrive_whole_or_not_at_all);
    tcase_add_loop_test(cases, a_client_has_16_requests_at_a_time_and_a_server_128, 0, 2);
    tcase_add_test(cases, the_request_of_a_dead_client_is_gone);
    tcase_add_test(cases, the_clients_of_a_dead_server_are_told);
    tcase_add_test(cases, closing_a_listener_ends_its_channels_and_not_the_service);
    tcase_add_loop_test(cases, a_server_is_told_once_that_its_last_client_is_gone, 0, 2);
    tcase_add_test(cases, the_ready_made_loop_goes_on_when_all_clients_are_gone);
    tcase_add_test(cases, nobody_can_act_under_another_ones_name);
    tcase_add_test(cases, services_are_published_in_order_and_taken_back);
    tcase_add_test(cases, the_name_server_may_be_declared_and_needs_no_program);
    tcase_add_test(cases, a_name_server_with_a_program_is_launched);
    tcase_add_test(cases, without_a_broker_channels_go_on_and_new_ones_fail_at_once);
    tcase_add_test(cases, clients_that_come_and_go_leave_nothing_behind);
    tcase_add_test(cases, whatever_many_do_at_once_every_request_ends_and_nothing_is_left);
    tcase_add_test(cases,
                   one_who_asks_and_takes_no_answer_loses_its_session_and_nobody_else_notices);
    tcase_add_test(cases, a_client_has_4096_channels_and_not_one_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
