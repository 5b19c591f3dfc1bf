/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_client FOLDER CHANNEL NUMBER: one of the clients of the benchmark, an entity; the board is
 * in FOLDER. The payload is a number if it has the size of one, and bytes otherwise.
 */
#include <stdlib.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <nk/handle.h>

#include <calls/Client.edl.h>
#include <calls/IEcho.idl.h>

#include "tests/bench/support/measure.h"

static struct {
    const char *channel;
    size_t payload;
    NkKosTransport transport;
    calls_IEcho_proxy proxy;
} state;

static void *connect_to_server(const struct bench_case *bench_case)
{
    Handle handle = ServiceLocatorConnect(state.channel);
    nk_iid_t riid =
        handle == INVALID_HANDLE ? INVALID_RIID : ServiceLocatorGetRiid(handle, "server.echo");

    if (riid == INVALID_RIID) {
        return NULL;
    }
    state.payload = bench_case->payload;
    NkKosTransport_Init(&state.transport, handle, NK_NULL, 0);
    calls_IEcho_proxy_init(&state.proxy, &state.transport.base, riid);
    return &state;
}

static int echo_number(const void *out, void *in)
{
    calls_IEcho_Number_req req;
    calls_IEcho_Number_res res;

    memcpy(&req.value, out, sizeof(req.value));
    if (calls_IEcho_Number(&state.proxy.base, &req, NULL, &res, NULL) != NK_EOK) {
        return -1;
    }
    memcpy(in, &res.result, sizeof(res.result));
    return 0;
}

/* echo_blob() - arenas over the buffers: what is sent is where its maker put it, and read there */
static int echo_blob(const void *out, void *in)
{
    char *from = (char *)out;
    struct nk_arena req_arena = {from, from + state.payload, from + state.payload};
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(in, (char *)in + state.payload);
    calls_IEcho_Blob_req req = {.data = {.offset = 0, .size = (nk_uint32_t)state.payload}};
    calls_IEcho_Blob_res res;

    nk_err_t err = calls_IEcho_Blob(&state.proxy.base, &req, &req_arena, &res, &res_arena);
    return err == NK_EOK && res.result.offset == 0 && res.result.size == state.payload ? 0 : -1;
}

static int echo(void *connection, const void *out, void *in)
{
    (void)connection;
    return state.payload == sizeof(nk_uint32_t) ? echo_number(out, in) : echo_blob(out, in);
}

/* meet() - a dynamic channel, as the server makes it */
static int meet(const struct bench_case *bench_case)
{
    rtl_uint32_t riid;
    Handle handle;

    (void)bench_case;
    Retcode rc = KnCmConnect("Server0", "echo", INFINITE_TIMEOUT, &handle, &riid);
    return rc == rcOk && KnHandleClose(handle) == rcOk ? 0 : -1;
}

/* transfer() - a handle to the server, which closes the one that it gets */
static int transfer(const struct bench_case *bench_case)
{
    static Handle thing = INVALID_HANDLE;
    calls_IEcho_Take_req req;
    calls_IEcho_Take_res res;

    (void)bench_case;
    if (thing == INVALID_HANDLE &&
        KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER, NULL, &thing) !=
            rcOk) {
        return -1;
    }
    req.thing = nk_handle_desc(thing);
    return calls_IEcho_Take(&state.proxy.base, &req, NULL, &res, NULL) == NK_EOK ? 0 : -1;
}

int main(int argc, char *argv[])
{
    struct board *board = argc == 4 ? board_open(argv[1]) : NULL;

    if (board == NULL) {
        return EXIT_FAILURE;
    }
    const struct mechanism mechanism = {.name = "capchan",
                                        .connect = connect_to_server,
                                        .echo = echo,
                                        .meet = board->task.transfers ? transfer : meet};
    const struct bench_case bench_case = {.folder = argv[1], .payload = board->task.payload};
    state.channel = argv[2];
    (void)measure_client(board, (uint32_t)strtoul(argv[3], NULL, 10), &mechanism, &bench_case);
    return EXIT_FAILURE;
}
