/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/revocation.h"

#include <stdio.h>

#include "tests/bench/support/scratch.h"

#define PATIENCE_NS UINT64_C(60000000000)

/* observe() - let the holder begin, and see what it has measured. Return: 0; -1. */
static int observe(struct board *board, struct revocation *ret_figures)
{
    static struct histogram histogram;

    if (!board_await(board, &board->n_ready, 1, PATIENCE_NS, family_is_interrupted)) {
        return -1;
    }
    board_start(board, 1);
    if (!board_await(board, &board->n_done, 1, PATIENCE_NS, family_is_interrupted)) {
        return -1;
    }
    board_read_histogram(board, &histogram);
    const double taken_ns = (double)atomic_load(&board->loan.taken) / board->task.ticks_per_ns;
    const uint64_t n = histogram_total(&histogram);
    *ret_figures = (struct revocation){
        .n = (unsigned)n,
        .refused_p50_us = histogram_quantile_ns(&histogram, 0.5) / 1e3,
        .refused_p99_us = histogram_quantile_ns(&histogram, 0.99) / 1e3,
        .revoke_us = n > 0 ? taken_ns / 1e3 / (double)n : 0,
    };
    return 0;
}

/* revocation_measure() - @n times, on two CPUs. Return: 0; -1. */
int revocation_measure(const struct run_setting *setting, unsigned n,
                       struct revocation *ret_figures)
{
    static struct family family;
    struct board_task task = {.placement = PLACEMENT_TWO_CPUS, .n_rounds = n};
    char folder[SCRATCH_BYTES];
    const struct solution_file solution = {.programs = setting->programs,
                                           .folder = folder,
                                           .client = "holder",
                                           .n_servers = 1,
                                           .n_clients = 1};

    if (scratch_make(folder) != 0) {
        return -1;
    }
    (void)fprintf(stderr, "revoke, %u times\n", n);
    board_task_time(&task, 0);
    struct board *board = board_make(folder, &task);
    pid_t pid = board == NULL ? -1 : run_solution(&family, setting, &solution);
    int r = pid < 0 ? -1 : observe(board, ret_figures);
    family_end(&family);
    board_free(board);
    scratch_remove(folder);
    return r;
}
