/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/support/ticks.h"

/*
 * What a client holds while it measures.
 * @out, @in: a request and its reply
 * @from:     in ticks; calls that start earlier do not count
 * @until:    in ticks; the first call that ends later is the last one
 */
struct measurement {
    const struct mechanism *mechanism;
    void *connection;
    unsigned char *out;
    unsigned char *in;
    uint64_t from;
    uint64_t until;
    double ns_per_tick;
    struct histogram histogram;
};

static inline void record(struct measurement *measurement, uint64_t start, uint64_t end)
{
    if (start >= measurement->from) {
        uint64_t ns = (uint64_t)((double)(end - start) * measurement->ns_per_tick + 0.5);
        measurement->histogram.counts[histogram_bin(ns)]++;
    }
}

/* measure_hot() - calls back to back: one look at the clock for each */
static int measure_hot(struct measurement *measurement)
{
    uint64_t start = ticks();

    while (start < measurement->until) {
        if (measurement->mechanism->echo(measurement->connection, measurement->out,
                                         measurement->in) != 0) {
            return -1;
        }
        uint64_t end = ticks();
        record(measurement, start, end);
        start = end;
    }
    return 0;
}

/* measure_meetings() - connect and disconnect without rest */
static int measure_meetings(struct measurement *measurement, const struct bench_case *bench_case)
{
    uint64_t start = ticks();

    while (start < measurement->until) {
        if (measurement->mechanism->meet(bench_case) != 0) {
            return -1;
        }
        uint64_t end = ticks();
        record(measurement, start, end);
        start = end;
    }
    return 0;
}

/* measure_sparse() - calls with time to think before each */
static int measure_sparse(struct measurement *measurement, uint64_t think_ns)
{
    const struct timespec think = {.tv_sec = (time_t)(think_ns / 1000000000),
                                   .tv_nsec = (long)(think_ns % 1000000000)};

    for (;;) {
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &think, NULL);
        uint64_t start = ticks();
        if (start >= measurement->until) {
            return 0;
        }
        if (measurement->mechanism->echo(measurement->connection, measurement->out,
                                         measurement->in) != 0) {
            return -1;
        }
        record(measurement, start, ticks());
    }
}

/* measurement_connect() - and see whether the very bytes come back that were sent */
static int measurement_connect(struct measurement *measurement, const struct bench_case *bench_case)
{
    measurement->out = malloc(bench_case->payload);
    measurement->in = calloc(1, bench_case->payload);
    if (measurement->out == NULL || measurement->in == NULL) {
        return -1;
    }
    for (size_t i = 0; i < bench_case->payload; i++) {
        measurement->out[i] = (unsigned char)(i * 7 + i / 256 + 1);
    }
    measurement->connection = measurement->mechanism->connect(bench_case);
    if (measurement->connection == NULL ||
        measurement->mechanism->echo(measurement->connection, measurement->out, measurement->in) !=
            0) {
        return -1;
    }
    return memcmp(measurement->out, measurement->in, bench_case->payload) == 0 ? 0 : -1;
}

/* measure() - all that an active client does, when the time has come */
static int measure(struct measurement *measurement, struct board *board,
                   const struct bench_case *bench_case)
{
    const struct board_task *task = &board->task;

    measurement->ns_per_tick = 1 / task->ticks_per_ns;
    measurement->from =
        atomic_load(&board->begin) + (uint64_t)((double)task->warm_up_ns * task->ticks_per_ns);
    measurement->until =
        measurement->from + (uint64_t)((double)task->duration_ns * task->ticks_per_ns);
    if (task->meets) {
        return measure_meetings(measurement, bench_case);
    }
    return task->think_ns > 0 ? measure_sparse(measurement, task->think_ns)
                              : measure_hot(measurement);
}

/*
 * measure_client() - connect, wait for the start, measure, put the result on the board, and stay
 * connected until killed
 * @client: from 0; the first task.n_active ones are active
 *
 * Return: only on failure, -1.
 */
int measure_client(struct board *board, uint32_t client, const struct mechanism *mechanism,
                   const struct bench_case *bench_case)
{
    static struct measurement measurement;
    int r;

    placement_apply(board->task.placement, false);
    measurement.mechanism = mechanism;
    r = measurement_connect(&measurement, bench_case);
    if (r == 0) {
        board_count(board, &board->n_ready);
        board_await_start(board, 1);
        r = client < board->task.n_active ? measure(&measurement, board, bench_case) : 0;
    }
    if (r != 0) {
        (void)fprintf(stderr, "bench: a client of %s failed\n", mechanism->name);
        board_count(board, &board->n_failed);
        return -1;
    }
    if (client < board->task.n_active) {
        board_add_calls(board, client, &measurement.histogram);
        board_count(board, &board->n_done);
    }
    for (;;) {
        (void)pause();
    }
}
