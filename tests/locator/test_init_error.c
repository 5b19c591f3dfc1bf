/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_error.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "tests/support/check_main.h"

/* shown() - what init_error_print() writes about @position in file "f", owned by the caller */
static char *shown(struct init_position position, const char *message, const char *source_line)
{
    CLEANUP(init_error_deinit)
    struct init_error error = {
        .file = strdup("f"),
        .position = position,
        .message = strdup(message),
        .source_line = source_line != NULL ? strdup(source_line) : NULL,
    };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    init_error_print(&error, out);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

START_TEST(an_error_shows_its_line_and_a_caret)
{
    CLEANUP(free_p)
    char *text = shown((struct init_position){7, 5}, "unknown key 'conections'", "    conections:");

    ck_assert_str_eq(text, "f:7:5: error: unknown key 'conections'\n"
                           "    7 |     conections:\n"
                           "      |     ^\n");
}
END_TEST

START_TEST(the_margin_is_as_wide_as_the_line_number)
{
    CLEANUP(free_p) char *text = shown((struct init_position){1234, 1}, "m", "x");

    ck_assert_str_eq(text, "f:1234:1: error: m\n    1234 | x\n         | ^\n");
}
END_TEST

START_TEST(the_caret_stands_below_tabs_and_wide_characters)
{
    CLEANUP(free_p) char *text = shown((struct init_position){1, 6}, "m", "\tяя:x");

    ck_assert_str_eq(text, "f:1:6: error: m\n    1 | \tяя:x\n      | \t  ^\n");
}
END_TEST

START_TEST(the_caret_may_stand_behind_the_line)
{
    CLEANUP(free_p) char *text = shown((struct init_position){1, 3}, "m", "ab");

    ck_assert_str_eq(text, "f:1:3: error: m\n    1 | ab\n      |   ^\n");
}
END_TEST

START_TEST(an_error_without_a_line_shows_none)
{
    CLEANUP(free_p) char *text = shown((struct init_position){0, 0}, "cannot be read", NULL);

    ck_assert_str_eq(text, "f: error: cannot be read\n");
}
END_TEST

START_TEST(of_a_long_line_the_part_around_the_column_is_shown)
{
    char line[1001];

    memset(line, 'a', 1000);
    line[1000] = '\0';
    line[500] = 'X';
    CLEANUP(free_p) char *text = shown((struct init_position){1, 501}, "m", line);
    const char *source = strstr(text, " | ") + 3;
    const char *caret = strstr(source, " | ") + 3;
    ck_assert_uint_lt(strcspn(source, "\n"), 200);
    ck_assert_uint_eq((size_t)(strchr(source, 'X') - source), (size_t)(strchr(caret, '^') - caret));
}
END_TEST

START_TEST(an_error_that_is_not_set_can_be_released)
{
    struct init_error error = {0};

    init_error_deinit(&error);
    init_error_deinit(&error);
    ck_assert_ptr_null(error.message);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_error");
    TCase *tc = tcase_create("print");

    tcase_add_test(tc, an_error_shows_its_line_and_a_caret);
    tcase_add_test(tc, the_margin_is_as_wide_as_the_line_number);
    tcase_add_test(tc, the_caret_stands_below_tabs_and_wide_characters);
    tcase_add_test(tc, the_caret_may_stand_behind_the_line);
    tcase_add_test(tc, an_error_without_a_line_shows_none);
    tcase_add_test(tc, of_a_long_line_the_part_around_the_column_is_shown);
    tcase_add_test(tc, an_error_that_is_not_set_can_be_released);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
