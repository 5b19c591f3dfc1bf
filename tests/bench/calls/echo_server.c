/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server FOLDER CHANNEL: the server of the benchmark, an entity; the board is in FOLDER.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/Types.idl.h>

#include <calls/Server.edl.h>

#include "tests/bench/support/board.h"

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

static nk_err_t serve_blob(struct calls_IEcho *self, const calls_IEcho_Blob_req *req,
                           const struct nk_arena *req_arena, calls_IEcho_Blob_res *res,
                           struct nk_arena *res_arena)
{
    size_t n;
    const nk_uint8_t *data = nk_arena_get(nk_uint8_t, req_arena, &req->data, &n);

    (void)self;
    return nk_arena_store(nk_uint8_t, res_arena, &res->result, data, n);
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

int main(int argc, char *argv[])
{
    static const struct calls_IEcho_ops ops = {.Number = serve_number, .Blob = serve_blob};
    struct calls_IEcho echo = {&ops};
    calls_CEcho_component component;
    calls_Server_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(calls_Server, entity);
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
    if (board->task.meets && handle != INVALID_HANDLE) {
        (void)pthread_create(&thread, NULL, welcome, (void *)(uintptr_t)handle);
    }
    nk_err_t err = handle == INVALID_HANDLE ? NK_EINVAL : NkKosDoDispatch(handle, &info);
    (void)fprintf(stderr, "bench: the server ended: %d\n", err);
    board_count(board, &board->n_failed);
    return EXIT_FAILURE;
}
