/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idle_client FOLDER CHANNEL NUMBER: an entity that uses each of its channels once, and then sleeps
 * with all of them. Number 0 uses one half of them before all others and the other half after
 * them, and tells how long each took.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <calls/Client.edl.h>
#include <calls/IEcho.idl.h>

#include "tests/bench/calls/idle_channels.h"
#include "tests/bench/support/ticks.h"

/* use_channel() - connect and call */
static bool use_channel(unsigned number)
{
    NkKosTransport transport;
    calls_IEcho_proxy proxy;
    calls_IEcho_Number_req req = {.value = number};
    calls_IEcho_Number_res res;
    char name[32];

    (void)snprintf(name, sizeof(name), "echo%u", number);
    Handle handle = ServiceLocatorConnect(name);
    nk_iid_t riid =
        handle == INVALID_HANDLE ? INVALID_RIID : ServiceLocatorGetRiid(handle, "server.echo");
    if (riid == INVALID_RIID) {
        return false;
    }
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    calls_IEcho_proxy_init(&proxy, &transport.base, riid);
    return calls_IEcho_Number(&proxy.base, &req, NULL, &res, NULL) == NK_EOK &&
           res.result == number;
}

/* use_channels() - those from @first to before @last, when @phase starts */
static bool use_channels(struct board *board, uint32_t phase, unsigned first, unsigned last,
                         bool is_timed)
{
    board_await_start(board, phase);
    for (unsigned i = first; i < last; i++) {
        uint64_t start_ns = clock_ns();
        if (!use_channel(i)) {
            return false;
        }
        if (is_timed) {
            atomic_store(&board->calls[i], clock_ns() - start_ns);
        }
    }
    board_count(board, &board->n_done);
    return true;
}

int main(int argc, char *argv[])
{
    const bool is_probe = argc == 4 && strtoul(argv[3], NULL, 10) == 0;
    struct board *board = argc == 4 ? board_open(argv[1]) : NULL;

    if (board == NULL) {
        return EXIT_FAILURE;
    }
    board_count(board, &board->n_ready);
    bool is_done =
        is_probe ? use_channels(board, IDLE_PHASE_FIRST, 0, IDLE_SERVERS / 2, true) &&
                       use_channels(board, IDLE_PHASE_LAST, IDLE_SERVERS / 2, IDLE_SERVERS, true)
                 : use_channels(board, IDLE_PHASE_OTHERS, 0, IDLE_SERVERS, false);
    if (!is_done) {
        (void)fprintf(stderr, "bench: an idle client failed\n");
        board_count(board, &board->n_failed);
        return EXIT_FAILURE;
    }
    for (;;) {
        (void)pause();
    }
}
