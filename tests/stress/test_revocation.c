/* SPDX-License-Identifier: Apache-2.0 */
/* Lamps that two processes hand to each other and call from eight threads, while a third one takes
 * them back; `make stress` has the long form. Runs alone: threads
 * must meet in the middle of things. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

#define LAMPS "300"
#define RUNS_LONG 40

static void run(void)
{
    struct solution *solution = solution_new();

    solution_program(solution, "ferry.Relay", "relay", "Owner", "", "owner", LAMPS, NULL);
    solution_program(solution, "ferry.Relay", "relay", "Second", "Owner:owner", "second", NULL);
    solution_program(solution, "ferry.Relay", "relay", "First", "Owner:owner Second:second",
                     "first", NULL);
    solution_start(solution, NULL);
    int status = solution_wait(solution);
    fputs(solution->text, stdout);
    ck_assert_int_eq(status, 0);
    ck_assert_ptr_nonnull(strstr(solution->text, "Owner  | 0 calls came too late\n"));
    ck_assert_ptr_nonnull(strstr(solution->text, "First  | "));
    ck_assert_ptr_nonnull(strstr(solution->text, "Second | "));
    ck_assert_ptr_null(strstr(solution->text, "Sanitizer"));
    solution_free(solution);
}

START_TEST(no_call_that_begins_after_a_revocation_comes_through)
{
    const int n_runs = getenv("CAPCHAN_LONG") != NULL ? RUNS_LONG : 1;

    for (int i = 0; i < n_runs; i++) {
        run();
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("revocation");
    TCase *cases = tcase_create("revocation");

    tcase_set_timeout(cases, 600);
    tcase_add_test(cases, no_call_that_begins_after_a_revocation_comes_through);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
