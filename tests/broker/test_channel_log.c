/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/channel_log.h"

#include <string.h>

#include "tests/support/check_main.h"

START_TEST(a_name_cannot_do_anything_to_a_terminal)
{
    ck_assert_str_eq(log_name("net.Client-1 x").text, "'net.Client-1 x'");
    ck_assert_str_eq(log_name("").text, "''");
    ck_assert_str_eq(log_name("a\nb\x1b[2J\x7f").text, "'a\\x0ab\\x1b[2J\\x7f'");
    ck_assert_str_eq(log_name("\xc2\x9b"
                              "31m")
                         .text,
                     "'\\xc2\\x9b31m'");
    ck_assert_str_eq(log_name("it's \\").text, "'it\\x27s \\x5c'");
}
END_TEST

START_TEST(a_long_name_is_shown_in_part_and_says_so)
{
    char name[1024];

    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    struct log_name shown = log_name(name);
    ck_assert_uint_lt(strlen(shown.text), sizeof(shown.text));
    ck_assert_str_eq(shown.text + strlen(shown.text) - 5, "x...'");
    memset(name, '\n', sizeof(name) - 1);
    shown = log_name(name);
    ck_assert_str_eq(shown.text + strlen(shown.text) - 8, "\\x0a...'");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("broker/channel_log");
    TCase *cases = tcase_create("channel_log");

    tcase_add_test(cases, a_name_cannot_do_anything_to_a_terminal);
    tcase_add_test(cases, a_long_name_is_shown_in_part_and_says_so);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
