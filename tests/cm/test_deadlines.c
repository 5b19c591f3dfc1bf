/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/deadlines.h"

#include <stdlib.h>

#include "tests/support/check_main.h"

#define N 500

static struct deadlines deadlines;
static struct deadline some[N];

static void setup(void)
{
    srand(1);
    for (size_t i = 0; i < N; i++) {
        some[i].at_ns = rand() % 100;
        ck_assert_int_eq(deadlines_add(&deadlines, &some[i]), 0);
    }
}

static void teardown(void)
{
    deadlines_deinit(&deadlines);
}

START_TEST(the_earliest_comes_first)
{
    int64_t last_ns = 0;

    for (size_t i = 0; i < N; i++) {
        struct deadline *first = deadlines_first(&deadlines);
        ck_assert_int_ge(first->at_ns, last_ns);
        last_ns = first->at_ns;
        deadlines_remove(&deadlines, first);
    }
    ck_assert_ptr_null(deadlines_first(&deadlines));
}
END_TEST

START_TEST(any_can_be_removed)
{
    int64_t last_ns = 0;

    for (size_t i = 0; i < N; i += 2) {
        deadlines_remove(&deadlines, &some[i]);
        some[i].at_ns = -1;
    }
    for (size_t i = 1; i < N; i += 2) {
        struct deadline *first = deadlines_first(&deadlines);
        ck_assert_int_ge(first->at_ns, last_ns);
        last_ns = first->at_ns;
        deadlines_remove(&deadlines, first);
    }
    ck_assert_ptr_null(deadlines_first(&deadlines));
}
END_TEST

START_TEST(of_none_there_is_no_first)
{
    struct deadlines none = {0};

    ck_assert_ptr_null(deadlines_first(&none));
    deadlines_deinit(&none);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("deadlines");
    TCase *cases = tcase_create("deadlines");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, the_earliest_comes_first);
    tcase_add_test(cases, any_can_be_removed);
    tcase_add_test(cases, of_none_there_is_no_first);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
