/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/idle_channels.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/calls/descendants.h"
#include "tests/bench/support/figures.h"
#include "tests/bench/support/scratch.h"

#define PATIENCE_NS UINT64_C(60000000000)
#define IDLE_SECONDS 2

/* phase() - start one, and see it through. @n_done: clients that will have finished one by then */
static int phase(struct board *board, enum idle_phase number, uint32_t n_done)
{
    board_start(board, number);
    return board_await(board, &board->n_done, n_done, PATIENCE_NS, family_is_interrupted) ? 0 : -1;
}

static int compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* half_us() - the median of one half of the times of client 0 */
static double half_us(const struct board *board, unsigned first)
{
    uint64_t ns[IDLE_SERVERS / 2];

    for (unsigned i = 0; i < IDLE_SERVERS / 2; i++) {
        ns[i] = atomic_load(&board->calls[first + i]);
    }
    qsort(ns, IDLE_SERVERS / 2, sizeof(ns[0]), compare);
    return (double)ns[IDLE_SERVERS / 4] / 1e3;
}

/* available_bytes() - what the machine has left, as the kernel estimates it; 0 if it does not say
 */
static double available_bytes(void)
{
    char line[128];
    double kib = 0;
    FILE *file = fopen("/proc/meminfo", "re");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "MemAvailable: %lf kB", &kib) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kib * 1024;
}

/* observe() - all phases, looking at what processes take between them */
static int observe(struct board *board, pid_t solution, uint32_t n_clients,
                   struct idle_channels *ret_figures)
{
    struct descendants before;
    struct descendants after;
    struct descendants later;

    if (!board_await(board, &board->n_ready, n_clients, PATIENCE_NS, family_is_interrupted) ||
        phase(board, IDLE_PHASE_FIRST, 1) != 0) {
        return -1;
    }
    double available = available_bytes();
    descendants_count(solution, &before);
    if (phase(board, IDLE_PHASE_OTHERS, n_clients) != 0) {
        return -1;
    }
    available -= available_bytes();
    descendants_count(solution, &after);
    if (phase(board, IDLE_PHASE_LAST, n_clients + 1) != 0) {
        return -1;
    }
    (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    descendants_count_cpu(solution, &after);
    (void)nanosleep(&(struct timespec){.tv_sec = IDLE_SECONDS}, NULL);
    descendants_count_cpu(solution, &later);
    const double n_channels = (double)(n_clients - 1) * IDLE_SERVERS;
    *ret_figures = (struct idle_channels){
        .n_channels = (n_clients - 1) * IDLE_SERVERS,
        .bytes_each = (after.bytes - before.bytes) / n_channels,
        .kernel_bytes_each = available / n_channels,
        .first_us = half_us(board, 0),
        .last_us = half_us(board, IDLE_SERVERS / 2),
        .cpu_share = (later.cpu_ns - after.cpu_ns) / (IDLE_SECONDS * 1e9),
    };
    return 0;
}

/* measure_once() - with entities of their own. Return: 0; -1. */
static int measure_once(const struct run_setting *setting, unsigned n_channels,
                        struct idle_channels *ret_figures)
{
    static struct family family;
    const struct board_task task = {.placement = PLACEMENT_FREE};
    char folder[SCRATCH_BYTES];
    struct solution_file solution = {.programs = setting->programs,
                                     .folder = folder,
                                     .client = "idle_client",
                                     .n_servers = IDLE_SERVERS,
                                     .n_clients = n_channels / IDLE_SERVERS + 1};

    if (scratch_make(folder) != 0) {
        return -1;
    }
    (void)fprintf(stderr, "%u idle channels\n", n_channels);
    struct board *board = board_make(folder, &task);
    pid_t pid = board == NULL ? -1 : run_solution(&family, setting, &solution);
    int r = pid < 0 ? -1 : observe(board, pid, solution.n_clients, ret_figures);
    family_end(&family);
    board_free(board);
    scratch_remove(folder);
    return r;
}

/* idle_channels_measure() - medians of @n_runs, 1 to REPETITIONS_MAX. Return: 0; -1. */
int idle_channels_measure(const struct run_setting *setting, unsigned n_channels, unsigned n_runs,
                          struct idle_channels *ret_figures)
{
    struct idle_channels runs[REPETITIONS_MAX];

    for (unsigned i = 0; i < n_runs; i++) {
        if (measure_once(setting, n_channels, &runs[i]) != 0) {
            return -1;
        }
    }
    *ret_figures = (struct idle_channels){
        .n_channels = runs[0].n_channels,
        .bytes_each = MEDIAN_OF(runs, n_runs, bytes_each),
        .kernel_bytes_each = MEDIAN_OF(runs, n_runs, kernel_bytes_each),
        .first_us = MEDIAN_OF(runs, n_runs, first_us),
        .last_us = MEDIAN_OF(runs, n_runs, last_us),
        .cpu_share = MEDIAN_OF(runs, n_runs, cpu_share),
    };
    return 0;
}
