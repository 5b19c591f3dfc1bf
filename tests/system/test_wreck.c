/* SPDX-License-Identifier: Apache-2.0 */
/* Handles on their way when somebody is killed, or has no room for what comes with them; see
 * tests/programs/wreck.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"
#include "tests/support/random_value.h"

#define SENDERS 6
#define ENTITIES_MAX 16
#define DELAY_US_MAX 20000
#define ROUNDS "1000"
#define LAPS "1" /* of that many rounds */
#define LAPS_LONG "100"
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GROWTH_KIB_MAX 262144 /* what was freed is kept for a while */
#else
#define GROWTH_KIB_MAX 256 /* of a heap, which may be cut up */
#endif

enum {
    DOCK,
    OTHER,
    FIRST_CLIENT,
};

static pid_t broker;
static pid_t entities[ENTITIES_MAX];
static struct random_source source;

static void setup(void)
{
    source.state = random_seed();
    solution_setup();
    solution_program(solution, "ferry.Dock", "dock", "Dock", "", "dock", NULL);
    solution_program(solution, "ferry.Dock", "dock", "Other", "", "other", NULL);
}

static void add_client(const char *task, const char *what, const char *argument)
{
    solution_program(solution, "actor.Client", "wreck", task, "Dock:dock Other:other", what,
                     argument, NULL);
}

/* start() - with @n clients, which print "warm" and wait */
static void start(const char *exit_with, int n)
{
    char text[32];

    solution_start(solution, exit_with != NULL ? "--exit-with" : NULL, exit_with, NULL);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "Client%d | warm", i);
        solution_expect(solution, text);
    }
    broker = process_child_of(solution->pid);
    ck_assert_int_eq(processes_children_of(broker, entities, ENTITIES_MAX), FIRST_CLIENT + n);
}

static void wait_a_moment(void)
{
    long ns = (long)(random_next(&source) % DELAY_US_MAX) * 1000;

    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

static void send_signal(pid_t pid, int number)
{
    ck_assert_int_eq(kill(pid, number), 0);
}

START_TEST(a_handle_arrives_without_a_descriptor_for_it_and_works_once_there_is_one)
{
    add_client("Client0", "descriptors", NULL);
    solution_start(solution, "--exit-with", "Client0", NULL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

/* expect_descriptors() - that @pid has so many, at most that is, before long */
static void expect_descriptors(pid_t pid, int n)
{
    int n_now = holdings_of(pid).n_descriptors;

    for (int i = 0; n_now > n && i < SOLUTION_PATIENCE_MS / 10; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        n_now = holdings_of(pid).n_descriptors;
    }
    ck_assert_int_le(n_now, n);
}

/* kill_client() - and wait until its last word has been said */
static void kill_client(int number)
{
    char text[64];

    snprintf(text, sizeof(text), "Client%d (pid %d) was killed", number,
             (int)entities[FIRST_CLIENT + number]);
    send_signal(entities[FIRST_CLIENT + number], SIGKILL);
    solution_expect(solution, text);
}

START_TEST(a_sender_that_is_killed_leaves_nothing_behind)
{
    char task[16];

    for (int i = 0; i <= SENDERS; i++) {
        snprintf(task, sizeof(task), "Client%d", i);
        add_client(task, "send", NULL);
    }
    start(NULL, SENDERS + 1);
    const int before = holdings_settled(broker).n_descriptors;
    const int before_at_dock = holdings_settled(entities[DOCK]).n_descriptors;
    kill_client(0); /* who has sent nothing that was not taken */
    expect_descriptors(broker, before - 1);
    expect_descriptors(entities[DOCK], before_at_dock - 1);
    const int of_one = before - holdings_settled(broker).n_descriptors;
    const int of_one_at_dock = before_at_dock - holdings_settled(entities[DOCK]).n_descriptors;
    for (int i = 1; i <= SENDERS; i++) {
        send_signal(entities[FIRST_CLIENT + i], SIGUSR1);
    }
    for (int i = 1; i <= SENDERS; i++) {
        wait_a_moment();
        kill_client(i);
    }
    expect_descriptors(broker, before - (SENDERS + 1) * of_one);
    expect_descriptors(entities[DOCK], before_at_dock - (SENDERS + 1) * of_one_at_dock);
    send_signal(solution->pid, SIGTERM);
    (void)solution_wait(solution);
}
END_TEST

START_TEST(what_was_on_its_way_to_a_process_that_is_killed_is_charged_to_nobody)
{
    add_client("Client0", "survive", NULL);
    start("Client0", 1);
    send_signal(entities[FIRST_CLIENT], SIGUSR1);
    wait_a_moment();
    send_signal(entities[DOCK], SIGKILL);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

/* heap_kib() - memory of a process that is its own */
static long heap_kib(pid_t pid)
{
    char path[32];
    char line[256];
    long kib = -1;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        (void)sscanf(line, "RssAnon: %ld", &kib);
    }
    fclose(file);
    return kib;
}

START_TEST(a_handle_that_goes_round_and_round_leaves_nothing_behind)
{
    const char *laps = getenv("CAPCHAN_LONG") != NULL ? LAPS_LONG : LAPS;
    char text[32];
    pid_t pids[FIRST_CLIENT + 2];
    struct holdings before[FIRST_CLIENT + 2];
    long heaps_kib[FIRST_CLIENT + 2];

    add_client("Client0", laps, ROUNDS);
    start("Client0", 1);
    memcpy(pids, entities, sizeof(pids));
    pids[FIRST_CLIENT + 1] = broker;
    for (int i = 0; i < FIRST_CLIENT + 2; i++) {
        before[i] = holdings_settled(pids[i]);
        heaps_kib[i] = heap_kib(pids[i]);
    }
    for (int lap = 1; lap <= atoi(laps); lap++) {
        send_signal(entities[FIRST_CLIENT], SIGUSR1);
        snprintf(text, sizeof(text), "Client0 | lap %d\n", lap);
        solution_expect(solution, text);
    }
    for (int i = 0; i < FIRST_CLIENT + 2; i++) {
        expect_descriptors(pids[i], before[i].n_descriptors);
        ck_assert_int_le(holdings_settled(pids[i]).n_memories, before[i].n_memories);
        ck_assert_int_le(heap_kib(pids[i]), heaps_kib[i] + GROWTH_KIB_MAX);
    }
    send_signal(entities[FIRST_CLIENT], SIGUSR1);
    int status = solution_wait(solution);
    ck_assert_msg(status == 0, "%s", solution->text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wreck");
    TCase *cases = tcase_create("wreck");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, setup, solution_teardown);
    tcase_add_test(cases, a_handle_arrives_without_a_descriptor_for_it_and_works_once_there_is_one);
    tcase_add_test(cases, a_sender_that_is_killed_leaves_nothing_behind);
    tcase_add_test(cases, what_was_on_its_way_to_a_process_that_is_killed_is_charged_to_nobody);
    tcase_add_test(cases, a_handle_that_goes_round_and_round_leaves_nothing_behind);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
