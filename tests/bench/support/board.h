/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the processes of one run meet, in memory that all of them share: what is to be done, who is
 * ready for it, and how long calls took.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/support/histogram.h"
#include "tests/bench/support/placement.h"

#define BOARD_CLIENTS_MAX 1024

/*
 * @payload:      bytes of each request, and of its reply
 * @n_active:     clients that call; the others have called once and stay connected
 * @meets:        clients do not call, but do what struct mechanism has as meet()
 * @transfers:    what entities do then is to hand something over, and not to connect
 * @n_rounds:     of what is done so often, and not so long
 * @think_ns:     what clients sleep between calls; 0: they call back to back
 * @warm_up_ns:   calls before that do not count
 * @duration_ns:  of what counts
 */
struct board_task {
    uint32_t payload;
    uint32_t n_clients;
    uint32_t n_active;
    bool meets;
    bool transfers;
    enum placement placement;
    uint32_t n_rounds;
    uint64_t think_ns;
    uint64_t warm_up_ns;
    uint64_t duration_ns;
    double ticks_per_ns;
};

/*
 * What a server has lent, and takes back when its client wants that.
 * @n_wanted: how often it was
 * @n_ended:  how often it was done
 * @ended_at: in ticks; when that was done the last time
 * @taken:    in ticks; of all times together
 */
struct board_loan {
    _Atomic uint32_t n_wanted;
    _Atomic uint32_t n_ended;
    _Atomic uint64_t ended_at;
    _Atomic uint64_t taken;
};

/*
 * @task:   written before anybody else starts
 * @begin:  in ticks; the first thing is to warm up
 * @phase:  what has been started; clients wait for theirs, most for the first
 * @events: counts whatever follows, for the one process that waits for all of it
 */
struct board {
    struct board_task task;
    _Atomic uint64_t begin;
    _Atomic uint32_t phase;
    _Atomic uint32_t events;
    _Atomic uint32_t n_ready;
    _Atomic uint32_t n_done;
    _Atomic uint32_t n_failed;
    _Atomic uint32_t counts[HISTOGRAM_BINS];
    _Atomic uint64_t calls[BOARD_CLIENTS_MAX];
    struct board_loan loan;
};

void board_task_time(struct board_task *task, double seconds);
struct board *board_make(const char *folder, const struct board_task *task);
struct board *board_open(const char *folder);
void board_free(struct board *board);
void board_count(struct board *board, _Atomic uint32_t *counter);
void board_start(struct board *board, uint32_t phase);
void board_await_start(struct board *board, uint32_t phase);
bool board_await(struct board *board, const _Atomic uint32_t *counter, uint32_t n,
                 uint64_t timeout_ns, bool (*is_over)(void));
void board_add_calls(struct board *board, uint32_t client, const struct histogram *histogram);
void board_read_histogram(const struct board *board, struct histogram *ret_histogram);
