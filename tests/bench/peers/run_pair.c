/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/peers/run_pair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/calls/family.h"
#include "tests/bench/calls/measure.h"
#include "tests/bench/calls/scratch.h"
#include "tests/bench/calls/solution_file.h"

/* For whatever should be quick. */
#define PATIENCE_NS UINT64_C(10000000000)

static int ready_fd = -1;

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

static int start_pair(struct family *family, const struct mechanism *mechanism, const char *folder,
                      struct board *board)
{
    const struct bench_case bench_case = {.folder = folder, .payload = board->task.payload};

    if (start_server(family, mechanism, &bench_case, board->task.placement) != 0) {
        return -1;
    }
    pid_t pid = family_fork(family);
    if (pid == 0) {
        _exit(measure_client(board, 0, mechanism, &bench_case) == 0 ? 0 : EXIT_FAILURE);
    }
    return pid < 0 ? -1 : 0;
}

/* start_entities() - the same through `capchan run` */
static int start_entities(struct family *family, const struct run_setting *setting,
                          const char *folder)
{
    const struct solution_file solution = {.programs = setting->programs,
                                           .folder = folder,
                                           .client = "echo_client",
                                           .n_servers = 1,
                                           .n_clients = 1};
    char path[SCRATCH_BYTES + 16];

    (void)snprintf(path, sizeof(path), "%s/init.yaml", folder);
    if (solution_file_write(&solution, path) != 0) {
        return -1;
    }
    pid_t pid = family_fork(family);
    if (pid == 0) {
        (void)execl(setting->capchan, setting->capchan, "run", path, (char *)NULL);
        perror(setting->capchan);
        _exit(EXIT_FAILURE);
    }
    return pid < 0 ? -1 : 0;
}

/* see_through() - wait for what all clients measured */
static int see_through(struct board *board, struct figures *ret_figures)
{
    const struct board_task *task = &board->task;
    static struct histogram histogram;

    if (!board_await(board, &board->n_ready, 1, PATIENCE_NS, family_is_interrupted)) {
        return -1;
    }
    board_start(board, 1);
    if (!board_await(board, &board->n_done, 1, task->warm_up_ns + task->duration_ns + PATIENCE_NS,
                     family_is_interrupted)) {
        return -1;
    }
    for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
        histogram.counts[i] = atomic_load(&board->counts[i]);
    }
    *ret_figures = (struct figures){
        .median_us = histogram_quantile_ns(&histogram, 0.5) / 1e3,
        .p99_us = histogram_quantile_ns(&histogram, 0.99) / 1e3,
        .calls_per_second = (double)histogram_total(&histogram) * 1e9 / (double)task->duration_ns,
        .slowest = 1,
    };
    if (ret_figures->median_us == 0) {
        (void)fprintf(stderr, "bench: no call began and ended in time; is the machine busy?\n");
        return -1;
    }
    return 0;
}

/* reap() - wait for what the server left behind, which ends with it; we are its parent now */
static void reap(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
    }
}

/*
 * run_pair() - see what @peer makes of @task, with one client
 *
 * Return: 0; -1, with a message on stderr.
 */
int run_pair(const struct run_setting *setting, enum peer peer, const struct board_task *task,
             struct figures *ret_figures)
{
    const struct peer_info *info = peer_describe(peer);
    static struct family family;
    char folder[SCRATCH_BYTES];

    if (scratch_make(folder) != 0) {
        return -1;
    }
    struct board *board = board_make(folder, task);
    int r = board == NULL          ? -1
            : peer == PEER_CAPCHAN ? start_entities(&family, setting, folder)
                                   : start_pair(&family, info->mechanism, folder, board);
    if (r == 0) {
        r = see_through(board, ret_figures);
    }
    family_end(&family);
    reap();
    board_free(board);
    scratch_remove(folder);
    if (r != 0) {
        (void)fprintf(stderr, "bench: a run of %s failed\n", info->name);
    }
    return r;
}
