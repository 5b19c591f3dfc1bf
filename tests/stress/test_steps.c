/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 at every step of a call, in real solutions whose broker tells the other end, and, by
 * stress_steps, without a broker. CAPCHAN_TIMES=N does so N times at each step, and CK_RUN_CASE
 * only for one of the four cases in main(). Runs alone: both ends must have a CPU.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nk/errno.h>

#include "tests/support/check_main.h"
#include "tests/support/processes.h"
#include "tests/support/random_value.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"
#include "tests/support/step.h"

#define P99_NS INT64_C(20000000)
/* The worst of fewer says more about what else the machine did: they are judged by their median. */
#define P99_WAITS_MIN 500
#define STEPS_MIN 10
#define STEPS_MAX 64
#define TIMES_MAX 1000
#define SKIP_MIN 5

struct step {
    char name[64];
    unsigned n_listed;
};

static struct step steps[STEPS_MAX];
static size_t n_steps;
static int64_t waits_ns[STEPS_MAX * TIMES_MAX];
static size_t n_waits;
static struct random_source random_source;
static struct solution *solution;
static bool leaves_child; /* who is killed does */

static unsigned times_wanted(void)
{
    const char *setting = getenv("CAPCHAN_TIMES");
    unsigned long n = setting != NULL ? strtoul(setting, NULL, 10) : 1;

    return n < TIMES_MAX ? (unsigned)n : TIMES_MAX;
}

/* add() - a stepper that is killed when it has been at @step @skip times, NULL: it is not */
static void add(const char *role, const char *step, unsigned skip)
{
    char line[160];
    bool is_server = strcmp(role, "server") == 0;

    solution_program(solution, is_server ? "actor.Server" : "actor.Client", "stepper", role,
                     is_server ? "" : "server:link", role, "link", NULL);
    if (step != NULL) {
        snprintf(line, sizeof(line), "    env: {CAPCHAN_STEP: '%.63s', CAPCHAN_SKIP: '%u'%s}\n",
                 step, skip, leaves_child ? ", CAPCHAN_FORK: '1'" : "");
        solution_yaml(solution, line);
    }
}

/* note() - a step that was reached */
static void note(const char *name)
{
    size_t i = 0;

    while (i < n_steps && strcmp(steps[i].name, name) != 0) {
        i++;
    }
    ck_assert_uint_lt(i, STEPS_MAX);
    if (i == n_steps) {
        snprintf(steps[i].name, sizeof(steps[i].name), "%.63s", name);
        n_steps++;
    }
    steps[i].n_listed++;
}

/* list() - the steps that @role reaches in a second */
static void list(const char *role)
{
    char name[64];

    memset(steps, 0, sizeof(steps));
    n_steps = 0;
    solution = solution_new();
    add("server", strcmp(role, "server") == 0 ? "list" : NULL, 0);
    add("client", strcmp(role, "client") == 0 ? "list" : NULL, 0);
    solution_start(solution, NULL);
    nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    kill(solution->pid, SIGTERM);
    (void)solution_wait(solution);
    for (const char *at = solution->text; (at = strstr(at, "| step ")) != NULL; at++) {
        ck_assert_int_eq(sscanf(at, "| step %63[^\n]", name), 1);
        note(name);
    }
    solution_free(solution);
    ck_assert_uint_ge(n_steps, STEPS_MIN);
}

/* is_again() - whether a step is reached again and again, and not just when a channel is new */
static bool is_again(const struct step *step)
{
    return step->n_listed > SKIP_MIN;
}

/* skips() - how often such a step is passed before; no more often than in the second of list() */
static unsigned skips(const struct step *step)
{
    return is_again(step)
               ? SKIP_MIN + (unsigned)(random_next(&random_source) % (step->n_listed - SKIP_MIN))
               : 0;
}

/* moment() - the number behind @what in the output, once @after is there as well */
static int64_t moment(const char *what, const char *after)
{
    solution_expect(solution, what);
    solution_expect(solution, after);
    return strtoll(strstr(solution->text, what) + strlen(what), NULL, 10);
}

/* died_at() - when an entity reached its last step, once @after is in the output */
static int64_t died_at(const char *step, const char *after)
{
    char start[96];

    snprintf(start, sizeof(start), "| step %.63s at ", step);
    return moment(start, after);
}

/* kill_server() - Return: how long its client waited. */
static int64_t kill_server(const struct step *step, unsigned skip)
{
    solution = solution_new();
    add("server", step->name, skip);
    add("client", NULL, 0);
    solution_start(solution, "--exit-with", "client", NULL);
    int64_t died_ns = died_at(step->name, "left ");
    int64_t told_ns = moment("told 9 at ", "left ");
    ck_assert_int_eq(NK_ENOTCONN, 9);
    ck_assert_int_eq(solution_wait(solution), 0);
    ck_assert_msg(strstr(solution->text, "left nothing\n") != NULL, "%s: %s", step->name,
                  solution->text);
    solution_free(solution);
    return told_ns - died_ns;
}

/* kill_client() - Return: how long the server held on to its memory; 0 if it may not have had it
 * yet. Clients that were there, and those that come later, notice nothing. */
static int64_t kill_client(const struct step *step, unsigned skip)
{
    char path[128];

    solution = solution_new();
    add("server", NULL, 0);
    add("client", step->name, skip);
    solution_entity(solution, "before", "server:link", "connect", "link", "number", "1", "number",
                    "2", "await", "killed", "number", "3", "sleep", NULL);
    solution_entity(solution, "after", "server:link", "await", "killed", "connect", "link",
                    "number", "4", "number", "5", "sleep", NULL);
    solution_start(solution, NULL);
    int64_t died_ns = died_at(step->name, "was killed by signal 9");
    int64_t dropped_ns = is_again(step) ? moment("dropped at ", "and serves on\n") : died_ns;
    snprintf(path, sizeof(path), "%s/killed", solution->folder);
    fclose(fopen(path, "we"));
    solution_expect(solution, "number 3: 3\n");
    solution_expect(solution, "number 5: 5\n");
    solution_free(solution);
    return dropped_ns - died_ns;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* kill_often() - at every step, as often as wanted */
static void kill_often(const char *role, int64_t (*kill_once)(const struct step *, unsigned))
{
    list(role);
    random_source.state = random_seed();
    for (size_t i = 0; i < n_steps; i++) {
        for (unsigned time = 0; time < times_wanted(); time++) {
            waits_ns[n_waits++] = kill_once(&steps[i], skips(&steps[i]));
        }
    }
    qsort(waits_ns, n_waits, sizeof(waits_ns[0]), compare);
    int64_t p99_ns = waits_ns[(n_waits - 1) * 99 / 100];
    printf("%s killed %zu times, at %zu steps: other end knows after median %" PRId64
           " us, p99 %" PRId64 " us, worst %" PRId64 " us\n",
           role, n_waits, n_steps, waits_ns[n_waits / 2] / 1000, p99_ns / 1000,
           waits_ns[n_waits - 1] / 1000);
    ck_assert_int_le(n_waits < P99_WAITS_MIN ? waits_ns[n_waits / 2] : p99_ns, P99_NS);
}

START_TEST(a_client_is_told_of_its_servers_death_at_every_step)
{
    kill_often("server", kill_server);
}
END_TEST

START_TEST(a_child_that_holds_the_servers_descriptors_hides_its_death_at_no_step)
{
    leaves_child = true;
    kill_often("server", kill_server);
}
END_TEST

START_TEST(a_server_gives_back_what_a_client_that_died_at_any_step_had)
{
    kill_often("client", kill_client);
}
END_TEST

START_TEST(without_a_broker_each_end_sees_for_itself_that_the_other_one_died)
{
    const char *output = shell_run("", "'%s/tests/stress/stress_steps' --times %u 2>&1",
                                   build_folder(), times_wanted());
    fputs(output, stdout);
}
END_TEST

/* add_case() - of its own, so that CK_RUN_CASE can choose it */
static void add_case(Suite *suite, const char *name, const TTest *test)
{
    TCase *cases = tcase_create(name);

    tcase_set_timeout(cases, 60 + 60 * times_wanted());
    tcase_add_test(cases, test);
    suite_add_tcase(suite, cases);
}

int main(void)
{
    Suite *suite = suite_create("steps");

    add_case(suite, "server", a_client_is_told_of_its_servers_death_at_every_step);
    add_case(suite, "server and child",
             a_child_that_holds_the_servers_descriptors_hides_its_death_at_no_step);
    add_case(suite, "client", a_server_gives_back_what_a_client_that_died_at_any_step_had);
    add_case(suite, "no broker", without_a_broker_each_end_sees_for_itself_that_the_other_one_died);
    return check_main(suite);
}
