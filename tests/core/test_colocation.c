/* SPDX-License-Identifier: Apache-2.0 */
/* Where a thread may be while it sleeps, and that nobody sees it afterwards. Runs alone: threads
 * must be woken as soon as they can be. */
#include "core/colocation.h"

#include <pthread.h>
#include <unistd.h>

#include "core/spin.h"
#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

#define SLEEPS_MAX 10000

static struct colocation colocation;
static cpu_set_t before;

/* sleeps_until_confined() - with a caller on @cpu; SLEEPS_MAX: it never comes to that */
static unsigned sleeps_until_confined(uint32_t cpu)
{
    for (unsigned n = 0; n < SLEEPS_MAX; n++) {
        colocation_begin(&colocation, cpu);
        if (colocation.stay.is_confined) {
            return n;
        }
        colocation_end(&colocation);
    }
    return SLEEPS_MAX;
}

static void setup(void)
{
    before = cpus_now();
    colocation = (struct colocation){0};
}

static void teardown(void)
{
    cpus_set(before);
}

START_TEST(who_is_woken_from_another_cpu_again_and_again_sleeps_there)
{
    uint32_t cpu = cpus_other();

    if (cpu == spin_cpu()) {
        return;
    }
    unsigned n = sleeps_until_confined(cpu);
    ck_assert_uint_ge(n, 1);
    ck_assert_uint_le(n, 8);
    cpu_set_t now = cpus_now();
    ck_assert_int_eq(CPU_COUNT(&now), 1);
    ck_assert_uint_eq(spin_cpu(), cpu);
    colocation_end(&colocation);
}
END_TEST

START_TEST(awake_a_thread_has_the_affinity_that_the_user_set)
{
    uint32_t cpu = cpus_other();

    for (int i = 0; i < 1000; i++) {
        colocation_begin(&colocation, cpu);
        usleep(i % 2 == 0 ? 0 : 60);
        colocation_end(&colocation);
        cpu_set_t now = cpus_now();
        ck_assert(CPU_EQUAL(&now, &before));
    }
}
END_TEST

START_TEST(a_caller_beside_us_is_left_to_the_scheduler)
{
    cpus_set(cpus_only(spin_cpu()));
    ck_assert_uint_eq(sleeps_until_confined(spin_cpu()), SLEEPS_MAX);
}
END_TEST

START_TEST(no_caller_gets_a_thread_to_where_the_user_does_not_want_it)
{
    uint32_t cpu = cpus_other();
    const cpu_set_t here = cpus_only(spin_cpu());

    cpus_set(here);
    if (cpu != spin_cpu()) {
        ck_assert_uint_eq(sleeps_until_confined(cpu), SLEEPS_MAX);
    }
    ck_assert_uint_eq(sleeps_until_confined(CPU_SETSIZE - 1), SLEEPS_MAX);
    ck_assert_uint_eq(sleeps_until_confined(CPU_SETSIZE), SLEEPS_MAX);
    ck_assert_uint_eq(sleeps_until_confined(UINT32_MAX), SLEEPS_MAX);
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &here));
}
END_TEST

START_TEST(what_the_user_sets_meanwhile_stays)
{
    uint32_t cpu = cpus_other();
    const cpu_set_t elsewhere = cpus_only(spin_cpu());

    if (sleeps_until_confined(cpu) == SLEEPS_MAX) {
        return;
    }
    cpus_set(elsewhere);
    colocation_end(&colocation);
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &elsewhere));
}
END_TEST

START_TEST(now_and_then_it_is_seen_whether_the_scheduler_does_without)
{
    uint32_t cpu = cpus_other();
    unsigned n_free = 0;

    if (sleeps_until_confined(cpu) == SLEEPS_MAX) {
        return;
    }
    colocation_end(&colocation);
    for (int i = 0; i < 200; i++) {
        colocation_begin(&colocation, cpu);
        n_free += colocation.stay.is_confined ? 0 : 1;
        usleep(60);
        colocation_end(&colocation);
    }
    ck_assert_uint_ge(n_free, 1);
}
END_TEST

START_TEST(a_caller_that_comes_back_at_once_is_given_its_cpu_back)
{
    uint32_t cpu = cpus_other();

    if (sleeps_until_confined(cpu) == SLEEPS_MAX) {
        return;
    }
    colocation_end(&colocation);
    for (int i = 0; i < 16 && colocation.n_confined > 0; i++) {
        colocation_begin(&colocation, cpu);
        colocation_end(&colocation);
    }
    ck_assert_uint_eq(colocation.n_confined, 0);
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &before));
}
END_TEST

START_TEST(the_user_turns_it_off)
{
    ck_assert(colocation_is_wanted(NULL));
    ck_assert(colocation_is_wanted("1"));
    ck_assert(!colocation_is_wanted("0"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("colocation");
    TCase *tests = tcase_create("colocation");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, who_is_woken_from_another_cpu_again_and_again_sleeps_there);
    tcase_add_test(tests, awake_a_thread_has_the_affinity_that_the_user_set);
    tcase_add_test(tests, a_caller_beside_us_is_left_to_the_scheduler);
    tcase_add_test(tests, no_caller_gets_a_thread_to_where_the_user_does_not_want_it);
    tcase_add_test(tests, what_the_user_sets_meanwhile_stays);
    tcase_add_test(tests, now_and_then_it_is_seen_whether_the_scheduler_does_without);
    tcase_add_test(tests, a_caller_that_comes_back_at_once_is_given_its_cpu_back);
    tcase_add_test(tests, the_user_turns_it_off);
    suite_add_tcase(suite, tests);
    return check_main(suite);
}
