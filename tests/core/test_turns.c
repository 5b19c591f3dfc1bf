/* SPDX-License-Identifier: Apache-2.0 */
/* How long each of the clients that share a CPU may go on. */
#include "core/turns.h"

#include "tests/support/check_main.h"

#define FIRST 256u
#define LAST 32768u
#define LEAST 16u

static struct turns turns;
static const char one, other;

/* length() - how many calls the next turn of @who takes */
static unsigned length(const void *who, uint32_t cpu)
{
    unsigned n = 1;

    while (!turns_take(&turns, who, cpu, 2)) {
        ck_assert_uint_le(++n, LAST);
    }
    return n;
}

/* length_beside() - of the first turn that @who has while @n_callers call */
static unsigned length_beside(size_t n_callers)
{
    unsigned n = 1;

    turns = (struct turns){0};
    while (!turns_take(&turns, &one, 0, n_callers)) {
        n++;
    }
    return n;
}

static void setup(void)
{
    turns = (struct turns){0};
}

START_TEST(a_turn_ends_after_so_many_calls_and_not_before)
{
    for (unsigned i = 1; i < FIRST; i++) {
        ck_assert(!turns_take(&turns, &one, 0, 2));
    }
    ck_assert(turns_take(&turns, &one, 0, 2));
    ck_assert(!turns_take(&turns, &one, 0, 2));
}
END_TEST

START_TEST(turns_of_who_is_alone_grow_up_to_a_limit)
{
    for (unsigned expected = FIRST; expected < LAST; expected *= 2) {
        ck_assert_uint_eq(length(&one, 0), expected);
    }
    ck_assert_uint_eq(length(&one, 0), LAST);
    ck_assert_uint_eq(length(&one, 0), LAST);
}
END_TEST

START_TEST(a_turn_is_short_again_as_soon_as_another_one_calls)
{
    while (length(&one, 0) < LAST) {
    }
    ck_assert(!turns_take(&turns, &other, 0, 2));
    ck_assert_uint_eq(length(&one, 0), FIRST);
    ck_assert_uint_eq(length(&other, 0), FIRST);
    ck_assert_uint_eq(length(&one, 0), FIRST);
}
END_TEST

START_TEST(where_many_call_turns_are_short_so_that_none_waits_too_long)
{
    ck_assert_uint_eq(length_beside(31), FIRST);
    ck_assert_uint_eq(length_beside(32), FIRST / 2);
    ck_assert_uint_eq(length_beside(479), LEAST + 1);
    ck_assert_uint_eq(length_beside(480), LEAST);
    ck_assert_uint_eq(length_beside(4096), LEAST);
}
END_TEST

START_TEST(who_is_on_another_cpu_is_not_in_the_way)
{
    for (unsigned i = 1; i < FIRST; i++) {
        ck_assert(!turns_take(&turns, &one, 0, 2));
        ck_assert(!turns_take(&turns, &other, TURNS_CPUS - 1, 2));
    }
    ck_assert(turns_take(&turns, &one, 0, 2));
    ck_assert(turns_take(&turns, &other, TURNS_CPUS - 1, 2));
}
END_TEST

START_TEST(two_cpus_may_share_an_entry_and_there_may_be_any)
{
    ck_assert(!turns_take(&turns, &other, UINT32_MAX, 2));
    ck_assert_uint_eq(length(&one, TURNS_CPUS), FIRST);
    ck_assert_uint_eq(length(&one, 0), 2 * FIRST);
}
END_TEST

START_TEST(who_lies_about_its_cpu_makes_nobody_sleep_more_often_than_once_in_a_short_turn)
{
    unsigned n_sleeps = 0;

    for (unsigned i = 0; i < 64 * FIRST; i++) {
        n_sleeps += turns_take(&turns, &one, 0, 2);
        if (i % FIRST == FIRST - 1) {
            (void)turns_take(&turns, &other, 0, 2); /* at the worst moment */
        }
    }
    ck_assert_uint_le(n_sleeps, 64);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("turns");
    TCase *cases = tcase_create("turns");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, a_turn_ends_after_so_many_calls_and_not_before);
    tcase_add_test(cases, turns_of_who_is_alone_grow_up_to_a_limit);
    tcase_add_test(cases, a_turn_is_short_again_as_soon_as_another_one_calls);
    tcase_add_test(cases, where_many_call_turns_are_short_so_that_none_waits_too_long);
    tcase_add_test(cases, who_is_on_another_cpu_is_not_in_the_way);
    tcase_add_test(cases, two_cpus_may_share_an_entry_and_there_may_be_any);
    tcase_add_test(cases,
                   who_lies_about_its_cpu_makes_nobody_sleep_more_often_than_once_in_a_short_turn);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
