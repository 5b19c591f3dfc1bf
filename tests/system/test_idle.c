/* SPDX-License-Identifier: Apache-2.0 */
/* A solution in which nobody calls takes no CPU time. CAPCHAN_LONG=1 looks at it for 10 s. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/processes.h"
#include "tests/support/solution.h"

/* What all processes together may take, of a second: 10 ms in 10 s. */
#define IDLE_US_PER_S_MAX 1000
#define SHORT_S 3
#define LONG_S 10
#define PROCESSES 8 /* capchan run, the broker and six entities */
#define PROCESSES_MAX 32

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

/* cpu_us() - what a process has taken so far, in user mode and in the kernel, all its threads; the
 * clock is exact where /proc/PID/stat counts ticks */
static int64_t cpu_us(pid_t pid)
{
    struct timespec taken;
    clockid_t clock;

    ck_assert_int_eq(clock_getcpuclockid(pid, &clock), 0);
    ck_assert_int_eq(clock_gettime(clock, &taken), 0);
    return (int64_t)taken.tv_sec * 1000000 + taken.tv_nsec / 1000;
}

/* look() - at all processes for @seconds. Return: the microseconds that they took. */
static int64_t look(const pid_t *pids, int n_pids, unsigned seconds)
{
    int64_t before[PROCESSES_MAX];
    int64_t total_us = 0;

    for (int i = 0; i < n_pids; i++) {
        before[i] = cpu_us(pids[i]);
        ck_assert_int_gt(before[i], 0);
    }
    sleep(seconds);
    for (int i = 0; i < n_pids; i++) {
        int64_t us = cpu_us(pids[i]) - before[i];
        if (us > 0) {
            printf("process %d took %ld us\n", i, (long)us);
        }
        total_us += us;
    }
    return total_us;
}

/* start() - servers with one thread and with three, clients that called once, often, with much, and
 * never; all of them silent now, and one is gone since */
static void start(void)
{
    char silent[128];

    snprintf(silent, sizeof(silent), "%s/silent", solution->folder);
    solution_entity(solution, "One", "", "register", "one", "serve", NULL);
    solution_entity(solution, "Three", "", "register", "three", "serve-threads", "3", NULL);
    solution_entity(solution, "Once", "One:one Three:three", "connect", "one", "number", "1",
                    "connect", "three", "number", "2", "sleep", NULL);
    solution_entity(solution, "Often", "One:one Three:three", "connect", "one", "threads", "10",
                    "connect", "three", "threads", "11", "sleep", NULL);
    solution_entity(solution, "Much", "Three:three", "connect", "three", "blob", "4000", "blob",
                    "70000", "sleep", NULL);
    solution_entity(solution, "Gone", "Three:three", "connect", "three", "number", "3", "await",
                    silent, NULL);
    solution_entity(solution, "Never", "One:one", "connect", "one", "sleep", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "number 2: 2\n");
    solution_expect(solution, "threads 10: 0 failures\n");
    solution_expect(solution, "threads 11: 0 failures\n");
    solution_expect(solution, "blob 70000: error 0, same\n");
    solution_expect(solution, "Never | connect one: ok\n");
    solution_expect(solution, "number 3: 3\n");
    sleep(1); /* the server sleeps as well */
    fclose(fopen(silent, "we"));
    solution_expect(solution, "Gone (pid");
}

START_TEST(a_solution_without_calls_takes_no_cpu_time)
{
    unsigned seconds = getenv("CAPCHAN_LONG") != NULL ? LONG_S : SHORT_S;
    pid_t pids[PROCESSES_MAX];

    start();
    sleep(1); /* whoever was looking for more has stopped */
    int n_pids = processes_find(solution->folder, pids, PROCESSES_MAX);
    ck_assert_int_eq(n_pids, PROCESSES);
    int64_t us = look(pids, n_pids, seconds);
    printf("%d idle processes took %ld us in %u s\n", n_pids, (long)us, seconds);
    ck_assert_int_le(us, (int64_t)seconds * IDLE_US_PER_S_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("idle");
    TCase *cases = tcase_create("idle");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_solution_without_calls_takes_no_cpu_time);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
