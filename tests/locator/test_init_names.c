/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_names.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

START_TEST(a_name_is_found_with_its_index)
{
    struct init_name names[] = {{"pear", 0}, {"apple", 1}, {"plum", 2}};

    init_names_sort(names, 3);
    ck_assert_uint_eq(init_names_find(names, 3, "pear")->index, 0);
    ck_assert_uint_eq(init_names_find(names, 3, "apple")->index, 1);
    ck_assert_ptr_null(init_names_find(names, 3, "plums"));
    ck_assert_ptr_null(init_names_find(NULL, 0, "pear"));
}
END_TEST

START_TEST(the_first_repetition_is_the_one_with_the_smallest_index)
{
    struct init_name names[] = {{"z", 0}, {"a", 1}, {"b", 2}, {"z", 3}, {"a", 4}, {"z", 5}};

    init_names_sort(names, 6);
    const struct init_name *repeated = init_names_repeated(names, 6);
    ck_assert_ptr_nonnull(repeated);
    ck_assert_uint_eq(repeated->index, 3);
    ck_assert_uint_eq(repeated[-1].index, 0);
}
END_TEST

START_TEST(names_that_differ_are_no_repetition)
{
    struct init_name names[] = {{"a", 0}, {"A", 1}, {"", 2}, {"aa", 3}};

    init_names_sort(names, 4);
    ck_assert_ptr_null(init_names_repeated(names, 4));
    ck_assert_ptr_null(init_names_repeated(NULL, 0));
}
END_TEST

/* nearest_of() - the one of "connections", "args" and "env" that is taken for @wanted; "" if none
 * is */
static const char *nearest_of(const char *wanted)
{
    static struct init_nearest nearest;

    init_nearest_init(&nearest, wanted);
    init_nearest_offer(&nearest, "connections");
    init_nearest_offer(&nearest, "args");
    init_nearest_offer(&nearest, "env");
    return nearest.name;
}

START_TEST(a_slip_of_the_pen_is_recognised)
{
    ck_assert_str_eq(nearest_of("conections"), "connections");
    ck_assert_str_eq(nearest_of("connectoins"), "connections");
    ck_assert_str_eq(nearest_of("connection"), "connections");
    ck_assert_str_eq(nearest_of("ARGS"), "args");
    ck_assert_str_eq(nearest_of("arg"), "args");
    ck_assert_str_eq(nearest_of("envs"), "env");
}
END_TEST

START_TEST(a_name_unlike_all_others_has_none_that_is_near)
{
    char endless[200];

    memset(endless, 'a', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    ck_assert_str_eq(nearest_of("priority"), "");
    ck_assert_str_eq(nearest_of("x"), "");
    ck_assert_str_eq(nearest_of(""), "");
    ck_assert_str_eq(nearest_of(endless), "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_names");
    TCase *tc = tcase_create("names");

    tcase_add_test(tc, a_name_is_found_with_its_index);
    tcase_add_test(tc, the_first_repetition_is_the_one_with_the_smallest_index);
    tcase_add_test(tc, names_that_differ_are_no_repetition);
    tcase_add_test(tc, a_slip_of_the_pen_is_recognised);
    tcase_add_test(tc, a_name_unlike_all_others_has_none_that_is_near);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
