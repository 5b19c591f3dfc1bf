/* SPDX-License-Identifier: Apache-2.0 */
/* `capchan: dynamic:` in init.yaml, and what `capchan run -v` says, through the real broker. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

#define WARNING "so everybody may ask anybody for a channel"
#define ENOUGH_S 30 /* no flood below takes longer */

/* entity() - one that runs tests/programs/dynamic.c, without static channels */
#define entity(task, ...)                                                                          \
    solution_program(solution, "actor.Server", "dynamic", task, "", __VA_ARGS__, NULL)

/* rules() - at the end of init.yaml, one `{...}` each */
#define rules(...) write_rules((const char *const[]){__VA_ARGS__, NULL})

static void write_rules(const char *const *lines)
{
    solution_yaml(solution, "capchan:\n  dynamic:\n");
    for (; *lines != NULL; lines++) {
        solution_yaml(solution, "    - ");
        solution_yaml(solution, *lines);
        solution_yaml(solution, "\n");
    }
}

static void run(const char *exit_with)
{
    solution_start(solution, "--exit-with", exit_with, "-v", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}

/* n_times() - how often the output contains @text */
static int n_times(const char *text)
{
    int n = 0;

    for (const char *at = solution->text; (at = strstr(at, text)) != NULL; at++) {
        n++;
    }
    return n;
}

static void expect_times(const char *text, int n)
{
    int found = n_times(text);

    ck_assert_msg(found == n, "%d times '%s' in:\n%s", found, text, solution->text);
}

START_TEST(who_is_allowed_connects_and_nobody_else)
{
    entity("Server", "take", "-", "serve", "take-all", "join");
    entity("Client", "ask", "Server echo -", "number", "7", "ask", "Server other 50", "number", "8",
           "exit", "0");
    entity("Other", "ask", "Server echo 50", "mark", solution->marks[0], "sleep");
    rules("{client: Cl*, server: Server, service: echo}");
    run("Client");
    solution_expect(solution, "Client | ask Server echo: rcOk (0), riid 0\n");
    solution_expect(solution, "Client | number 7: 7\n");
    solution_expect(solution, "Client | ask Server other: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "Client | number 8: 8\n");
    expect_times(WARNING, 0);
}
END_TEST

START_TEST(who_is_refused_waits_as_long_as_for_what_is_not_there)
{
    static const char *const wishes[] = {"Nobody echo", "Stranger echo", "Server forbidden",
                                         "Server absent"};
    char text[128];

    entity("Server", "await", solution->marks[0], "listen", "0", "listen", "0", "mark",
           solution->marks[1], "sleep");
    entity("Stranger", "await", solution->marks[0], "listen", "0", "sleep");
    entity("Client", "ask", "Nobody echo 0", "ask", "Nobody echo 1", "ask", "Nobody echo 60", "ask",
           "Stranger echo 0", "ask", "Stranger echo 1", "ask", "Stranger echo 60", "ask",
           "Server forbidden 0", "ask", "Server forbidden 1", "ask", "Server forbidden 60", "ask",
           "Server absent 0", "ask", "Server absent 1", "ask", "Server absent 60", "ask-later",
           "Stranger echo 2000", "ask-later", "Server forbidden 2000", "ask-later",
           "Nobody echo 2000", "pause", "50", "ask", "Stranger echo 2000", "ask",
           "Server forbidden 2000", "ask", "Nobody echo 2000", "mark", solution->marks[0], "await",
           solution->marks[1], "exit", "0");
    rules("{client: Client, server: Server, service: absent}");
    run("Client");
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        snprintf(text, sizeof(text), "Client   | ask %s: rcTimeout (-19), riid 0\n", wishes[i]);
        expect_times(text, 3);
        snprintf(text, sizeof(text), "Client   | ask %s: rcAlreadyExists (-24), riid 0\n",
                 wishes[i]);
        expect_times(text, i < 3);
    }
    expect_times("Server   | listen: rcTimeout (-19)\n", 2);
    expect_times("wants", 0);
}
END_TEST

START_TEST(an_empty_list_allows_nothing)
{
    entity("Server", "publish", "p.I Server echo", "mark", solution->marks[0], "listen", "200",
           "exit", "0");
    entity("Client", "await", solution->marks[0], "ask", "Server echo 50", "enumerate", "p.I",
           "mark", solution->marks[1], "sleep");
    solution_yaml(solution, "capchan: {dynamic: []}\n");
    run("Server");
    solution_expect(solution, "Client | ask Server echo: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "Client | enumerate p.I: rcResourceNotFound (-18)\n");
    solution_expect(solution, "Server | listen: rcTimeout (-19)\n");
}
END_TEST

START_TEST(published_services_are_seen_by_who_may_ask_for_them)
{
    entity("Server", "publish", "p.I Server one", "publish", "p.I Server two", "publish",
           "p.I Server three", "enumerate", "p.I", "mark", solution->marks[0], "sleep");
    entity("Client", "await", solution->marks[0], "enumerate", "p.I");
    rules("{client: Client, server: Server, service: t*}",
          "{client: Client, server: S*, service: x}");
    run("Client");
    solution_expect(solution, "Client | enumerate p.I: Server/two Server/three rcResourceNotFound");
    solution_expect(solution, "Server | enumerate p.I: Server/one Server/two Server/three rcRes");
}
END_TEST

START_TEST(without_rules_there_is_one_warning_if_anybody_makes_use_of_it)
{
    bool uses_it = _i == 1;

    entity("Server", "take", uses_it ? "-" : "1", "serve", "take-all", "join");
    if (uses_it) {
        entity("Client", "ask", "Server echo -", "ask", "Server echo -", "publish", "p.I Client c");
        solution_start(solution, "--exit-with", "Client", NULL);
    } else {
        free(solution->yaml);
        solution->yaml = strdup("entities:\n");
        solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
        solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "7", NULL);
        solution_start(solution, "--exit-with", "Client", NULL);
    }
    ck_assert_int_eq(solution_wait(solution), 0);
    expect_times(WARNING, uses_it);
    expect_times("capchand: 'Client' asks", 0); /* nobody asked for a log */
}
END_TEST

START_TEST(a_rule_may_require_a_capability_of_the_process)
{
    if (geteuid() != 0) {
        return; /* only root has any to give */
    }
    entity("Server", "take", "-", "serve", "take-all", "join");
    entity("With", "ask", "Server echo 5000", "drop-capabilities", "ask", "Server echo 50");
    solution_yaml(solution, "    capchan: {capabilities: [cap_net_raw, cap_sys_time]}\n");
    entity("Less", "ask", "Server echo 50");
    solution_yaml(solution, "    capchan: {capabilities: [cap_sys_time]}\n");
    entity("None", "ask", "Server echo 50");
    rules("{client: '*', server: Server, service: echo, requires: [cap_net_raw, cap_sys_time]}");
    solution_start(solution, "-v", NULL);
    solution_expect(solution, "With   | ask Server echo: rcOk (0), riid 0\n");
    solution_expect(solution, "With   | drop-capabilities: ok\n");
    solution_expect(solution, "With   | ask Server echo: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "Less   | ask Server echo: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "None   | ask Server echo: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "'Less' gets no channel to 'Server' for 'echo': the rule requires "
                              "cap_net_raw\n");
    solution_expect(solution, "'None' gets no channel to 'Server' for 'echo': the rule requires "
                              "cap_net_raw and cap_sys_time\n");
}
END_TEST

START_TEST(capabilities_in_a_namespace_of_ones_own_are_none)
{
    if (geteuid() != 0) {
        return;
    }
    entity("Server", "take-all", "join");
    entity("With", "drop-capabilities", "own-namespace", "ask", "Server echo 50");
    solution_yaml(solution, "    capchan: {capabilities: [cap_net_raw]}\n");
    entity("None", "own-namespace", "ask", "Server echo 50");
    rules("{client: '*', server: Server, service: echo, requires: [cap_net_raw]}");
    solution_start(solution, NULL);
    solution_expect(solution, "With   | own-namespace: ");
    solution_expect(solution, "With   | ask Server echo: rcTimeout (-19), riid 0\n");
    solution_expect(solution, "None   | own-namespace: ");
    solution_expect(solution, "None   | ask Server echo: rcTimeout (-19), riid 0\n");
}
END_TEST

START_TEST(the_log_has_a_line_for_whatever_happens)
{
    entity("Server", "take", "-", "serve", "listen-for", "drop", "drop", "Client drop", "sleep");
    entity("Client", "ask", "Server echo -", "number", "1", "close", "ask", "Server drop -", "ask",
           "Server late 20", "ask", "Server \u00e4\u00f6 20", "ask", "Nobody echo 20");
    rules("{client: Client, server: Server, service: '*'}");
    run("Client");
    static const char *const lines[] = {
        "capchand: 'Client' asks 'Server' for 'echo'\n",
        "capchand: 'Client' has a channel to 'Server' for 'echo'\n",
        "capchand: 'Client' no longer has a channel to 'Server' for 'echo'\n",
        "capchand: 'Client' asks 'Server' for 'drop'\n",
        "capchand: 'Client' gets no channel to 'Server' for 'drop': the server refused\n",
        "capchand: 'Client' asks 'Server' for 'late'\n",
        "capchand: 'Client' gets no channel to 'Server' for 'late': no answer in time\n",
        "capchand: 'Client' asks 'Server' for '\\xc3\\xa4\\xc3\\xb6'\n",
        "capchand: 'Client' asks 'Nobody' for 'echo'\n",
        "capchand: 'Client' gets no channel to 'Nobody' for 'echo': no rule allows it\n",
    };
    const char *at = solution->text;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const char *found = strstr(at, lines[i]);
        ck_assert_msg(found != NULL, "no '%s' in its place in:\n%s", lines[i], solution->text);
        at = found + 1;
    }
    expect_times("capchand: 'Client' ", 11);
}
END_TEST

START_TEST(nobody_can_flood_the_log_or_keep_others_out_of_it)
{
    entity("Server", "take", "-", "serve", "take-all", "join");
    entity("Evil", "poll", "Server evil 2000", "mark", solution->marks[0], "exit", "0");
    entity("Client", "await", solution->marks[0], "ask", "Server echo -");
    rules("{client: '*', server: Server, service: echo}");
    run("Client");
    solution_expect(solution, "Evil   | poll 2000: 2000 were not answered\n");
    solution_expect(solution, "capchand: 'Client' has a channel to 'Server' for 'echo'\n");
    int n_lines = n_times("capchand: 'Evil' ");
    ck_assert_int_ge(n_lines, LOG_LINES_AT_ONCE_MAX);
    ck_assert_int_le(n_lines, LOG_LINES_AT_ONCE_MAX + ENOUGH_S * LOG_LINES_PER_SECOND_MAX);
    const char *rest = solution->text;
    long n_left_out = 0;
    int n_sums = 0;
    while ((rest = strstr(rest, "capchand: 'Evil': ")) != NULL) {
        rest += strlen("capchand: 'Evil': ");
        n_left_out += atol(rest);
        n_sums++;
    }
    ck_assert_int_ge(n_sums, 1);
    ck_assert_int_eq(n_left_out + n_lines, 4000); /* asked, and refused */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dynamic_rules");
    TCase *cases = tcase_create("dynamic_rules");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, who_is_allowed_connects_and_nobody_else);
    tcase_add_test(cases, who_is_refused_waits_as_long_as_for_what_is_not_there);
    tcase_add_test(cases, an_empty_list_allows_nothing);
    tcase_add_test(cases, published_services_are_seen_by_who_may_ask_for_them);
    tcase_add_loop_test(cases, without_rules_there_is_one_warning_if_anybody_makes_use_of_it, 0, 2);
    tcase_add_test(cases, a_rule_may_require_a_capability_of_the_process);
    tcase_add_test(cases, capabilities_in_a_namespace_of_ones_own_are_none);
    tcase_add_test(cases, the_log_has_a_line_for_whatever_happens);
    tcase_add_test(cases, nobody_can_flood_the_log_or_keep_others_out_of_it);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
