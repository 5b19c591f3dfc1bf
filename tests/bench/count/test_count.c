/* SPDX-License-Identifier: Apache-2.0 */
/* A call takes no more instructions than its budget allows, on either side. */
#include "tests/support/check_main.h"
#include "tests/support/shell.h"

START_TEST(no_call_takes_more_instructions_than_its_budget)
{
    (void)shell_run("exec 2>&1\n", "tests/bench/count/count.sh check");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("count");
    TCase *cases = tcase_create("count");

    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, no_call_takes_more_instructions_than_its_budget);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
