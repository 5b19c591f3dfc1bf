/* SPDX-License-Identifier: Apache-2.0 */
/* Memory objects, through the real broker: each test is one of tests/programs/memory.c. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"
#include "tests/support/shell.h"

#define PATIENCE_MS 20000

/* start() - what an entity tries, alone */
static void start(const char *trial)
{
    solution_program(solution, "actor.Server", "memory", "Holder", "", trial, NULL);
    solution_start(solution, "--exit-with", "Holder", NULL);
}

static void try(const char *trial)
{
    start(trial);
    solution_expect_success(trial);
}

START_TEST(what_is_written_is_read_by_others_who_cannot_write)
{
    try("sharing");
}
END_TEST

START_TEST(memory_can_be_filled_once_and_for_all)
{
    try("filling");
}
END_TEST

START_TEST(every_size_up_to_the_largest_can_be_had_and_mapped_and_no_byte_more)
{
    try("sizes");
}
END_TEST

START_TEST(every_argument_that_is_wrong_has_its_code)
{
    try("arguments");
}
END_TEST

START_TEST(a_mapping_ends_with_its_handle_or_with_its_pages)
{
    try("unmapping");
}
END_TEST

START_TEST(what_was_taken_back_is_not_mapped_again)
{
    try("revoking");
}
END_TEST

START_TEST(a_mapping_counts_in_a_row_of_copies_of_copies)
{
    try("depth");
}
END_TEST

START_TEST(the_last_memory_can_be_had_and_not_one_more)
{
    try("quota");
}
END_TEST

START_TEST(memory_that_there_is_no_room_for_is_an_error_and_not_charged)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return; /* its shadow alone takes more addresses than this leaves */
#endif
    try("lack");
}
END_TEST

START_TEST(a_forked_child_has_mappings_and_no_handles)
{
    try("forking");
}
END_TEST

START_TEST(a_program_that_valgrind_runs_can_map_what_it_made)
{
    if (strstr(build_folder(), "sanitize") != NULL) {
        return; /* valgrind cannot run those */
    }
    solution_program(solution, "actor.Server", "memory", "Holder", "", "plain", NULL);
    solution_start(solution, "--exit-with", "Holder", "--valgrind", "Holder", NULL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

START_TEST(without_a_broker_there_is_no_memory_to_share)
{
    (void)shell_run("exec 2>&1\n", "%s/tests/programs/memory alone", build_folder());
}
END_TEST

START_TEST(what_is_mapped_outlives_the_broker)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/survived", solution->folder);
    start("surviving");
    solution_expect(solution, "Holder | mapped\n");
    pid_t broker = process_child_of(solution->pid);
    pid_t holder = process_child_of(broker);
    kill(solution->pid, SIGSTOP); /* so that it does not end the entity, too */
    kill(broker, SIGKILL);
    kill(holder, SIGUSR1);
    for (int i = 0; i < PATIENCE_MS && access(path, F_OK) < 0; i++) {
        usleep(1000);
    }
    kill(solution->pid, SIGCONT);
    ck_assert_msg(access(path, F_OK) == 0, "%s", solution->text);
    ck_assert_int_eq(solution_wait(solution), 128 + SIGKILL);
}
END_TEST

START_TEST(nothing_is_left_of_memory_that_was_closed)
{
    solution_program(solution, "actor.Server", "memory", "Holder", "", "churning", NULL);
    solution_expect_nothing_left("Holder", 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *cases = tcase_create("memory");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_add_test(cases, what_is_written_is_read_by_others_who_cannot_write);
    tcase_add_test(cases, memory_can_be_filled_once_and_for_all);
    tcase_add_test(cases, every_size_up_to_the_largest_can_be_had_and_mapped_and_no_byte_more);
    tcase_add_test(cases, every_argument_that_is_wrong_has_its_code);
    tcase_add_test(cases, a_mapping_ends_with_its_handle_or_with_its_pages);
    tcase_add_test(cases, what_was_taken_back_is_not_mapped_again);
    tcase_add_test(cases, a_mapping_counts_in_a_row_of_copies_of_copies);
    tcase_add_test(cases, the_last_memory_can_be_had_and_not_one_more);
    tcase_add_test(cases, memory_that_there_is_no_room_for_is_an_error_and_not_charged);
    tcase_add_test(cases, a_forked_child_has_mappings_and_no_handles);
    tcase_add_test(cases, a_program_that_valgrind_runs_can_map_what_it_made);
    tcase_add_test(cases, without_a_broker_there_is_no_memory_to_share);
    tcase_add_test(cases, what_is_mapped_outlives_the_broker);
    tcase_add_test(cases, nothing_is_left_of_memory_that_was_closed);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
