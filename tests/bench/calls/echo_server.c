/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server FOLDER CHANNEL: the server of the benchmark, an entity; the board is in FOLDER.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/Types.idl.h>
#include <nk/handle.h>

#include <calls/Server.edl.h>

#include "tests/bench/support/board.h"
#include "tests/bench/support/futex_word.h"
#include "tests/bench/support/ticks.h"

/* What is lent, one thing at a time. */
static struct {
    struct board *board;
    Handle listener;
    Handle lent;
} lender;

static nk_err_t serve_number(struct calls_IEcho *self, const calls_IEcho_Number_req *req,
                             const struct nk_arena *req_arena, calls_IEcho_Number_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->value;
    return NK_EOK;
}

/* serve_blob() - what came is in the arena that is sent; see serve() */
static nk_err_t serve_blob(struct calls_IEcho *self, const calls_IEcho_Blob_req *req,
                           const struct nk_arena *req_arena, calls_IEcho_Blob_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->result = req->data;
    return NK_EOK;
}

static nk_err_t take(struct calls_IEcho *self, const calls_IEcho_Take_req *req,
                     const struct nk_arena *req_arena, calls_IEcho_Take_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return KnHandleClose(nk_get_handle(&req->thing)) == rcOk ? NK_EOK : NK_EINVAL;
}

/* take_back() - what was lent, whenever that is wanted */
static void *take_back(void *unused)
{
    struct board_loan *loan = &lender.board->loan;

    for (uint32_t n = 0;; n++) {
        while (atomic_load(&loan->n_wanted) == n) {
            futex_word_wait(&loan->n_wanted, n, NULL);
        }
        uint64_t start = ticks();
        if (KnHandleRevoke(lender.lent) != rcOk) {
            board_count(lender.board, &lender.board->n_failed);
            return unused;
        }
        uint64_t end = ticks();
        atomic_store(&loan->ended_at, end);
        atomic_fetch_add(&loan->taken, end - start);
        atomic_store(&loan->n_ended, n + 1);
        futex_word_wake(&loan->n_ended);
    }
}

static nk_err_t lend(struct calls_IEcho *self, const calls_IEcho_Lend_req *req,
                     const struct nk_arena *req_arena, calls_IEcho_Lend_res *res,
                     struct nk_arena *res_arena)
{
    static bool is_lender;
    pthread_t thread;

    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    if (!is_lender && pthread_create(&thread, NULL, take_back, NULL) != 0) {
        return NK_ENOMEM;
    }
    is_lender = true;
    if (KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL | OCAP_HANDLE_TRANSFER,
                                   NULL, lender.listener, calls_Server_server_echo_iid,
                                   &lender.lent) != rcOk) {
        return NK_ENOMEM;
    }
    res->echo = nk_handle_desc(lender.lent, OCAP_IPC_CALL);
    return NK_EOK;
}

/* welcome() - whoever asks for a dynamic channel, to the same listener */
static void *welcome(void *listener)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Handle handle;

    while (KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service) == rcOk) {
        (void)KnCmAccept(client, service, 0, (Handle)(uintptr_t)listener, &handle);
    }
    return NULL;
}

/* serve() - requests and responses in one arena, so that an echo stays where it was put */
static nk_err_t serve(Handle handle, calls_Server_entity *entity)
{
    static char bytes[calls_Server_entity_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    calls_Server_entity_req req;
    calls_Server_entity_res res;
    NkKosTransport transport;
    nk_err_t err;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_req_reset(&req);
    while ((err = nk_transport_recv(&transport.base, &req.base_, &arena)) == NK_EOK) {
        (void)calls_Server_entity_dispatch(entity, &req.base_, &arena, &res.base_, &arena);
        (void)nk_transport_reply(&transport.base, &res.base_, &arena);
        nk_req_reset(&req);
    }
    return err;
}

int main(int argc, char *argv[])
{
    static const struct calls_IEcho_ops ops = {
        .Number = serve_number, .Blob = serve_blob, .Take = take, .Lend = lend};
    struct calls_IEcho echo = {&ops};
    calls_CEcho_component component;
    calls_Server_entity entity;
    struct board *board = argc == 3 ? board_open(argv[1]) : NULL;
    ServiceId service;

    if (board == NULL) {
        return EXIT_FAILURE;
    }
    placement_apply(board->task.placement, true);
    calls_CEcho_component_init(&component, &echo);
    calls_Server_entity_init(&entity, &component);
    Handle handle = ServiceLocatorRegister(argv[2], NULL, 0, &service);
    pthread_t thread;
    lender.board = board;
    lender.listener = handle;
    if (board->task.meets && !board->task.transfers && handle != INVALID_HANDLE) {
        (void)pthread_create(&thread, NULL, welcome, (void *)(uintptr_t)handle);
    }
    nk_err_t err = handle == INVALID_HANDLE ? NK_EINVAL : serve(handle, &entity);
    (void)fprintf(stderr, "bench: the server ended: %d\n", err);
    board_count(board, &board->n_failed);
    return EXIT_FAILURE;
}
