/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entity that is killed at a step of a call, as tests/support/step.h says, or that looks on:
 *
 *     client ID    make calls of all kinds in two threads until both fail; print the error and when
 *     server ID    serve for ever, in two threads; print when a client's memory was given back
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <actor/Client.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/echo_entity.h"
#include "tests/support/holdings.h"
#include "tests/support/step.h"

#define THREADS 2
#define ARENA_BYTES (128u << 10)
#define WATCH_US 200
#define SHOW_US 50000

static Handle handle;

static nk_err_t serve_number_late(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                                  const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                                  struct nk_arena *res_arena)
{
    usleep(100); /* so that clients go to sleep */
    return serve_number(self, req, req_arena, res, res_arena);
}

/* serve_blob() - a reply of its own size */
static nk_err_t serve_blob(struct actor_IEcho *self, const actor_IEcho_Blob_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Blob_res *res,
                           struct nk_arena *res_arena)
{
    size_t n;
    const nk_uint8_t *data = nk_arena_get(nk_uint8_t, req_arena, &req->data, &n);
    size_t n_reply = n >= sizeof(uint32_t) ? *(const uint32_t *)(const void *)data : 0;
    nk_uint8_t *result = nk_arena_alloc(nk_uint8_t, res_arena, &res->result, n_reply);

    (void)self;
    if (result == NULL) {
        return NK_ENOMEM;
    }
    memset(result, 1, n_reply);
    return NK_EOK;
}

static void *serve(void *unused)
{
    static const struct actor_IEcho_ops ops = {.Number = serve_number_late, .Blob = serve_blob};
    struct echo_entity echo;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);

    echo_entity_init(&echo, &ops);
    (void)NkKosDoDispatch(handle, &info);
    return unused;
}

static void do_server(const char *id)
{
    pthread_t thread;
    ServiceId service;
    int n_before = 0;

    handle = ServiceLocatorRegister(id, NULL, 0, &service);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&thread, NULL, serve, NULL);
    }
    for (;;) {
        int n = holdings_of(getpid()).n_memories;
        if (n < n_before) {
            printf("dropped at %" PRId64 "\nand serves on\n", step_now_ns());
        }
        n_before = n;
        usleep(WATCH_US);
    }
}

struct caller {
    pthread_t thread;
    char arenas[2][ARENA_BYTES];
    nk_err_t error;
};

/* call_blob() - @size bytes, for @reply_size */
static nk_err_t call_blob(struct caller *caller, struct nk_transport *transport, uint32_t size,
                          uint32_t reply_size)
{
    struct nk_arena req_arena =
        NK_ARENA_INITIALIZER(caller->arenas[0], caller->arenas[0] + ARENA_BYTES);
    struct nk_arena res_arena =
        NK_ARENA_INITIALIZER(caller->arenas[1], caller->arenas[1] + ARENA_BYTES);
    actor_IEcho_proxy proxy;
    actor_IEcho_Blob_req req;
    actor_IEcho_Blob_res res;

    actor_IEcho_proxy_init(&proxy, transport, 0);
    nk_uint8_t *data = nk_arena_alloc(nk_uint8_t, &req_arena, &req.data, size);
    memset(data, 0, size);
    memcpy(data, &reply_size, sizeof(reply_size));
    return actor_IEcho_Blob(&proxy.base, &req, &req_arena, &res, &res_arena);
}

static void *call_until_error(void *argument)
{
    static const uint32_t sizes[][2] = {{16, 4000},    {16, 9000},   {9000, 16},
                                        {7000, 70000}, {70000, 100}, {100, 100}};
    struct caller *caller = argument;
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
    actor_IEcho_Number_res res;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    actor_IEcho_proxy_init(&proxy, &transport.base, 0);
    for (uint32_t i = 0; caller->error == NK_EOK; i++) {
        actor_IEcho_Number_req req = {.value = i};
        const uint32_t *size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
        caller->error = i % 2 == 0 ? actor_IEcho_Number(&proxy.base, &req, NULL, &res, NULL)
                                   : call_blob(caller, &transport.base, size[0], size[1]);
        if (i == 0 && getenv("CAPCHAN_STEP") != NULL) {
            usleep(SHOW_US); /* so that the server sees that we were there */
        } else if (i % 4 == 0) {
            usleep(200); /* so that the server goes to sleep */
        }
    }
    return NULL;
}

static void do_client(const char *id)
{
    static struct caller callers[THREADS];
    nk_err_t error = NK_ENOTCONN;

    struct holdings before = holdings_of(getpid());
    before.n_descriptors += LOOKOUT_DESCRIPTORS;
    handle = ServiceLocatorConnect(id);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&callers[i].thread, NULL, call_until_error, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(callers[i].thread, NULL);
        error = callers[i].error != NK_ENOTCONN ? callers[i].error : error;
    }
    printf("told %d at %" PRId64 "\n", error, step_now_ns());
    printf("close: %d\n", KnHandleClose(handle));
    bool is_same = holdings_are_same(before, holdings_of(getpid()));
    printf("left %s\n", is_same ? "nothing" : "something");
}

static const struct command commands[] = {
    {"client", true, do_client},
    {"server", true, do_server},
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
