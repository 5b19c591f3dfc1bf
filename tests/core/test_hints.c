/* SPDX-License-Identifier: Apache-2.0 */
/* How a thread waits for the broker, as that says. Runs alone: who looks out needs a CPU. */
#include "core/hints.h"

#include <pthread.h>
#include <sched.h>

#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

#define SLEEPS 16

static struct hints hints;
static struct hinted_wait hinted;
static cpu_set_t before;

/* looks() - how many of @n times a thread that waits in vain looks out */
static unsigned looks(unsigned n)
{
    unsigned n_looks = 0;

    for (unsigned i = 0; i < n; i++) {
        unsigned n_failures = atomic_load(&hinted.spin.n_failures);
        hinted_wait_look(&hinted, hinted_wait_seen(&hinted));
        n_looks += atomic_load(&hinted.spin.n_failures) != n_failures;
    }
    return n_looks;
}

static void setup(void)
{
    before = cpus_now();
    atomic_store(&hints.n_sent, UINT32_MAX);
    hints_init(&hints);
    hinted_wait_init(&hinted, &hints);
}

static void teardown(void)
{
    cpus_set(before);
}

START_TEST(without_a_broker_or_its_hints_nobody_looks_or_moves)
{
    static struct hinted_wait none;

    hinted_wait_look(&none, hinted_wait_seen(&none));
    hinted_wait_sleep(&none);
    hinted_wait_wake(&none);
    ck_assert_uint_eq(looks(4), 0);
    for (int i = 0; i < SLEEPS; i++) {
        hinted_wait_sleep(&hinted);
        cpu_set_t now = cpus_now();
        ck_assert(CPU_EQUAL(&now, &before));
        hinted_wait_wake(&hinted);
    }
}
END_TEST

START_TEST(who_is_told_of_another_cpu_looks_out_until_that_does_not_pay)
{
    uint32_t cpu = cpus_other();

    cpus_leave(cpu);
    hints_set_cpu(&hints, cpu);
    unsigned n = looks(100);
    ck_assert_uint_le(n, 50);
    ck_assert_int_eq(n > 0, cpu != spin_cpu());
}
END_TEST

START_TEST(what_was_sent_since_one_asked_is_seen_at_once)
{
    uint32_t cpu = cpus_other();
    uint32_t seen = hinted_wait_seen(&hinted);

    hints_set_cpu(&hints, cpu);
    hints_sent(&hints);
    for (int i = 0; i < 100; i++) {
        hinted_wait_look(&hinted, seen);
        ck_assert_uint_eq(atomic_load(&hinted.spin.n_failures), 0);
    }
}
END_TEST

/* send_soon() - when the other thread says that it is about to look */
static void *send_soon(void *about_to_look)
{
    while (!atomic_load((atomic_bool *)about_to_look)) {
        (void)sched_yield();
    }
    hints_sent(&hints);
    return NULL;
}

START_TEST(what_is_sent_meanwhile_ends_the_look)
{
    atomic_bool about_to_look = false;
    uint32_t seen = hinted_wait_seen(&hinted);
    uint32_t cpu = cpus_other();
    pthread_t thread;

    hints_set_cpu(&hints, cpu);
    ck_assert_int_eq(pthread_create(&thread, NULL, send_soon, &about_to_look), 0);
    cpus_leave(cpu); /* nobody looks out for an answer from its own CPU */
    atomic_store(&about_to_look, true);
    hinted_wait_look(&hinted, seen); /* in vain, if the other thread gets no CPU meanwhile */
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    hinted_wait_look(&hinted, seen);
    ck_assert_uint_eq(atomic_load(&hinted.spin.n_failures), 0);
}
END_TEST

START_TEST(who_is_told_of_a_place_sleeps_there_however_soon_it_is_woken)
{
    uint32_t cpu = cpus_other();
    unsigned n_there = 0;

    if (cpu == spin_cpu()) {
        return;
    }
    for (int i = 0; i < 2 * SLEEPS; i++) {
        cpus_leave(cpu);
        cpus_set(before);
        hints_set_place(&hints, cpu);
        hinted_wait_sleep(&hinted);
        n_there += spin_cpu() == cpu;
        hinted_wait_wake(&hinted);
        cpu_set_t now = cpus_now();
        ck_assert(CPU_EQUAL(&now, &before));
    }
    ck_assert_uint_ge(n_there, SLEEPS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hints");
    TCase *cases = tcase_create("all");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, without_a_broker_or_its_hints_nobody_looks_or_moves);
    tcase_add_test(cases, who_is_told_of_another_cpu_looks_out_until_that_does_not_pay);
    tcase_add_test(cases, what_was_sent_since_one_asked_is_seen_at_once);
    tcase_add_test(cases, what_is_sent_meanwhile_ends_the_look);
    tcase_add_test(cases, who_is_told_of_a_place_sleeps_there_however_soon_it_is_woken);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
