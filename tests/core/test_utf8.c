/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char *const good[] = {"",
                                   "plain",
                                   "\xc2\x80",
                                   "\xdf\xbf",
                                   "\xe0\xa0\x80",
                                   "\xed\x9f\xbf",
                                   "\xee\x80\x80",
                                   "\xef\xbf\xbf",
                                   "\xf0\x90\x80\x80",
                                   "\xf4\x8f\xbf\xbf",
                                   "\xd0\xbf\xd1\x80\xd0\xb8"};

static const char *const bad[] = {"\x80",
                                  "\xc0\x80",
                                  "\xc1\xbf",
                                  "\xc2",
                                  "\xc2 ",
                                  "\xe0\x9f\xbf",
                                  "\xe0\xa0",
                                  "\xed\xa0\x80",
                                  "\xf0\x8f\xbf\xbf",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\xff",
                                  "a\xf0\x90\x80"};

START_TEST(well_formed_text_is_accepted)
{
    ck_assert(utf8_is_valid(good[_i], strlen(good[_i])));
}
END_TEST

START_TEST(anything_else_is_refused)
{
    ck_assert(!utf8_is_valid(bad[_i], strlen(bad[_i])));
}
END_TEST

START_TEST(it_does_not_matter_where_it_stands)
{
    const char *piece = bad[_i];
    char text[64];

    for (size_t at = 0; at < 24; at++) {
        memset(text, 'a', sizeof(text));
        memcpy(text + at, piece, strlen(piece));
        ck_assert(!utf8_is_valid(text, at + strlen(piece)));
    }
    for (size_t at = 0; at < 24; at++) {
        memset(text, 'a', sizeof(text));
        memcpy(text + at, "\xf4\x8f\xbf\xbf", 4);
        ck_assert(utf8_is_valid(text, sizeof(text)));
        ck_assert(!utf8_is_valid(text, at + 3));
    }
}
END_TEST

START_TEST(a_nul_is_a_character)
{
    ck_assert(utf8_is_valid("a\0b", 3));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("utf8");
    TCase *cases = tcase_create("utf8");

    tcase_add_loop_test(cases, well_formed_text_is_accepted, 0, sizeof(good) / sizeof(good[0]));
    tcase_add_loop_test(cases, anything_else_is_refused, 0, sizeof(bad) / sizeof(bad[0]));
    tcase_add_loop_test(cases, it_does_not_matter_where_it_stands, 0, sizeof(bad) / sizeof(bad[0]));
    tcase_add_test(cases, a_nul_is_a_character);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
