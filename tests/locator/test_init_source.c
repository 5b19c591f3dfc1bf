/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_source.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "locator/init_config.h"
#include "tests/support/check_main.h"

static struct init_source *source;
static struct init_error error;

static void set_up(void)
{
    source = NULL;
    error = (struct init_error){0};
}

static void tear_down(void)
{
    source = init_source_free(source);
    init_error_deinit(&error);
}

static void take(const char *text)
{
    ck_assert_int_eq(init_source_new("f", text, strlen(text), &source, &error), 0);
}

static void check_position(size_t offset, unsigned int line, unsigned int column)
{
    struct init_position position = init_source_position(source, offset);

    ck_assert_uint_eq(position.line, line);
    ck_assert_uint_eq(position.column, column);
}

START_TEST(every_line_end_begins_a_line)
{
    take("a\nb\r\nc\rd\n\ne");
    check_position(0, 1, 1);
    check_position(1, 1, 2);
    check_position(2, 2, 1);
    check_position(3, 2, 2);
    check_position(4, 2, 3);
    check_position(5, 3, 1);
    check_position(7, 4, 1);
    check_position(9, 5, 1);
    check_position(10, 6, 1);
    check_position(11, 6, 2);
}
END_TEST

START_TEST(an_empty_text_has_one_line)
{
    take("");
    check_position(0, 1, 1);
}
END_TEST

START_TEST(a_byte_order_mark_is_not_part_of_the_text)
{
    take("\xef\xbb\xbf"
         "ab");
    ck_assert_str_eq(source->text, "ab");
    ck_assert_uint_eq(source->size, 2);
}
END_TEST

START_TEST(only_one_byte_order_mark_is_removed)
{
    take("\xef\xbb\xbf\xef\xbb\xbf");
    ck_assert_uint_eq(source->size, 3);
}
END_TEST

START_TEST(an_error_carries_its_place_and_its_line)
{
    take("first\nsecond\r\nthird");
    ck_assert_int_eq(
        init_source_fail(source, (struct init_position){2, 3}, &error, "no %s", "good"),
        INIT_E_INVALID);
    ck_assert_str_eq(error.file, "f");
    ck_assert_str_eq(error.message, "no good");
    ck_assert_str_eq(error.source_line, "second");
    ck_assert_uint_eq(error.position.line, 2);
    ck_assert_uint_eq(error.position.column, 3);
}
END_TEST

START_TEST(a_nul_byte_is_refused_at_its_place)
{
    ck_assert_int_eq(init_source_new("f", "a\nb\0c", 5, &source, &error), INIT_E_INVALID);
    ck_assert_uint_eq(error.position.line, 2);
    ck_assert_uint_eq(error.position.column, 2);
    ck_assert_str_eq(error.source_line, "b?c");
}
END_TEST

START_TEST(the_first_bad_byte_counts)
{
    ck_assert_int_eq(init_source_new("f", "\xd0\xaf\xff\0", 4, &source, &error), INIT_E_INVALID);
    ck_assert_uint_eq(error.position.column, 3);
    ck_assert_str_eq(error.message, "byte 0xff is not UTF-8 here; save the file as UTF-8");
}
END_TEST

START_TEST(a_quoted_name_is_cut_between_characters)
{
    char name[300];

    ck_assert_str_eq(init_quote("").text, "''");
    ck_assert_str_eq(init_quote("name").text, "'name'");
    for (size_t i = 0; i < sizeof(name) - 1; i += 2) {
        memcpy(name + i, "я", 2);
    }
    name[sizeof(name) - 2] = '\0';
    struct init_quoted quoted = init_quote(name);
    size_t size = strlen(quoted.text);
    ck_assert_uint_lt(size, sizeof(quoted.text));
    ck_assert_str_eq(quoted.text + size - 4, "...'");
    ck_assert_uint_eq((size - strlen("'...'")) % 2, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_source");
    TCase *tc = tcase_create("text");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, every_line_end_begins_a_line);
    tcase_add_test(tc, an_empty_text_has_one_line);
    tcase_add_test(tc, a_byte_order_mark_is_not_part_of_the_text);
    tcase_add_test(tc, only_one_byte_order_mark_is_removed);
    tcase_add_test(tc, an_error_carries_its_place_and_its_line);
    tcase_add_test(tc, a_nul_byte_is_refused_at_its_place);
    tcase_add_test(tc, the_first_bad_byte_counts);
    tcase_add_test(tc, a_quoted_name_is_cut_between_characters);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
