/* SPDX-License-Identifier: Apache-2.0 */
/* That a client's thread leaves its server's CPU, and that nobody sees it afterwards. */
#include "core/parting.h"

#include "core/spin.h"
#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

static struct parting parting;
static struct confinement stay;
static cpu_set_t before;

static void setup(void)
{
    before = cpus_now();
    parting = (struct parting){0};
}

static void teardown(void)
{
    cpus_set(before);
}

START_TEST(a_thread_is_not_where_the_server_is_until_it_ends_its_stay)
{
    uint32_t cpu = spin_cpu();

    parting_begin(&parting, &stay, cpu);
    cpu_set_t now = cpus_now();
    ck_assert_int_eq(stay.is_confined, CPU_COUNT(&before) > 1);
    ck_assert_int_eq(CPU_ISSET(cpu, &now), CPU_COUNT(&before) == 1);
    (void)confinement_end(&stay);
    now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &before));
    ck_assert(!stay.is_confined);
    (void)confinement_end(&stay);
}
END_TEST

START_TEST(a_thread_stays_where_the_user_allows_no_other_cpu_and_looks_again_later)
{
    cpu_set_t here = cpus_only(spin_cpu());

    cpus_set(here);
    int64_t start_ns = spin_now_ns();
    parting_begin(&parting, &stay, spin_cpu());
    ck_assert(!stay.is_confined);
    ck_assert_int_gt(parting.next_ns, start_ns);
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &here));
    cpus_set(before);
    parting_begin(&parting, &stay, spin_cpu());
    ck_assert(!stay.is_confined);
    parting.next_ns = start_ns;
    parting_begin(&parting, &stay, spin_cpu());
    ck_assert_int_eq(stay.is_confined, CPU_COUNT(&before) > 1);
    (void)confinement_end(&stay);
}
END_TEST

START_TEST(no_server_gets_a_thread_to_where_the_user_does_not_want_it)
{
    static const uint32_t lies[] = {CPU_SETSIZE - 1, CPU_SETSIZE, UINT32_MAX};
    cpu_set_t here = cpus_only(spin_cpu());

    cpus_set(here);
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        parting_begin(&parting, &stay, lies[i]);
        cpu_set_t now = cpus_now();
        ck_assert(CPU_EQUAL(&now, &here));
        (void)confinement_end(&stay);
        parting.next_ns = 0;
    }
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &here));
}
END_TEST

START_TEST(what_the_user_sets_meanwhile_stays)
{
    parting_begin(&parting, &stay, spin_cpu());
    if (!stay.is_confined) {
        return;
    }
    (void)confinement_end(&stay);
    uint32_t cpu = spin_cpu();
    parting_begin(&parting, &stay, cpu);
    cpus_set(cpus_only(cpu));
    (void)confinement_end(&stay);
    cpu_set_t now = cpus_now();
    cpu_set_t expected = cpus_only(cpu);
    ck_assert(CPU_EQUAL(&now, &expected));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parting");
    TCase *cases = tcase_create("parting");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_thread_is_not_where_the_server_is_until_it_ends_its_stay);
    tcase_add_test(cases, a_thread_stays_where_the_user_allows_no_other_cpu_and_looks_again_later);
    tcase_add_test(cases, no_server_gets_a_thread_to_where_the_user_does_not_want_it);
    tcase_add_test(cases, what_the_user_sets_meanwhile_stays);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
