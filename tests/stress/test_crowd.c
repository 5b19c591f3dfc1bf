/* SPDX-License-Identifier: Apache-2.0 */
/* A hundred clients connect, call and disconnect at once, and nothing grows. CAPCHAN_LONG=1 lets
 * them go on for 60 s. Runs alone: it is about everything at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

#ifdef __SANITIZE_ADDRESS__
#define CLIENTS 20 /* these take long to start */
#else
#define CLIENTS 100
#endif
#define KIB_MORE_MAX 256 /* what allocators may come to keep for later */
#define SHORT_MS 1000
#define LONG_MS 30000

static unsigned phase_ms(void)
{
    return getenv("CAPCHAN_LONG") != NULL ? LONG_MS : SHORT_MS;
}

/* memory_kib() - of @pid, without what it shares with others */
static long memory_kib(pid_t pid)
{
    long pages = 0;
    long shared = 0;
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%*d %ld %ld", &pages, &shared), 2);
    fclose(file);
    return (pages - shared) * (sysconf(_SC_PAGESIZE) / 1024);
}

/* add_crowd() - clients that come and go twice, each time when they are let */
static void add_crowd(void)
{
    char first[64];
    char second[64];
    char task[16];

    snprintf(first, sizeof(first), "Server echo %u first", phase_ms());
    snprintf(second, sizeof(second), "Server echo %u second", phase_ms());
    for (int i = 0; i < CLIENTS; i++) {
        snprintf(task, sizeof(task), "C%d", i);
        solution_program(solution, "actor.Server", "dynamic", task, "", "await", solution->marks[0],
                         "churn-for", first, "await", solution->marks[1], "churn-for", second,
                         "sleep", NULL);
    }
}

/* let_go() - the crowd for one phase, until all have told how it went */
static void let_go(const char *path, const char *phase)
{
    unsigned n_failures;
    unsigned n_times;
    unsigned n_all = 0;
    char text[64];

    solution_mark(path);
    usleep(phase_ms() * 1000);
    for (int i = 0; i < CLIENTS; i++) {
        snprintf(text, sizeof(text), "C%-5d | churned %s: ", i, phase);
        solution_expect(solution, text);
        const char *told = strstr(solution->text, text) + strlen(text);
        ck_assert_int_eq(sscanf(told, "%u times, %u failures", &n_times, &n_failures), 2);
        ck_assert_uint_eq(n_failures, 0);
        ck_assert_uint_gt(n_times, 0);
        n_all += n_times;
    }
    printf("%s: %u channels\n", phase, n_all);
}

START_TEST(a_crowd_that_comes_and_goes_leaves_descriptors_and_memory_as_they_were)
{
    solution_program(solution, "actor.Server", "dynamic", "Server", "", "descriptors", "take", "-",
                     "serve-often", "2", "take-all", "join", NULL);
    add_crowd();
    solution_program(solution, "actor.Server", "dynamic", "First", "", "ask", "Server echo -",
                     "number", "1", "sleep", NULL);
    solution_start(solution, NULL);
    solution_expect(solution, "First  | number 1: 1\n");
    pid_t broker = process_child_of(solution->pid);
    const pid_t pids[] = {broker, process_child_of(broker)};
    struct holdings before[] = {holdings_settled(pids[0]), holdings_settled(pids[1])};
    long before_kib[2];

    let_go(solution->marks[0], "first");
    for (int i = 0; i < 2; i++) {
        struct holdings now = holdings_settled(pids[i]);
        ck_assert_int_eq(now.n_descriptors, before[i].n_descriptors);
        before_kib[i] = memory_kib(pids[i]);
    }
    let_go(solution->marks[1], "second");
    for (int i = 0; i < 2; i++) {
        struct holdings now = holdings_settled(pids[i]);
        long now_kib = memory_kib(pids[i]);
        printf("%s: %d descriptors before, %d after; %ld KiB half-way, %ld KiB after\n",
               i == 0 ? "broker" : "server", before[i].n_descriptors, now.n_descriptors,
               before_kib[i], now_kib);
        ck_assert_int_eq(now.n_descriptors, before[i].n_descriptors);
        ck_assert_int_eq(now.n_memories, before[i].n_memories);
        ck_assert_int_le(now_kib, before_kib[i] + KIB_MORE_MAX);
    }
}
END_TEST

/* AddressSanitizer, where the programs have it, keeps up to 256 MiB of what was freed: the more
 * they do, the more. */
int main(void)
{
    setenv("ASAN_OPTIONS", "quarantine_size_mb=1:thread_local_quarantine_size_kb=64", 0);
    Suite *suite = suite_create("crowd");
    TCase *cases = tcase_create("crowd");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 240);
    tcase_add_test(cases, a_crowd_that_comes_and_goes_leaves_descriptors_and_memory_as_they_were);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
