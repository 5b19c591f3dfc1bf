/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/rate.h"

#include "tests/support/check_main.h"

#define SECOND_NS INT64_C(1000000000)
#define AT_ONCE 100
#define PER_SECOND 20
#define START_NS (12345 * SECOND_NS)

static const struct rate_limit limit = {.at_once = AT_ONCE, .per_second = PER_SECOND};

/* take() - as many as there may be at @now_ns, of @n */
static unsigned take(struct rate *rate, unsigned n, int64_t now_ns)
{
    unsigned n_taken = 0;

    for (unsigned i = 0; i < n; i++) {
        n_taken += rate_take(rate, &limit, now_ns);
    }
    return n_taken;
}

START_TEST(so_many_at_once_and_not_one_more)
{
    struct rate rate = {0};

    ck_assert_uint_eq(take(&rate, AT_ONCE, START_NS), AT_ONCE);
    ck_assert(rate_is_used_up(&rate, &limit));
    ck_assert(!rate_take(&rate, &limit, START_NS));
    ck_assert_uint_eq(rate_take_refused(&rate), 1);
    ck_assert_uint_eq(rate_take_refused(&rate), 0);
}
END_TEST

START_TEST(so_many_per_second_after_that)
{
    struct rate rate = {0};

    take(&rate, AT_ONCE, START_NS);
    ck_assert_uint_eq(take(&rate, AT_ONCE, START_NS + SECOND_NS), PER_SECOND);
    ck_assert_uint_eq(take(&rate, AT_ONCE, START_NS + SECOND_NS), 0);
    int64_t next_ns = rate_next_ns(&rate, &limit);
    ck_assert(!rate_take(&rate, &limit, next_ns - 1));
    ck_assert(rate_take(&rate, &limit, next_ns));
    ck_assert_uint_eq(take(&rate, AT_ONCE, START_NS + 3 * SECOND_NS), 2 * PER_SECOND - 1);
    ck_assert_uint_eq(take(&rate, 1000, START_NS + 1000 * SECOND_NS), AT_ONCE);
}
END_TEST

START_TEST(asking_often_does_not_lose_what_is_on_its_way)
{
    struct rate rate = {0};
    unsigned n_taken = 0;

    take(&rate, AT_ONCE, START_NS);
    for (int64_t at_ns = START_NS; at_ns < START_NS + 10 * SECOND_NS; at_ns += 1234567) {
        n_taken += rate_take(&rate, &limit, at_ns);
    }
    ck_assert_uint_ge(n_taken, 10 * PER_SECOND - 1);
    ck_assert_uint_le(n_taken, 10 * PER_SECOND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("broker/rate");
    TCase *cases = tcase_create("rate");

    tcase_add_test(cases, so_many_at_once_and_not_one_more);
    tcase_add_test(cases, so_many_per_second_after_that);
    tcase_add_test(cases, asking_often_does_not_lose_what_is_on_its_way);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
