/* SPDX-License-Identifier: Apache-2.0 */
/* A bad init.yaml: one clear error, exit status 2, nothing started, and quickly. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

/* Processor time is what the file costs us; how busy the machine is otherwise is not our doing. */
#define CPU_MS_MAX 200

static struct solution *solution;

static void setup(void)
{
    solution = solution_new();
}

static void teardown(void)
{
    solution_free(solution);
}

static void replace_yaml(const char *text)
{
    free(solution->yaml);
    solution->yaml = strdup(text);
}

static bool is_sanitized(void)
{
    return strstr(build_folder(), "sanitize") != NULL;
}

static const struct {
    const char *what;
    const char *yaml;
    const char *message;
} cases[] = {
    {"unknown key", "entities:\n  - name: A\n    conections: []\n", "init.yaml:3:5: error: "},
    {"duplicate task", "entities:\n  - name: A\n  - name: A\n", "init.yaml:3:"},
    {"dangling target", "entities:\n  - name: A\n    connections: [{target: B, id: x}]\n",
     "init.yaml:3:"},
    {"wrong type", "entities: 3\n", "init.yaml:1:11: error: "},
    {"empty file", "", "init.yaml:1:1: error: "},
    {"missing executable", "entities:\n  - name: A\n", "init.yaml:2:11: error: "},
    {"alias bomb", "a: &a [x]\nb: &b [*a,*a]\n", "init.yaml:1:"},
    {"NUL bytes without end", "entities:\n  - name: \"\\0\"\n", "init.yaml:2:"},
    {"bad UTF-8", "entities:\n  - name: \xff\n", "init.yaml:2:11: error: "},
    {"rule about nobody",
     "entities:\n  - name: A\ncapchan:\n  dynamic: [{client: B, server: A, service: x}]\n",
     "init.yaml:4:22: error: client 'B' is not the task of any entity; "},
    {"tab", "entities:\n\t- name: A\n", "init.yaml:2:"},
};

START_TEST(a_mistake_is_named_with_its_place_and_nothing_is_started)
{
    replace_yaml(cases[_i].yaml);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, cases[_i].message);
    ck_assert_msg(strncmp(solution->text, "init.yaml:", 10) == 0, "%s", solution->text);
    ck_assert_ptr_null(strstr(solution->text + 1, ": error: init.yaml"));
}
END_TEST

/* child_cpu_ms() - processor time of all children that were waited for so far */
static long child_cpu_ms(void)
{
    struct rusage usage;

    ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &usage), 0);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void expect_cheap_refusal(const char *message)
{
    long before_ms = child_cpu_ms();

    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, message);
    if (!is_sanitized()) {
        ck_assert_int_le(child_cpu_ms() - before_ms, CPU_MS_MAX);
    }
}

START_TEST(ten_thousand_brackets_are_refused_cheaply)
{
    char *yaml = malloc(10016);

    strcpy(yaml, "entities: ");
    memset(yaml + 10, '[', 10000);
    yaml[10010] = '\0';
    replace_yaml(yaml);
    free(yaml);
    expect_cheap_refusal("init.yaml:1:");
}
END_TEST

START_TEST(a_hundred_megabytes_are_refused_cheaply)
{
    size_t size = 100u << 20;

    free(solution->yaml);
    solution->yaml = malloc(size + 1);
    memset(solution->yaml, '#', size);
    solution->yaml[size] = '\0';
    expect_cheap_refusal("init.yaml:1:1: error: ");
}
END_TEST

START_TEST(carriage_returns_and_a_byte_order_mark_are_accepted)
{
    char text[512];

    snprintf(text, sizeof(text),
             "\xef\xbb\xbf"
             "entities:\r\n  - name: actor.Server\r\n    path: %s/tests/programs/actor\r\n"
             "    args: [exit, \"0\"]\r\n",
             build_folder());
    replace_yaml(text);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 0);
}
END_TEST

START_TEST(exit_with_must_name_a_task)
{
    solution_entity(solution, "Server", "", "exit", "0", NULL);
    solution_start(solution, "--exit-with", "Sever", NULL);
    ck_assert_int_eq(solution_wait(solution), 2);
    solution_expect(solution, "--exit-with: init.yaml has no task 'Sever'\n");
}
END_TEST

START_TEST(a_program_that_cannot_be_executed_stops_the_whole_solution)
{
    char path[128];
    char text[512];

    snprintf(path, sizeof(path), "%s/program", solution->folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
    ck_assert_int_eq(write(fd, "no program", 10), 10);
    close(fd);
    solution_entity(solution, "First", "", "sleep", NULL);
    snprintf(text, sizeof(text), "  - {name: Second, path: %s}\n", path);
    solution_yaml(solution, text);
    solution_start(solution, NULL);
    ck_assert_int_eq(solution_wait(solution), 1);
    solution_expect(solution, "capchand: Second: cannot execute it (");
    solution_expect(solution, "Exec format error\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_errors");
    TCase *tcase = tcase_create("config_errors");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_mistake_is_named_with_its_place_and_nothing_is_started, 0,
                        sizeof(cases) / sizeof(cases[0]));
    tcase_add_test(tcase, ten_thousand_brackets_are_refused_cheaply);
    tcase_add_test(tcase, a_hundred_megabytes_are_refused_cheaply);
    tcase_add_test(tcase, carriage_returns_and_a_byte_order_mark_are_accepted);
    tcase_add_test(tcase, exit_with_must_name_a_task);
    tcase_add_test(tcase, a_program_that_cannot_be_executed_stops_the_whole_solution);
    suite_add_tcase(suite, tcase);
    return check_main(suite);
}
