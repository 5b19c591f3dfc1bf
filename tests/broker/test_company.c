/* SPDX-License-Identifier: Apache-2.0 */
/* When the broker stays on a CPU, and whom it tells. */
#include "broker/company.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/hints.h"
#include "tests/support/check_main.h"
#include "tests/support/cpus.h"

#define START_NS (12345 * INT64_C(1000000000))
#define QUICK_NS (COMPANY_REST_NS - 1)
#define TIMES 8
#define HOGS 4

static struct company company;
static struct hints server;
static struct hints other;
static cpu_set_t before;
static int64_t now_ns;
static uint32_t cpu; /* the last one that there is */

/* listens() - @n times, each @after_ns after the last */
static void listens(struct hints *who, unsigned n, int64_t after_ns)
{
    while (n-- > 0) {
        now_ns += after_ns;
        company_join(&company, who, cpu, now_ns);
    }
}

/* is_free() - whether the broker may be on any CPU, and nobody was told otherwise */
static bool is_free(void)
{
    cpu_set_t now = cpus_now();

    return !company_is_kept(&company) && CPU_EQUAL(&now, &before) && server.place == HINTS_NO_CPU &&
           other.place == HINTS_NO_CPU;
}

static void setup(void)
{
    before = cpus_now();
    for (uint32_t i = 0; i < CPU_SETSIZE; i++) {
        cpu = CPU_ISSET(i, &before) ? i : cpu;
    }
    company = (struct company){0};
    now_ns = START_NS;
    hints_init(&server);
    hints_init(&other);
}

static void teardown(void)
{
    cpus_set(before);
}

START_TEST(the_broker_stays_while_a_server_keeps_listening_and_says_where)
{
    listens(&server, TIMES - 1, QUICK_NS);
    ck_assert(is_free());
    listens(&server, 1, QUICK_NS);
    cpu_set_t now = cpus_now();
    ck_assert_int_eq(CPU_COUNT(&now), 1);
    ck_assert(CPU_ISSET(cpu, &now));
    ck_assert_uint_eq(server.place, cpu);
    listens(&server, 1000, QUICK_NS);
    ck_assert_uint_eq(server.place, cpu);
    ck_assert_uint_eq(other.place, HINTS_NO_CPU);
}
END_TEST

START_TEST(no_server_gets_the_broker_to_where_the_user_does_not_want_it)
{
    const uint32_t strange[] = {CPU_SETSIZE - 1, CPU_SETSIZE, UINT32_MAX};

    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
        cpu = strange[i];
        now_ns += COMPANY_PAUSE_NS;
        listens(&server, 10 * TIMES, QUICK_NS);
        ck_assert(is_free());
    }
    const cpu_set_t only = cpus_only(spin_cpu());
    cpus_set(only);
    for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        now_ns += COMPANY_PAUSE_NS;
        listens(&server, CPU_ISSET(cpu, &only) ? 0 : TIMES, QUICK_NS);
        ck_assert_uint_eq(server.place, HINTS_NO_CPU);
    }
}
END_TEST

/* hog() - somebody who has the CPU @on all the time, until he is killed */
static pid_t hog(uint32_t on)
{
    const cpu_set_t only = cpus_only(on);

    pid_t pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)sched_setaffinity(0, sizeof(only), &only);
        for (;;) {
            (void)getppid();
        }
    }
    ck_assert_int_gt(pid, 0);
    return pid;
}

START_TEST(a_server_does_not_keep_the_broker_where_others_have_the_cpu)
{
    pid_t hogs[HOGS];

    for (int i = 0; i < HOGS; i++) {
        hogs[i] = hog(cpu);
    }
    bool was_kept = false;
    while (company.pause_ns == 0) {
        company_join(&company, &server, cpu, spin_now_ns());
        was_kept = was_kept || company_is_kept(&company);
    }
    ck_assert(was_kept);
    ck_assert(is_free());
    now_ns = company.pause_ns - COMPANY_REST_NS;
    listens(&server, 10 * TIMES, COMPANY_REST_NS / (10 * TIMES) - 1);
    ck_assert(is_free());
    listens(&server, TIMES, QUICK_NS);
    ck_assert(!is_free());
    for (int i = 0; i < HOGS; i++) {
        ck_assert_int_eq(kill(hogs[i], SIGKILL), 0);
        ck_assert_int_eq(waitpid(hogs[i], NULL, 0), hogs[i]);
    }
}
END_TEST

START_TEST(the_broker_is_free_once_nobody_listens)
{
    listens(&server, TIMES, QUICK_NS);
    company_look(&company, now_ns + QUICK_NS);
    ck_assert(!is_free());
    company_look(&company, now_ns + COMPANY_REST_NS);
    ck_assert(is_free());
    listens(&server, TIMES - 1, QUICK_NS);
    ck_assert(is_free());
}
END_TEST

START_TEST(what_the_user_sets_meanwhile_stays)
{
    cpu_set_t elsewhere = before;

    CPU_CLR(cpu, &elsewhere);
    if (CPU_COUNT(&elsewhere) == 0) {
        return;
    }
    listens(&server, TIMES, QUICK_NS);
    ck_assert(company_is_kept(&company));
    cpus_set(elsewhere);
    company_look(&company, now_ns + COMPANY_REST_NS);
    ck_assert(!company_is_kept(&company));
    ck_assert_uint_eq(server.place, HINTS_NO_CPU);
    cpu_set_t now = cpus_now();
    ck_assert(CPU_EQUAL(&now, &elsewhere));
}
END_TEST

START_TEST(who_listens_now_and_then_keeps_nobody)
{
    listens(&server, 10 * TIMES, COMPANY_REST_NS);
    ck_assert(is_free());
}
END_TEST

START_TEST(two_servers_keep_nobody)
{
    listens(&server, TIMES, QUICK_NS);
    ck_assert(!is_free());
    listens(&other, 1, QUICK_NS);
    ck_assert(is_free());
    for (int i = 0; i < 10 * TIMES; i++) {
        listens(&server, TIMES - 1, QUICK_NS);
        listens(&other, TIMES - 1, QUICK_NS);
        ck_assert(is_free());
    }
}
END_TEST

START_TEST(a_client_is_told_where_its_answer_is_going_to_come_from)
{
    listens(&server, TIMES - 1, QUICK_NS);
    company_meet(&company, &other);
    ck_assert_uint_eq(other.cpu, HINTS_NO_CPU);
    listens(&server, 1, QUICK_NS);
    company_meet(&company, &other);
    ck_assert_uint_eq(other.cpu, server.place);
    company_look(&company, now_ns + COMPANY_REST_NS);
    company_meet(&company, &other);
    ck_assert_uint_eq(other.cpu, HINTS_NO_CPU);
    ck_assert(is_free());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("company");
    TCase *cases = tcase_create("all");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, the_broker_stays_while_a_server_keeps_listening_and_says_where);
    tcase_add_test(cases, no_server_gets_the_broker_to_where_the_user_does_not_want_it);
    tcase_add_test(cases, a_server_does_not_keep_the_broker_where_others_have_the_cpu);
    tcase_add_test(cases, the_broker_is_free_once_nobody_listens);
    tcase_add_test(cases, what_the_user_sets_meanwhile_stays);
    tcase_add_test(cases, who_listens_now_and_then_keeps_nobody);
    tcase_add_test(cases, two_servers_keep_nobody);
    tcase_add_test(cases, a_client_is_told_where_its_answer_is_going_to_come_from);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
