/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/run.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/support/measure.h"
#include "tests/bench/support/scratch.h"

/* For whatever should be quick; longer than it takes 512 entities to start on a busy machine. */
#define PATIENCE_NS UINT64_C(30000000000)

static int ready_fd = -1;

/* find_beside() - the absolute path of @name, which is beside the folder of this program */
static int find_beside(const char *name, char ret_path[PATH_MAX])
{
    static char self[PATH_MAX];
    static char path[2 * PATH_MAX];

    if (realpath("/proc/self/exe", self) == NULL) {
        perror("bench: /proc/self/exe");
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s/../%s", dirname(self), name);
    if (realpath(path, ret_path) == NULL) {
        perror(path);
        return -1;
    }
    return 0;
}

/* run_setting_find() - for a program two folders below tests. Return: 0; -1. */
int run_setting_find(struct run_setting *ret_setting)
{
    return find_beside("calls", ret_setting->programs) == 0 &&
                   find_beside("../../bin/capchan", ret_setting->capchan) == 0
               ? 0
               : -1;
}

static void tell_ready(void)
{
    (void)!write(ready_fd, "", 1);
    (void)close(ready_fd);
}

/* start_server() - and wait until it takes clients */
static int start_server(struct family *family, const struct mechanism *mechanism,
                        const struct bench_case *bench_case, enum placement placement)
{
    int ends[2];
    char byte;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        perror("bench: pipe");
        return -1;
    }
    pid_t pid = family_fork(family);
    if (pid == 0) {
        (void)close(ends[0]);
        ready_fd = ends[1];
        placement_apply(placement, true);
        (void)mechanism->serve(bench_case, tell_ready);
        (void)fprintf(stderr, "bench: the server of %s failed\n", mechanism->name);
        _exit(EXIT_FAILURE);
    }
    (void)close(ends[1]);
    ssize_t n = pid < 0 ? -1 : read(ends[0], &byte, 1);
    (void)close(ends[0]);
    return n == 1 ? 0 : -1;
}

/* start_processes() - a server and its clients */
static int start_processes(struct family *family, const struct mechanism *mechanism,
                           const char *folder, struct board *board)
{
    const struct bench_case bench_case = {.folder = folder, .payload = board->task.payload};

    if (start_server(family, mechanism, &bench_case, board->task.placement) != 0) {
        return -1;
    }
    for (uint32_t i = 0; i < board->task.n_clients; i++) {
        pid_t pid = family_fork(family);
        if (pid < 0) {
            return -1;
        }
        if (pid == 0) {
            _exit(measure_client(board, i, mechanism, &bench_case) == 0 ? 0 : EXIT_FAILURE);
        }
    }
    return 0;
}

/* run_solution() - with `capchan run`. Return: its process; -1. */
pid_t run_solution(struct family *family, const struct run_setting *setting,
                   const struct solution_file *solution)
{
    char path[SCRATCH_BYTES + 16];

    (void)snprintf(path, sizeof(path), "%s/init.yaml", solution->folder);
    if (solution_file_write(solution, path) != 0) {
        return -1;
    }
    pid_t pid = family_fork(family);
    if (pid == 0) {
        if (solution->placement == PLACEMENT_ONE_CPU) {
            placement_apply(solution->placement, false);
        }
        (void)execl(setting->capchan, setting->capchan, "run", path, (char *)NULL);
        perror(setting->capchan);
        _exit(EXIT_FAILURE);
    }
    return pid;
}

/* start_solution() - the same as entities */
static int start_solution(struct family *family, const struct run_setting *setting,
                          const char *folder, const struct board *board)
{
    const struct solution_file solution = {.programs = setting->programs,
                                           .folder = folder,
                                           .client = "echo_client",
                                           .placement = board->task.placement,
                                           .n_servers = 1,
                                           .n_clients = board->task.n_clients};

    return run_solution(family, setting, &solution) < 0 ? -1 : 0;
}

/* read_board() - what all clients together measured */
static void read_board(const struct board *board, struct figures *ret_figures)
{
    const uint32_t n_active = board->task.n_active;
    static struct histogram histogram;
    uint64_t slowest = UINT64_MAX;

    board_read_histogram(board, &histogram);
    for (uint32_t i = 0; i < n_active; i++) {
        uint64_t calls = atomic_load(&board->calls[i]);
        slowest = calls < slowest ? calls : slowest;
    }
    const double total = (double)histogram_total(&histogram);
    *ret_figures = (struct figures){
        .median_us = histogram_quantile_ns(&histogram, 0.5) / 1e3,
        .p99_us = histogram_quantile_ns(&histogram, 0.99) / 1e3,
        .calls_per_second = total * 1e9 / (double)board->task.duration_ns,
        .slowest = total > 0 ? (double)slowest * n_active / total : 0,
    };
}

/* let_run() - all is started: see it through */
static int let_run(struct board *board, struct figures *ret_figures)
{
    const struct board_task *task = &board->task;

    if (!board_await(board, &board->n_ready, task->n_clients, PATIENCE_NS, family_is_interrupted)) {
        return -1;
    }
    board_start(board, 1);
    if (!board_await(board, &board->n_done, task->n_active,
                     task->warm_up_ns + task->duration_ns + PATIENCE_NS, family_is_interrupted)) {
        return -1;
    }
    read_board(board, ret_figures);
    if (ret_figures->median_us == 0) {
        (void)fprintf(stderr, "bench: no call began and ended in time; is the machine busy?\n");
        return -1;
    }
    return 0;
}

/*
 * run_once() - see what comes of @task
 * @mechanism: how processes call each other; NULL: our generated call, between entities
 *
 * Return: 0; -1, with a message on stderr.
 */
int run_once(const struct run_setting *setting, const struct mechanism *mechanism,
             const struct board_task *task, struct figures *ret_figures)
{
    static struct family family;
    char folder[SCRATCH_BYTES];

    if (scratch_make(folder) != 0) {
        return -1;
    }
    struct board *board = board_make(folder, task);
    int r = board == NULL       ? -1
            : mechanism == NULL ? start_solution(&family, setting, folder, board)
                                : start_processes(&family, mechanism, folder, board);
    if (r == 0) {
        r = let_run(board, ret_figures);
    }
    family_end(&family);
    board_free(board);
    scratch_remove(folder);
    if (r != 0) {
        (void)fprintf(stderr, "bench: a run of %s failed\n",
                      mechanism == NULL ? "capchan" : mechanism->name);
    }
    return r;
}
