/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A solution of actors (tests/programs/actor.c) in a folder of its own, run by the real `capchan
 * run`.
 *
 *     struct solution *solution = solution_new();
 *     solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
 *     solution_entity(solution, "Client", "Server:link", "connect", "link", "number", "7", NULL);
 *     solution_start(solution, "--exit-with", "Client", NULL);
 *     solution_expect(solution, "Client | number 7: 7\n");
 *     ck_assert_int_eq(solution_wait(solution), 0);
 *     solution_free(solution);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How long anything that must happen may take, sanitizers and a loaded machine included. */
#define SOLUTION_PATIENCE_MS 20000

#define SOLUTION_MARKS 4

/*
 * @folder: where init.yaml is, and where entities start
 * @marks:  names of files in it that are not there, for the entities' commands mark and await
 * @text:   all output so far, NUL-terminated
 */
struct solution {
    char folder[64];
    char marks[SOLUTION_MARKS][80];
    char *yaml;
    pid_t pid;
    int output;
    char *text;
    size_t text_size;
};

struct solution *solution_new(void);
void solution_entity(struct solution *solution, const char *task, const char *connections, ...);
void solution_program(struct solution *solution, const char *class, const char *program,
                      const char *task, const char *connections, ...);
void solution_yaml(struct solution *solution, const char *yaml);
void solution_start(struct solution *solution, ...);
void solution_start_example(struct solution *solution, const char *name, const char *exit_with);
void solution_expect(struct solution *solution, const char *text);
int solution_wait(struct solution *solution);
void solution_free(struct solution *solution);
const char *build_folder(void);
