/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that are broken off or given up just when the server takes or answers them, for a while;
 * `make races` has the long form, under ThreadSanitizer. Runs alone: threads must meet. */
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

START_TEST(what_was_taken_back_is_never_served_and_no_late_reply_gets_anywhere)
{
    const char *text =
        shell_run("", "'%s/tests/stress/stress_withdrawals' --rounds 1000 2>&1", build_folder());

    fputs(text, stdout);
    ck_assert_ptr_nonnull(strstr(text, "\nanswered "));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("withdrawals");
    TCase *cases = tcase_create("withdrawals");

    tcase_set_timeout(cases, 240);
    tcase_add_test(cases, what_was_taken_back_is_never_served_and_no_late_reply_gets_anywhere);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
