/* SPDX-License-Identifier: Apache-2.0 */
/* Two things that happen to a request at once, for a while; `make races` has the long form,
 * and threads under ThreadSanitizer. Runs alone: both must have a CPU. */
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

START_TEST(whatever_two_things_happen_at_once_every_wait_ends_and_nothing_is_left)
{
    const char *text =
        shell_run("", "'%s/tests/stress/stress_races' --rounds 100 2>&1", build_folder());

    fputs(text, stdout);
    ck_assert_ptr_nonnull(strstr(text, "\n33 races\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("races");
    TCase *cases = tcase_create("races");

    tcase_set_timeout(cases, 240);
    tcase_add_test(cases, whatever_two_things_happen_at_once_every_wait_ends_and_nothing_is_left);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
