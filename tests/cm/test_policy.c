/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/policy.h"

#include "tests/support/check_main.h"

#define RAW (UINT64_C(1) << 13)
#define TIME (UINT64_C(1) << 25)
#define ALL UINT64_MAX

enum {
    ALPHA,
    ALPHABET,
    BETA,
    _N_TASKS,
};

static const char *const tasks[_N_TASKS] = {"Alpha", "Alphabet", "Beta"};
static struct policy *policy;

static void setup(void)
{
    policy = NULL;
}

static void teardown(void)
{
    policy = policy_free(policy);
}

static void make(const struct policy_rule *rules, size_t n_rules)
{
    ck_assert_int_eq(policy_new(rules, n_rules, tasks, _N_TASKS, &policy), 0);
}

static enum policy_verdict ask(size_t client, const char *server, const char *service)
{
    uint64_t missing;

    return policy_check(policy, client, server, service, 0, &missing);
}

START_TEST(without_a_rule_nobody_may_anything)
{
    uint64_t missing = ALL;

    make(NULL, 0);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Beta", "echo", ALL, &missing),
                     POLICY_NOT_THE_SERVER);
    ck_assert_uint_eq(missing, 0);
    ck_assert_uint_eq(policy_required(policy, ALPHA), 0);
}
END_TEST

START_TEST(an_exact_rule_allows_that_and_nothing_beside_it)
{
    static const struct policy_rule rules[] = {{"Alpha", "Server", "echo", 0}};

    make(rules, 1);
    ck_assert_int_eq(ask(ALPHA, "Server", "echo"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHA, "Server", "ech"), POLICY_NOT_THE_SERVICE);
    ck_assert_int_eq(ask(ALPHA, "Server", "echo2"), POLICY_NOT_THE_SERVICE);
    ck_assert_int_eq(ask(ALPHA, "Serve", "echo"), POLICY_NOT_THE_SERVER);
    ck_assert_int_eq(ask(ALPHA, "Servers", "echo"), POLICY_NOT_THE_SERVER);
    ck_assert_int_eq(ask(ALPHABET, "Server", "echo"), POLICY_NOT_THE_SERVER);
    ck_assert_int_eq(ask(BETA, "Server", "echo"), POLICY_NOT_THE_SERVER);
}
END_TEST

START_TEST(a_star_stands_for_any_rest_and_for_none)
{
    static const struct policy_rule rules[] = {{"Alpha*", "net.*", "a*", 0}, {"B*", "*", "*", 0}};

    make(rules, 2);
    ck_assert_int_eq(ask(ALPHA, "net.", "a"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHABET, "net.Server", "abc"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHA, "net", "a"), POLICY_NOT_THE_SERVER);
    ck_assert_int_eq(ask(ALPHA, "net.Server", "b"), POLICY_NOT_THE_SERVICE);
    ck_assert_int_eq(ask(BETA, "anybody", "anything"), POLICY_ALLOWED);
}
END_TEST

START_TEST(one_rule_that_allows_is_enough)
{
    static const struct policy_rule rules[] = {
        {"Alpha", "Server", "one", 0}, {"Beta", "Server", "*", 0}, {"*", "Server", "two", 0}};

    make(rules, 3);
    ck_assert_int_eq(ask(ALPHA, "Server", "one"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHA, "Server", "two"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHABET, "Server", "two"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHABET, "Server", "one"), POLICY_NOT_THE_SERVICE);
    ck_assert_int_eq(ask(BETA, "Server", "three"), POLICY_ALLOWED);
}
END_TEST

START_TEST(a_rule_whose_capabilities_are_not_held_is_no_rule)
{
    static const struct policy_rule rules[] = {{"Alpha", "Server", "echo", RAW | TIME}};
    uint64_t missing;

    make(rules, 1);
    ck_assert_uint_eq(policy_required(policy, ALPHA), RAW | TIME);
    ck_assert_uint_eq(policy_required(policy, BETA), 0);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Server", "echo", RAW | TIME, &missing),
                     POLICY_ALLOWED);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Server", "echo", ALL, &missing), POLICY_ALLOWED);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Server", "echo", RAW, &missing),
                     POLICY_NOT_THE_SERVER);
    ck_assert_uint_eq(missing, TIME);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Server", "other", RAW, &missing),
                     POLICY_NOT_THE_SERVER);
    ck_assert_uint_eq(missing, 0);
    ck_assert_int_eq(policy_check(policy, ALPHA, "Server", "other", RAW | TIME, &missing),
                     POLICY_NOT_THE_SERVICE);
}
END_TEST

START_TEST(a_rule_without_requirements_does_for_what_another_one_requires_much)
{
    static const struct policy_rule rules[] = {{"*", "Server", "*", RAW},
                                               {"Alpha", "Server", "echo", 0}};

    make(rules, 2);
    ck_assert_int_eq(ask(ALPHA, "Server", "echo"), POLICY_ALLOWED);
    ck_assert_int_eq(ask(ALPHA, "Server", "more"), POLICY_NOT_THE_SERVICE);
    ck_assert_int_eq(ask(BETA, "Server", "echo"), POLICY_NOT_THE_SERVER);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cm/policy");
    TCase *cases = tcase_create("policy");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, without_a_rule_nobody_may_anything);
    tcase_add_test(cases, an_exact_rule_allows_that_and_nothing_beside_it);
    tcase_add_test(cases, a_star_stands_for_any_rest_and_for_none);
    tcase_add_test(cases, one_rule_that_allows_is_enough);
    tcase_add_test(cases, a_rule_whose_capabilities_are_not_held_is_no_rule);
    tcase_add_test(cases, a_rule_without_requirements_does_for_what_another_one_requires_much);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
