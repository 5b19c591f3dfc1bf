/* SPDX-License-Identifier: Apache-2.0 */
/* Two real processes exchange 100,000 random values of every type of the language. */
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/random_value.h"
#include "tests/support/solution.h"

#define N_RUNS 4
#define N_MESSAGES (100000 / N_RUNS)

static struct solution *solution;
static uint64_t seed;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

START_TEST(random_messages_arrive_as_they_were_sent_and_come_back)
{
    char yaml[8192];
    char line[64];

    snprintf(yaml, sizeof(yaml),
             "  - name: mirror.Server\n"
             "    path: %s/tests/programs/mirror\n"
             "    args: [serve]\n"
             "  - name: mirror.Client\n"
             "    path: %s/tests/programs/mirror\n"
             "    args: [call, '%ju', '%d']\n"
             "    connections:\n"
             "      - {target: mirror.Server, id: mirror}\n",
             build_folder(), build_folder(), (uintmax_t)seed + (unsigned)_i, N_MESSAGES);
    solution_yaml(solution, yaml);
    solution_start(solution, "--exit-with", "mirror.Client", NULL);
    snprintf(line, sizeof(line), "%d answers are right\n", N_MESSAGES);
    solution_expect(solution, line);
    ck_assert_int_eq(solution_wait(solution), 0);
    ck_assert_ptr_null(strstr(solution->text, "differs"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mirror");
    TCase *cases = tcase_create("mirror");

    seed = random_seed();
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, random_messages_arrive_as_they_were_sent_and_come_back, 0, N_RUNS);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
