/* SPDX-License-Identifier: Apache-2.0 */
/* The benchmark of handles comes to an end with figures that can be true. */
#include <jansson.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

/* measured() - what `bench_calls --work @work` writes; to be given back with json_decref() */
static json_t *measured(const char *work)
{
    setenv("bench", build_folder(), 1);
    setenv("work", work, 1);
    const char *text =
        shell_run("set -eu\n", "%s",
                  "json=$(mktemp)\n"
                  "\"$bench/tests/bench/calls/bench_calls\" --quick --seconds 0.05 --repetitions 1 "
                  "--work \"$work\" --json \"$json\" > /dev/null 2>&1\n"
                  "cat \"$json\"; rm \"$json\"");
    json_t *root = json_loads(text, 0, NULL);

    ck_assert_ptr_nonnull(root);
    return root;
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    ck_assert_msg(json_is_number(value), "no number %s", key);
    return json_number_value(value);
}

START_TEST(transfers_are_compared_with_those_of_descriptors)
{
    json_t *root = measured("transfer");
    const json_t *results = json_object_get(root, "results");

    ck_assert_uint_ge(json_array_size(results), 2); /* with one CPU there is one placement less */
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *result = json_array_get(results, i);
        ck_assert_str_eq(json_string_value(json_object_get(result, "work")), "transfer");
        ck_assert_double_gt(number_of(result, "median_us"), 0);
        ck_assert_double_gt(number_of(result, "raw_us"), 0);
        ck_assert_double_gt(number_of(result, "ratio"), 0);
    }
    json_decref(root);
}
END_TEST

START_TEST(a_handle_that_is_taken_back_is_refused_to_a_holder_who_calls_without_rest)
{
    json_t *root = measured("revoke");
    const json_t *revoke = json_object_get(root, "revoke");

    ck_assert_double_eq(number_of(revoke, "rounds"), 500);
    ck_assert_double_gt(number_of(revoke, "revoke_us"), 0);
    ck_assert_double_ge(number_of(revoke, "refused_p99_us"), number_of(revoke, "refused_p50_us"));
    json_decref(root);
}
END_TEST

/* has_two_cpus() - one for the holder, one for who takes the handle back */
static bool has_two_cpus(void)
{
    cpu_set_t cpus;

    return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1;
}

int main(void)
{
    Suite *suite = suite_create("transfer");
    TCase *cases = tcase_create("transfer");

    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, transfers_are_compared_with_those_of_descriptors);
    if (has_two_cpus()) {
        tcase_add_test(cases,
                       a_handle_that_is_taken_back_is_refused_to_a_holder_who_calls_without_rest);
    }
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
