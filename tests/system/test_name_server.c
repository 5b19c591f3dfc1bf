/* SPDX-License-Identifier: Apache-2.0 */
/* A name server of one's own, tests/programs/names/name_server.c, and those who ask it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

#define NAME_SERVER "kl.core.NameServer"
#define CHANNEL "ns:" NAME_SERVER

static char marks[4][128];

static void setup(void)
{
    solution_setup();
    for (size_t i = 0; i < 4; i++) {
        snprintf(marks[i], sizeof(marks[i]), "%s/mark%zu", solution->folder, i);
    }
}

#define name_server(...)                                                                           \
    solution_program(solution, NAME_SERVER, "names/name_server", "ns", "", __VA_ARGS__, NULL)

/* client() - one of tests/programs/dynamic.c */
#define client(task, connections, ...)                                                             \
    solution_program(solution, "actor.Client", "dynamic", task, connections, __VA_ARGS__, NULL)

/* squatter() - one of tests/programs/squatter.c: it says what it likes */
#define squatter(task, ...)                                                                        \
    solution_program(solution, "actor.Client", "squatter", task, CHANNEL, __VA_ARGS__, NULL)

#define expect(line) solution_expect(solution, line "\n")

START_TEST(those_connected_to_it_publish_and_look_there)
{
    name_server("serve", "sleep");
    client("A", CHANNEL, "create", "-", "publish", "p.I A one", "publish", "p.I A one", "unpublish",
           "p.I A two", "publish", "p.I A two", "mark", marks[0], "await", marks[1], "unpublish",
           "p.I A one", "enumerate", "p.I");
    client("B", CHANNEL, "await", marks[0], "enumerate", "p.I", "enumerate", "p.J", "mark",
           marks[1], "sleep");
    solution_run("A");
    expect("A  | create -: rcOk (0)");
    expect("A  | publish p.I A one: rcOk (0)");
    expect("A  | publish p.I A one: rcAlreadyExists (-24)");
    expect("A  | unpublish p.I A two: rcResourceNotFound (-18)");
    expect("B  | enumerate p.I: A/one A/two rcResourceNotFound (-18)");
    expect("B  | enumerate p.J: rcResourceNotFound (-18)");
    expect("A  | unpublish p.I A one: rcOk (0)");
    expect("A  | enumerate p.I: A/two rcResourceNotFound (-18)");
    expect("ns | publish p.I A two");
}
END_TEST

START_TEST(those_not_connected_to_it_go_on_asking_the_broker)
{
    name_server("serve", "sleep");
    client("A", CHANNEL, "publish", "p.I A one", "mark", marks[0], "await", marks[1], "enumerate",
           "p.I");
    client("B", "", "await", marks[0], "create", "0", "enumerate", "p.I", "publish", "p.I B two",
           "enumerate", "p.I", "mark", marks[1], "sleep");
    solution_run("A");
    expect("B  | create 0: rcOk (0)");
    expect("B  | enumerate p.I: rcResourceNotFound (-18)");
    expect("B  | enumerate p.I: B/two rcResourceNotFound (-18)");
    expect("A  | enumerate p.I: A/one rcResourceNotFound (-18)");
}
END_TEST

START_TEST(nobody_publishes_under_another_ones_name)
{
    name_server("serve", "sleep");
    client("A", CHANNEL, "publish", "p.I B one", "unpublish", "p.I ns one", "publish", "p.I  one",
           "enumerate", "p.I");
    client("B", "", "sleep");
    solution_run("A");
    expect("A  | publish p.I B one: rcSecurityDisallow (-20)");
    expect("A  | unpublish p.I ns one: rcSecurityDisallow (-20)");
    expect("A  | publish p.I  one: rcSecurityDisallow (-20)");
    expect("A  | enumerate p.I: rcResourceNotFound (-18)");
    ck_assert_ptr_null(strstr(solution->text, "ns | "));
}
END_TEST

START_TEST(who_says_by_hand_that_it_is_another_one_is_refused_by_the_server)
{
    name_server("serve", "sleep");
    client("A", CHANNEL, "publish", "p.I A one", "mark", marks[0], "await", marks[1], "enumerate",
           "p.I");
    squatter("Evil", "await", marks[0], "reach", NAME_SERVER, "publish", "p.I A two", "publish",
             "p.I ns two", "publish", "p.I  two", "unpublish", "p.I A one", "publish", "p.I Evil x",
             "publish", "p.I Evil y", "unpublish", "p.I Evil x", "mark", marks[1], "sleep");
    solution_run("A");
    expect("Evil | publish p.I A two: rcSecurityDisallow (-20)");
    expect("Evil | publish p.I ns two: rcSecurityDisallow (-20)");
    expect("Evil | publish p.I  two: rcSecurityDisallow (-20)");
    expect("Evil | unpublish p.I A one: rcSecurityDisallow (-20)");
    expect("Evil | publish p.I Evil y: rcOk (0)");
    expect("Evil | unpublish p.I Evil x: rcOk (0)");
    expect("ns   | publish p.I A two"); /* it was asked */
    expect("A    | enumerate p.I: A/one Evil/y rcResourceNotFound (-18)");
}
END_TEST

START_TEST(nobody_gets_the_name_of_who_has_ended)
{
    name_server("serve", "sleep");
    client("A", CHANNEL, "publish", "p.I A one", "mark", marks[0], "await", marks[1], "die");
    squatter("Evil", "await", marks[0], "reach", NAME_SERVER, "publish", "p.I A two", "await",
             marks[2], "publish", "p.I A two", "unpublish", "p.I A one", "mark", marks[3], "sleep");
    client("B", CHANNEL, "await", marks[3], "enumerate", "p.I");
    solution_start(solution, "--exit-with", "B", NULL);
    expect("Evil | publish p.I A two: rcSecurityDisallow (-20)");
    solution_mark(marks[1]);
    solution_expect(solution, "was killed by signal 9");
    solution_mark(marks[2]);
    ck_assert_int_eq(solution_wait(solution), 0);
    const char *later = strstr(solution->text, "was killed by signal 9");
    ck_assert_ptr_nonnull(strstr(later, "Evil | publish p.I A two: rcSecurityDisallow (-20)\n"));
    expect("Evil | unpublish p.I A one: rcSecurityDisallow (-20)");
    expect("B    | enumerate p.I: A/one rcResourceNotFound (-18)");
}
END_TEST

START_TEST(what_it_refuses_is_refused_whatever_it_says)
{
    name_server("serve", "refuse", "-27", "mark", marks[0], "await", marks[1], "refuse", "0",
                "mark", marks[2], "sleep");
    client("A", CHANNEL, "await", marks[0], "publish", "p.I A one", "enumerate", "p.I", "mark",
           marks[1], "await", marks[2], "publish", "p.I A one", "enumerate", "p.I");
    solution_run("A");
    expect("A  | publish p.I A one: rcQuotaExceeded (-27)");
    expect("A  | enumerate p.I: rcQuotaExceeded (-27)");
    expect("A  | publish p.I A one: rcFail (-12)");
    expect("A  | enumerate p.I: rcFail (-12)");
}
END_TEST

START_TEST(waiting_for_it_ends_in_time_and_when_it_answers)
{
    name_server("await", marks[0], "serve", "sleep");
    client("A", CHANNEL, "create", "0", "create", "50", "mark", marks[0], "create", "-", "create",
           "0", "publish", "p.I A one", "enumerate", "p.I");
    solution_run("A");
    expect("A  | create 0: rcTimeout (-19)");
    expect("A  | create 50: rcTimeout (-19)");
    expect("A  | create -: rcOk (0)");
    expect("A  | create 0: rcOk (0)");
    expect("A  | publish p.I A one: rcOk (0)");
    expect("A  | enumerate p.I: A/one rcResourceNotFound (-18)");
}
END_TEST

START_TEST(when_it_has_ended_nobody_else_takes_its_place)
{
    name_server("serve", "await", marks[0], "exit", "3");
    client("A", CHANNEL, "publish", "p.I A one", "mark", marks[0], "await", marks[1], "again",
           "p.I A two", "enumerate", "p.I", "create", "-", "mark", marks[3]);
    client("B", CHANNEL, "await", marks[1], "create", "-", "publish", "p.I B one", "mark", marks[2],
           "sleep");
    client("C", CHANNEL, "await", marks[2], "await", marks[3], "exit", "0");
    solution_start(solution, "--exit-with", "C", NULL);
    expect("A  | publish p.I A one: rcOk (0)");
    solution_expect(solution, "exited with status 3");
    solution_mark(marks[1]);
    expect("A  | again p.I A two: rcNotConnected (-2)");
    expect("A  | enumerate p.I: rcNotConnected (-2)");
    expect("A  | create -: rcNotConnected (-2)");
    expect("B  | create -: rcNotConnected (-2)");
    expect("B  | publish p.I B one: rcNotConnected (-2)");
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(a_server_that_ends_while_it_is_waited_for_is_not_waited_for_any_more)
{
    name_server("await", marks[0], "exit", "0");
    client("A", CHANNEL, "create", "0", "mark", marks[0], "create", "-", "create", "-", "publish",
           "p.I A one");
    solution_run("A");
    expect("A  | create 0: rcTimeout (-19)");
    expect("A  | create -: rcNotConnected (-2)");
    expect("A  | publish p.I A one: rcNotConnected (-2)");
}
END_TEST

START_TEST(a_server_that_serves_something_else_is_no_name_server)
{
    solution_entity(solution, "ns", "", "register", NAME_SERVER, "serve", "sleep", NULL);
    client("A", CHANNEL, "create", "-", "create", "1000");
    solution_run("A");
    expect("A  | create -: rcResourceNotFound (-18)");
    expect("A  | create 1000: rcResourceNotFound (-18)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("name_server");
    TCase *cases = tcase_create("name_server");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, solution_teardown);
    tcase_add_test(cases, those_connected_to_it_publish_and_look_there);
    tcase_add_test(cases, those_not_connected_to_it_go_on_asking_the_broker);
    tcase_add_test(cases, nobody_publishes_under_another_ones_name);
    tcase_add_test(cases, who_says_by_hand_that_it_is_another_one_is_refused_by_the_server);
    tcase_add_test(cases, nobody_gets_the_name_of_who_has_ended);
    tcase_add_test(cases, what_it_refuses_is_refused_whatever_it_says);
    tcase_add_test(cases, waiting_for_it_ends_in_time_and_when_it_answers);
    tcase_add_test(cases, when_it_has_ended_nobody_else_takes_its_place);
    tcase_add_test(cases, a_server_that_ends_while_it_is_waited_for_is_not_waited_for_any_more);
    tcase_add_test(cases, a_server_that_serves_something_else_is_no_name_server);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
