/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programs written for KasperskyOS rely on beyond the letter of its API, with a client and a
 * server (tests/programs/contract_*.c) that do as such programs do. Proven elsewhere: replies
 * without dispatch and dispatch before the first request (serve-misuse in test_static_channels.c),
 * several threads on one entity (threads there), handlers' results (there), alignment of chunks
 * (tests/core/test_arena.c, test_codec.c).
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

static struct solution *solution;

static void setup(void)
{
    char folder[PATH_MAX];
    char programs[PATH_MAX + 32];

    ck_assert_ptr_nonnull(realpath(build_folder(), folder));
    snprintf(programs, sizeof(programs), "%s/tests/programs", folder);
    solution = solution_new();
    solution_yaml(solution, "  - name: contract.Client\n"
                            "    path: contract_client\n"
                            "    connections: [{target: contract.Server, id: box_connection}]\n"
                            "  - name: contract.Server\n"
                            "    path: contract_server\n");
    solution_start(solution, "--bin", programs, "--exit-with", "contract.Client", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "done\n");
}

static void teardown(void)
{
    solution_free(solution);
}

START_TEST(chunks_inside_bytes_and_behind_them_arrive_where_they_were)
{
    solution_expect(solution, "nested: error 0, length 6\n");
}
END_TEST

START_TEST(a_response_that_is_garbage_or_stale_says_what_the_handler_says)
{
    solution_expect(solution, "stale 0: error 0, status 0, value 110011\n"
                              "contract.Client | stale 17: error 0, status 17, value 0\n"
                              "contract.Client | stale 0: error 0, status 0, value 110011\n");
}
END_TEST

START_TEST(replies_are_what_the_union_holds_when_they_are_sent)
{
    solution_expect(solution, "edited by its own proxy: error 0, result 5005\n");
}
END_TEST

START_TEST(a_proxy_of_a_like_interface_will_do)
{
    solution_expect(solution, "edited by another one: error 0, result 5005\n");
}
END_TEST

START_TEST(memory_from_an_arena_ends_strings_that_programs_do_not)
{
    solution_expect(solution, "name: error 0, length 12\n");
}
END_TEST

START_TEST(arenas_are_touched_only_where_something_is_delivered)
{
    solution_expect(solution, "back 0 into a dead arena: error 0, 0 bytes\n");
    solution_expect(solution, "back 0 into an arena of zeros: error 0, 0 bytes\n");
    solution_expect(solution, "back 5 into an arena of zeros: error 4, 0 bytes\n");
    solution_expect(solution, "back 64 into an arena with a bogus end: error 0, 64 bytes\n");
    solution_expect(solution, "back 0 into an arena with a bogus end: error 0, 0 bytes\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("contract");
    TCase *cases = tcase_create("contract");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, chunks_inside_bytes_and_behind_them_arrive_where_they_were);
    tcase_add_test(cases, a_response_that_is_garbage_or_stale_says_what_the_handler_says);
    tcase_add_test(cases, replies_are_what_the_union_holds_when_they_are_sent);
    tcase_add_test(cases, a_proxy_of_a_like_interface_will_do);
    tcase_add_test(cases, memory_from_an_arena_ends_strings_that_programs_do_not);
    tcase_add_test(cases, arenas_are_touched_only_where_something_is_delivered);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
