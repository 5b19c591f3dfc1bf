/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/fixture.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/holdings.h"
#include "tests/support/processes.h"

#define ENTITIES_MAX 8

struct solution *solution;

void solution_setup(void)
{
    solution = solution_new();
}

void solution_teardown(void)
{
    ck_assert_ptr_null(strstr(solution->text, "Sanitizer"));
    solution_free(solution);
}

/* solution_run() - until the task @exit_with ends, which must be content */
void solution_run(const char *exit_with)
{
    solution_start(solution, "--exit-with", exit_with, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}

/* solution_mark() - make a file, for those entities that await it */
void solution_mark(const char *path)
{
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    fclose(file);
}

/* solution_await() - until some entity makes the file @path */
void solution_await(const char *path)
{
    for (int i = 0; i < SOLUTION_PATIENCE_MS && access(path, F_OK) < 0; i++) {
        (void)usleep(1000);
    }
    ck_assert_int_eq(access(path, F_OK), 0);
}

/* solution_expect_success() - of what it does, which is called @what */
void solution_expect_success(const char *what)
{
    int status = solution_wait(solution);

    ck_assert_msg(status == 0, "%s: %s", what, solution->text);
}

/*
 * solution_expect_nothing_left() - what @task, the last of @n_entities, does again and again leaves
 * nothing behind in any process: see churn_when_told() in tests/programs/trials.h
 */
void solution_expect_nothing_left(const char *task, int n_entities)
{
    pid_t entities[ENTITIES_MAX];
    struct holdings before[ENTITIES_MAX];

    solution_start(solution, "--exit-with", task, NULL);
    solution_expect(solution, "warm");
    pid_t broker = process_child_of(solution->pid);
    ck_assert_int_eq(processes_children_of(broker, entities, ENTITIES_MAX), n_entities);
    struct holdings of_broker = holdings_settled(broker);
    for (int i = 0; i < n_entities; i++) {
        before[i] = holdings_settled(entities[i]);
    }
    ck_assert_int_eq(kill(entities[n_entities - 1], SIGUSR1), 0);
    solution_expect(solution, "churned");
    ck_assert(holdings_are_same(holdings_settled(broker), of_broker));
    for (int i = 0; i < n_entities; i++) {
        ck_assert(holdings_are_same(holdings_settled(entities[i]), before[i]));
    }
    ck_assert_int_eq(kill(entities[n_entities - 1], SIGUSR1), 0);
    solution_expect_success("churning");
}
