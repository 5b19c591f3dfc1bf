/* SPDX-License-Identifier: Apache-2.0 */
/* The short form of `make stress`: the programs that run for as many rounds as one wants. Runs
 * alone: both ends must have a CPU. */
#include <stdio.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

START_TEST(replies_belong_to_their_requests_and_no_wake_up_is_lost)
{
    fputs(shell_run("", "'%s/tests/stress/stress_handover' --rounds 200000 2>&1", build_folder()),
          stdout);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handover");
    TCase *cases = tcase_create("handover");

    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, replies_belong_to_their_requests_and_no_wake_up_is_lost);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
