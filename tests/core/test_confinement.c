/* SPDX-License-Identifier: Apache-2.0 */
/* Where a confined thread may be, and that nobody sees it afterwards. */
#include "core/confinement.h"

#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

static struct confinement confinement;
static cpu_set_t before;

/* is_as_before() - whether this thread may be where it might */
static bool is_as_before(void)
{
    const cpu_set_t now = cpus_now();

    return CPU_EQUAL(&now, &before);
}

static void setup(void)
{
    before = cpus_now();
}

static void teardown(void)
{
    cpus_set(before);
}

START_TEST(a_thread_is_on_one_cpu_until_it_ends_that)
{
    uint32_t cpu = cpus_other();

    ck_assert(confinement_to(&confinement, cpu));
    const cpu_set_t now = cpus_now();
    const cpu_set_t only = cpus_only(cpu);
    ck_assert(CPU_EQUAL(&now, &only));
    ck_assert(confinement_end(&confinement));
    ck_assert(is_as_before());
    ck_assert(confinement_end(&confinement));
}
END_TEST

START_TEST(a_thread_is_on_any_other_cpu_until_it_ends_that_if_there_is_one)
{
    uint32_t cpu = spin_cpu();

    bool is_confined = confinement_away_from(&confinement, cpu);
    ck_assert_int_eq(is_confined, CPU_COUNT(&before) > 1);
    const cpu_set_t now = cpus_now();
    ck_assert_int_eq(CPU_ISSET(cpu, &now), !is_confined);
    ck_assert_int_eq(CPU_COUNT(&now), CPU_COUNT(&before) - is_confined);
    ck_assert(confinement_end(&confinement));
    ck_assert(is_as_before());
}
END_TEST

START_TEST(a_cpu_that_the_user_does_not_allow_changes_nothing)
{
    static const uint32_t none[] = {CPU_SETSIZE - 1, CPU_SETSIZE, UINT32_MAX};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        ck_assert(!confinement_to(&confinement, none[i]));
        ck_assert(is_as_before());
    }
    ck_assert(!confinement_away_from(&confinement, CPU_SETSIZE));
    ck_assert(!confinement.is_confined);
    ck_assert(confinement_end(&confinement));
    ck_assert(is_as_before());
}
END_TEST

START_TEST(what_the_user_sets_meanwhile_stays_and_the_thread_is_told)
{
    uint32_t cpu = spin_cpu();

    if (!confinement_away_from(&confinement, cpu)) {
        return;
    }
    cpus_set(cpus_only(cpu));
    ck_assert(!confinement_end(&confinement));
    const cpu_set_t now = cpus_now();
    const cpu_set_t only = cpus_only(cpu);
    ck_assert(CPU_EQUAL(&now, &only));
    ck_assert(confinement_end(&confinement));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("confinement");
    TCase *cases = tcase_create("confinement");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_thread_is_on_one_cpu_until_it_ends_that);
    tcase_add_test(cases, a_thread_is_on_any_other_cpu_until_it_ends_that_if_there_is_one);
    tcase_add_test(cases, a_cpu_that_the_user_does_not_allow_changes_nothing);
    tcase_add_test(cases, what_the_user_sets_meanwhile_stays_and_the_thread_is_told);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
