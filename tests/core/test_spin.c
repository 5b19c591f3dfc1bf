/* SPDX-License-Identifier: Apache-2.0 */
/* When looking before sleeping is worth it. Runs alone: it measures. */
#include "core/spin.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/rseq.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

static struct spin spin;

START_TEST(nobody_looks_on_the_cpu_that_the_other_end_needs)
{
    ck_assert(!spin_is_worthwhile(&spin, 1, 1));
}
END_TEST

START_TEST(who_looks_in_vain_stops_and_tries_again_now_and_then)
{
    unsigned n_tried = 0;

    for (int i = 0; i < 8; i++) {
        spin_end(&spin, false);
    }
    for (int i = 0; i < 640; i++) {
        if (spin_is_worthwhile(&spin, 0, 1)) {
            n_tried++;
            spin_end(&spin, false);
        }
    }
    ck_assert_uint_le(n_tried, 10);
    spin_end(&spin, true);
    ck_assert(spin_is_worthwhile(&spin, 0, 1) == (sysconf(_SC_NPROCESSORS_ONLN) > 1));
}
END_TEST

START_TEST(an_attempt_comes_to_an_end)
{
    struct spin_attempt attempt;
    unsigned n_rounds = 0;

    (void)spin_is_worthwhile(&spin, 0, 1);
    spin_begin(&attempt, 0);
    while (spin_goes_on(&attempt)) {
        n_rounds++;
    }
    ck_assert_uint_ge(n_rounds, 1);
}
END_TEST

START_TEST(the_budget_is_what_the_user_says_if_that_makes_sense)
{
    ck_assert_int_eq(spin_budget_ns(NULL, 2), 50000);
    ck_assert_int_eq(spin_budget_ns("0", 2), 0);
    ck_assert_int_eq(spin_budget_ns("1000", 2), 1000000);
    ck_assert_int_eq(spin_budget_ns("1001", 2), 50000);
    ck_assert_int_eq(spin_budget_ns("-1", 2), 50000);
    ck_assert_int_eq(spin_budget_ns("soon", 2), 50000);
    ck_assert_int_eq(spin_budget_ns("", 2), 50000);
    ck_assert_int_eq(spin_budget_ns("50", 1), 0);
}
END_TEST

START_TEST(a_thread_knows_its_cpu)
{
    const cpu_set_t all = cpus_now();

    for (uint32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            cpus_set(cpus_only(cpu));
            ck_assert_uint_eq(spin_cpu(), cpu);
        }
    }
    cpus_set(all);
}
END_TEST

START_TEST(a_thread_knows_it_where_the_kernel_does_not_write_it_down)
{
    int status;

    if (__rseq_size == 0) {
        return; /* nor did it for the test before */
    }
    pid_t pid = fork();
    if (pid == 0) {
        setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
        (void)!freopen("/dev/null", "w", stdout); /* its checks are not counted here */
        execl("/proc/self/exe", "test_spin", NULL);
        _exit(EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spin");
    TCase *cases = tcase_create("spin");

    tcase_add_test(cases, nobody_looks_on_the_cpu_that_the_other_end_needs);
    tcase_add_test(cases, who_looks_in_vain_stops_and_tries_again_now_and_then);
    tcase_add_test(cases, an_attempt_comes_to_an_end);
    tcase_add_test(cases, the_budget_is_what_the_user_says_if_that_makes_sense);
    tcase_add_test(cases, a_thread_knows_its_cpu);
    tcase_add_test(cases, a_thread_knows_it_where_the_kernel_does_not_write_it_down);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
