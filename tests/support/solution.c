/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/solution.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/folder.h"

#define ARGUMENTS_MAX 32

/* build_folder() - absolute path of the build that is tested */
const char *build_folder(void)
{
    static char path[PATH_MAX];
    const char *name = getenv("CAPCHAN_BUILD");

    if (path[0] == '\0') {
        ck_assert_ptr_nonnull(realpath(name != NULL ? name : "build", path));
    }
    return path;
}

static void append(char **text, const char *more)
{
    size_t used = *text != NULL ? strlen(*text) : 0;

    *text = realloc(*text, used + strlen(more) + 1);
    ck_assert_ptr_nonnull(*text);
    strcpy(*text + used, more);
}

struct solution *solution_new(void)
{
    struct solution *solution = calloc(1, sizeof(*solution));

    ck_assert_ptr_nonnull(solution);
    strcpy(solution->folder, "/tmp/capchan-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(solution->folder));
    for (size_t i = 0; i < SOLUTION_MARKS; i++) {
        snprintf(solution->marks[i], sizeof(solution->marks[i]), "%s/mark%zu", solution->folder, i);
    }
    append(&solution->yaml, "entities:\n");
    append(&solution->text, "");
    solution->output = -1;
    return solution;
}

/* solution_yaml() - lines as they are, e.g. more keys of the last entity */
void solution_yaml(struct solution *solution, const char *yaml)
{
    append(&solution->yaml, yaml);
}

/* append_connections() - from "Server:link Other:name" */
static void append_connections(struct solution *solution, const char *connections)
{
    char *copy = strdup(connections);
    char *rest = copy;
    char line[512];

    append(&solution->yaml, connections[0] != '\0' ? "    connections:\n" : "");
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char *colon = strchr(word, ':');
        *colon = '\0';
        snprintf(line, sizeof(line), "      - target: %s\n        id: %s\n", word, colon + 1);
        append(&solution->yaml, line);
    }
    free(copy);
}

/* append_entity() - one of tests/programs, with its commands, NULL at the end */
static void append_entity(struct solution *solution, const char *class, const char *program,
                          const char *task, const char *connections, va_list arguments)
{
    char line[PATH_MAX + 256];

    snprintf(line, sizeof(line), "  - name: %s\n    task: %s\n    path: %s/tests/programs/%s\n",
             class, task, build_folder(), program);
    append(&solution->yaml, line);
    append_connections(solution, connections);
    append(&solution->yaml, "    args: [");
    for (const char *word; (word = va_arg(arguments, const char *)) != NULL;) {
        snprintf(line, sizeof(line), "'%s', ", word);
        append(&solution->yaml, line);
    }
    append(&solution->yaml, "]\n");
}

/*
 * solution_entity() - add an actor
 * @connections: "TASK:ID ..."; the class is actor.Client if there are any, else actor.Server
 * @...:         its commands, NULL at the end
 */
void solution_entity(struct solution *solution, const char *task, const char *connections, ...)
{
    va_list arguments;

    va_start(arguments, connections);
    append_entity(solution, connections[0] != '\0' ? "actor.Client" : "actor.Server", "actor", task,
                  connections, arguments);
    va_end(arguments);
}

/* solution_program() - add an entity of another class, another one of tests/programs */
void solution_program(struct solution *solution, const char *class, const char *program,
                      const char *task, const char *connections, ...)
{
    va_list arguments;

    va_start(arguments, connections);
    append_entity(solution, class, program, task, connections, arguments);
    va_end(arguments);
}

static void write_yaml(const struct solution *solution)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/init.yaml", solution->folder);
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    fputs(solution->yaml, file);
    fclose(file);
}

/* spawn() - `capchan run` with the words given, in @folder, its output coming to us */
static void spawn(struct solution *solution, const char *folder, const char **words)
{
    char program[PATH_MAX];
    int ends[2];

    snprintf(program, sizeof(program), "%s/bin/capchan", build_folder());
    words[0] = program;
    words[1] = "run";
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    solution->pid = fork();
    ck_assert_int_ge(solution->pid, 0);
    if (solution->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        if (chdir(folder) == 0) {
            execv(program, (char **)words);
        }
        _exit(127);
    }
    close(ends[1]);
    solution->output = ends[0];
}

/* solution_start() - run what was declared so far, with the options given, NULL at the end */
void solution_start(struct solution *solution, ...)
{
    const char *words[ARGUMENTS_MAX] = {0};
    size_t n = 2;
    va_list arguments;

    va_start(arguments, solution);
    while ((words[n] = va_arg(arguments, const char *)) != NULL) {
        n++;
    }
    va_end(arguments);
    words[n] = "init.yaml";
    write_yaml(solution);
    spawn(solution, solution->folder, words);
}

/* solution_start_example() - run examples/@name; @exit_with may be NULL */
void solution_start_example(struct solution *solution, const char *name, const char *exit_with)
{
    char file[PATH_MAX];
    char programs[PATH_MAX];
    const char *words[ARGUMENTS_MAX] = {[2] = "--bin", [3] = programs, [4] = file};

    snprintf(file, sizeof(file), "examples/%s/init.yaml", name);
    snprintf(programs, sizeof(programs), "%s/examples/%s", build_folder(), name);
    if (exit_with != NULL) {
        words[5] = "--exit-with";
        words[6] = exit_with;
    }
    spawn(solution, ".", words);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* read_more() - take more output. Return: false at its end, or when patience is over. */
static bool read_more(struct solution *solution, int64_t deadline_ms)
{
    struct pollfd fd = {.fd = solution->output, .events = POLLIN};
    int64_t left_ms = deadline_ms - now_ms();
    char bytes[65536];

    if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0) {
        return false;
    }
    ssize_t n = read(solution->output, bytes, sizeof(bytes) - 1);
    if (n <= 0) {
        return false;
    }
    bytes[n] = '\0';
    append(&solution->text, bytes);
    solution->text_size = strlen(solution->text);
    return true;
}

/* last_of() - the end of the output, short enough for a message of Check's */
static const char *last_of(const struct solution *solution)
{
    return solution->text + (solution->text_size > 2000 ? solution->text_size - 2000 : 0);
}

/* solution_expect() - wait until the output contains @text, or fail the test */
void solution_expect(struct solution *solution, const char *text)
{
    int64_t deadline_ms = now_ms() + SOLUTION_PATIENCE_MS;

    while (strstr(solution->text, text) == NULL) {
        if (!read_more(solution, deadline_ms)) {
            ck_abort_msg("never saw \"%s\" in:\n%s", text, last_of(solution));
        }
    }
}

/* solution_wait() - wait for the end of `capchan run`. Return: its exit status, or 128 + signal. */
int solution_wait(struct solution *solution)
{
    int64_t deadline_ms = now_ms() + SOLUTION_PATIENCE_MS;
    int status;

    while (read_more(solution, deadline_ms)) {
    }
    while (waitpid(solution->pid, &status, WNOHANG) == 0) {
        if (now_ms() > deadline_ms) {
            kill(solution->pid, SIGKILL);
            ck_abort_msg("capchan run did not end; it printed:\n%s", last_of(solution));
        }
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    solution->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* solution_free() - stop what still runs, remove the folder */
void solution_free(struct solution *solution)
{
    if (solution->pid > 0) {
        kill(solution->pid, SIGTERM);
        solution_wait(solution);
    }
    if (solution->output >= 0) {
        close(solution->output);
    }
    (void)folder_remove(solution->folder);
    free(solution->yaml);
    free(solution->text);
    free(solution);
}
