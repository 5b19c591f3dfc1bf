/* SPDX-License-Identifier: Apache-2.0 */
/* What a launched entity has, read from its own /proc entry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

/* 32 and 33 are the C library's own; it does not let anybody change them. */
#define LIBC_SIGNALS (3ull << 31)

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

static void run_status(const char *more_yaml)
{
    solution_entity(solution, "Server", "", "status", "environment", "COLOUR", NULL);
    solution_yaml(solution, more_yaml);
    solution_start(solution, "--plain", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}

START_TEST(an_entity_has_no_capabilities_and_cannot_get_any)
{
    run_status("");
    static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapAmb"};
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        char line[64];
        snprintf(line, sizeof(line), "%s:\t0000000000000000\n", sets[i]);
        solution_expect(solution, line);
    }
    if (geteuid() == 0) {
        solution_expect(solution, "CapBnd:\t0000000000000000\n");
    }
    solution_expect(solution, "NoNewPrivs:\t1\n");
}
END_TEST

START_TEST(an_entity_has_five_descriptors_and_default_signals)
{
    run_status("");
    solution_expect(solution, "fd 0\n");
    solution_expect(solution, "fd 1\n");
    solution_expect(solution, "fd 2\n");
    solution_expect(solution, "fd 3\n");
    solution_expect(solution, "SigBlk:\t0000000000000000\n");
    solution_expect(solution, "SigIgn:\t");
    unsigned long long ignored =
        strtoull(strstr(solution->text, "SigIgn:\t") + strlen("SigIgn:\t"), NULL, 16);
    ck_assert_uint_eq(ignored & ~LIBC_SIGNALS, 0);
    const char *at = solution->text;
    int n = 0;
    while ((at = strstr(at, "fd ")) != NULL) {
        n++;
        at++;
    }
    ck_assert_int_eq(n, 5); /* the fifth is the broker's bell */
}
END_TEST

START_TEST(declared_capabilities_are_kept_and_no_others)
{
    if (geteuid() != 0) {
        return; /* only root has any to keep */
    }
    run_status("    capchan: {capabilities: [cap_net_bind_service, cap_net_raw]}\n");
    solution_expect(solution, "CapPrm:\t0000000000002400\n");
    solution_expect(solution, "CapEff:\t0000000000002400\n");
    solution_expect(solution, "CapBnd:\t0000000000002400\n");
}
END_TEST

START_TEST(a_declared_user_keeps_its_capabilities_too)
{
    if (geteuid() != 0) {
        return; /* only root can become somebody else */
    }
    /* a program that everybody can reach, wherever the build is */
    solution_yaml(solution, "  - name: Reader\n    path: /bin/cat\n    args: [/proc/self/status]\n"
                            "    capchan: {user: nobody, capabilities: [cap_net_bind_service]}\n");
    solution_start(solution, "--plain", NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
    solution_expect(solution, "Uid:\t65534\t65534\t65534\t65534\n");
    solution_expect(solution, "Gid:\t65534\t65534\t65534\t65534\n");
    solution_expect(solution, "Groups:\t \n");
    solution_expect(solution, "CapEff:\t0000000000000400\n");
    solution_expect(solution, "CapBnd:\t0000000000000400\n");
}
END_TEST

START_TEST(declared_variables_are_set)
{
    run_status("    env: {COLOUR: green}\n");
    solution_expect(solution, "COLOUR=green\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("privileges");
    TCase *cases = tcase_create("privileges");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, an_entity_has_no_capabilities_and_cannot_get_any);
    tcase_add_test(cases, an_entity_has_five_descriptors_and_default_signals);
    tcase_add_test(cases, declared_capabilities_are_kept_and_no_others);
    tcase_add_test(cases, a_declared_user_keeps_its_capabilities_too);
    tcase_add_test(cases, declared_variables_are_set);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
