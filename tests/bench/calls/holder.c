/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holder FOLDER CHANNEL NUMBER: an entity that borrows a handle from the server, calls through it
 * without rest, has it taken back meanwhile, and tells how long it still was good for something.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <nk/handle.h>

#include <calls/Client.edl.h>
#include <calls/IEcho.idl.h>

#include "tests/bench/support/board.h"
#include "tests/bench/support/futex_word.h"
#include "tests/bench/support/ticks.h"

/* Calls before the handle is taken back, so that both ends are awake by then. */
#define CALLS_BEFORE 100

struct end {
    NkKosTransport transport;
    calls_IEcho_proxy proxy;
};

static void end_init(struct end *end, Handle handle, nk_iid_t riid)
{
    NkKosTransport_Init(&end->transport, handle, NK_NULL, 0);
    calls_IEcho_proxy_init(&end->proxy, &end->transport.base, riid);
}

static nk_err_t call(struct end *end)
{
    calls_IEcho_Number_req req = {.value = 1};
    calls_IEcho_Number_res res;

    return calls_IEcho_Number(&end->proxy.base, &req, NULL, &res, NULL);
}

/* borrow() - Return: a handle of the holder's; INVALID_HANDLE. */
static Handle borrow(struct end *server)
{
    calls_IEcho_Lend_req req = {0};
    calls_IEcho_Lend_res res;

    return calls_IEcho_Lend(&server->proxy.base, &req, NULL, &res, NULL) == NK_EOK
               ? nk_get_handle(&res.echo)
               : INVALID_HANDLE;
}

/* want_back() - and go on calling. Return: when that was refused, in ticks; 0: it failed. */
static uint64_t want_back(struct board_loan *loan, struct end *lent)
{
    nk_err_t error;

    atomic_fetch_add(&loan->n_wanted, 1);
    futex_word_wake(&loan->n_wanted);
    do {
        error = call(lent);
    } while (error == NK_EOK);
    return error == NK_ENOTCONN ? ticks() : 0;
}

/* hold_once() - Return: 0, how many ticks it was good for after it was taken back; -1. */
static int hold_once(struct board_loan *loan, struct end *server, uint32_t round,
                     uint64_t *ret_ticks)
{
    struct end lent;

    Handle handle = borrow(server);
    end_init(&lent, handle, INVALID_RIID);
    for (int i = 0; i < CALLS_BEFORE; i++) {
        if (call(&lent) != NK_EOK) {
            return -1;
        }
    }
    const uint64_t refused_at = want_back(loan, &lent);
    while (atomic_load(&loan->n_ended) == round) {
        futex_word_wait(&loan->n_ended, round, NULL);
    }
    const uint64_t ended_at = atomic_load(&loan->ended_at);
    *ret_ticks = refused_at > ended_at ? refused_at - ended_at : 0;
    return refused_at != 0 && KnHandleClose(handle) == rcOk ? 0 : -1;
}

/* hold() - as often as the task says. Return: 0; -1. */
static int hold(struct board *board, const char *channel)
{
    static struct histogram histogram;
    static struct end server;
    uint64_t good;

    Handle handle = ServiceLocatorConnect(channel);
    if (handle == INVALID_HANDLE) {
        return -1;
    }
    end_init(&server, handle, ServiceLocatorGetRiid(handle, "server.echo"));
    for (uint32_t i = 0; i < board->task.n_rounds; i++) {
        if (hold_once(&board->loan, &server, i, &good) != 0) {
            return -1;
        }
        histogram.counts[histogram_bin((uint64_t)((double)good / board->task.ticks_per_ns))]++;
    }
    board_add_calls(board, 0, &histogram);
    return 0;
}

int main(int argc, char *argv[])
{
    struct board *board = argc == 4 ? board_open(argv[1]) : NULL;

    if (board == NULL) {
        return EXIT_FAILURE;
    }
    placement_apply(board->task.placement, false);
    board_count(board, &board->n_ready);
    board_await_start(board, 1);
    if (hold(board, argv[2]) != 0) {
        (void)fprintf(stderr, "bench: the holder failed\n");
        board_count(board, &board->n_failed);
        return EXIT_FAILURE;
    }
    board_count(board, &board->n_done);
    for (;;) {
        (void)pause();
    }
}
