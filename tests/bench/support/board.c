/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/board.h"

#include <sys/mman.h>

#include "tests/bench/support/futex_word.h"
#include "tests/bench/support/shared_file.h"
#include "tests/bench/support/ticks.h"

#define FILE_NAME "board"

/* board_task_time() - what is measured takes so long */
void board_task_time(struct board_task *task, double seconds)
{
    static double rate;

    rate = rate > 0 ? rate : ticks_per_ns();
    task->ticks_per_ns = rate;
    task->duration_ns = (uint64_t)(seconds * 1e9);
    task->warm_up_ns = task->duration_ns / 4;
}

/* board_make() - in @folder. Return: the board, for good; NULL. */
struct board *board_make(const char *folder, const struct board_task *task)
{
    struct board *board = shared_file_make(folder, FILE_NAME, sizeof(*board));

    if (board != NULL) {
        board->task = *task;
    }
    return board;
}

/* board_open() - the one that was made in @folder. Return: the board, for good; NULL. */
struct board *board_open(const char *folder)
{
    return shared_file_open(folder, FILE_NAME, sizeof(struct board));
}

/* board_count() - something happened that somebody waits for */
void board_count(struct board *board, _Atomic uint32_t *counter)
{
    atomic_fetch_add(counter, 1);
    atomic_fetch_add(&board->events, 1);
    futex_word_wake(&board->events);
}

/* board_start() - all clients go that wait for @phase */
void board_start(struct board *board, uint32_t phase)
{
    atomic_store(&board->begin, ticks());
    atomic_store(&board->phase, phase);
    futex_word_wake(&board->phase);
}

/* board_await_start() - sleep until then */
void board_await_start(struct board *board, uint32_t phase)
{
    for (;;) {
        uint32_t now = atomic_load(&board->phase);
        if (now >= phase) {
            return;
        }
        futex_word_wait(&board->phase, now, NULL);
    }
}

/* board_await() - sleep until @counter has reached @n; false if anybody fails, it takes too long or
 * @is_over() */
bool board_await(struct board *board, const _Atomic uint32_t *counter, uint32_t n,
                 uint64_t timeout_ns, bool (*is_over)(void))
{
    const struct timespec moment = {.tv_nsec = 100000000};
    const uint64_t deadline_ns = clock_ns() + timeout_ns;

    for (;;) {
        uint32_t events = atomic_load(&board->events);
        if (atomic_load(&board->n_failed) > 0) {
            return false;
        }
        if (atomic_load(counter) >= n) {
            return true;
        }
        if (clock_ns() > deadline_ns || is_over()) {
            return false;
        }
        futex_word_wait(&board->events, events, &moment);
    }
}

/* board_add_calls() - what a client measured */
void board_add_calls(struct board *board, uint32_t client, const struct histogram *histogram)
{
    for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
        if (histogram->counts[i] > 0) {
            atomic_fetch_add(&board->counts[i], histogram->counts[i]);
        }
    }
    atomic_store(&board->calls[client], histogram_total(histogram));
}

/* board_read_histogram() - what all clients measured */
void board_read_histogram(const struct board *board, struct histogram *ret_histogram)
{
    for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
        ret_histogram->counts[i] = atomic_load(&board->counts[i]);
    }
}

/* board_free() - of the process that made it; may be NULL */
void board_free(struct board *board)
{
    if (board != NULL) {
        (void)munmap(board, sizeof(*board));
    }
}
