/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes each kind of call a few times, and has callgrind write down what each one took. In between
 * it leaves the server the time to fall asleep, so that all of them take the same path.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <valgrind/callgrind.h>

#include <count/IEcho.idl.h>

#define N_CALLS 15
#define PAUSE_NS 20000000

static struct count_IEcho_proxy proxy;
static char sent[count_IEcho_arena_size];
static char received[count_IEcho_arena_size];

static bool number(void)
{
    count_IEcho_Number_req req = {.value = 7};
    count_IEcho_Number_res res;

    CALLGRIND_TOGGLE_COLLECT;
    nk_err_t err = count_IEcho_Number(&proxy.base, &req, NULL, &res, NULL);
    CALLGRIND_TOGGLE_COLLECT;
    return err == NK_EOK && res.result == 7;
}

static bool text(void)
{
    static const char letters[count_IEcho_TextBytes + 1] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(sent, sent + sizeof(sent));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(received, received + sizeof(received));
    count_IEcho_Text_req req;
    count_IEcho_Text_res res;
    size_t n = 0;

    CALLGRIND_TOGGLE_COLLECT;
    (void)NkKosCopyStringToArena(&req_arena, &req.value, letters);
    nk_err_t err = count_IEcho_Text(&proxy.base, &req, &req_arena, &res, &res_arena);
    const nk_char_t *result = nk_arena_get(nk_char_t, &res_arena, &res.result, &n);
    CALLGRIND_TOGGLE_COLLECT;
    return err == NK_EOK && n == sizeof(letters) && memcmp(result, letters, n) == 0;
}

static bool data(void)
{
    static const nk_uint8_t bytes[count_IEcho_DataBytes] = {1, 2, 3};
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(sent, sent + sizeof(sent));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(received, received + sizeof(received));
    count_IEcho_Data_req req;
    count_IEcho_Data_res res;
    size_t n = 0;

    CALLGRIND_TOGGLE_COLLECT;
    (void)nk_arena_store(nk_uint8_t, &req_arena, &req.value, bytes, sizeof(bytes));
    nk_err_t err = count_IEcho_Data(&proxy.base, &req, &req_arena, &res, &res_arena);
    const nk_uint8_t *result = nk_arena_get(nk_uint8_t, &res_arena, &res.result, &n);
    CALLGRIND_TOGGLE_COLLECT;
    return err == NK_EOK && n == sizeof(bytes) && memcmp(result, bytes, n) == 0;
}

static bool refuse(void)
{
    count_IEcho_Refuse_req req = {.value = 7};
    count_IEcho_Refuse_res res;

    CALLGRIND_TOGGLE_COLLECT;
    nk_err_t err = count_IEcho_Refuse(&proxy.base, &req, NULL, &res, NULL);
    CALLGRIND_TOGGLE_COLLECT;
    return err == NK_EOK && nk_msg_check_err(&res) && res.err_.reason == 7;
}

/* Each leaves what it counted to CALLGRIND_DUMP_STATS_AT(). */
static const struct {
    const char *name;
    bool (*call)(void);
} calls[] = {{"number", number}, {"text", text}, {"data", data}, {"error", refuse}};

static bool count_calls(size_t kind)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    for (int i = 0; i < N_CALLS; i++) {
        (void)nanosleep(&pause, NULL);
        if (!calls[kind].call()) {
            fprintf(stderr, "%s does not come back as it was sent\n", calls[kind].name);
            return false;
        }
        CALLGRIND_DUMP_STATS_AT(calls[kind].name);
    }
    return true;
}

int main(void)
{
    NkKosTransport transport;
    bool good = true;

    Handle handle = ServiceLocatorConnect("echo");
    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    nk_iid_t riid = ServiceLocatorGetRiid(handle, "main.echo");
    if (riid == INVALID_RIID) {
        fprintf(stderr, "there is no server\n");
        return EXIT_FAILURE;
    }
    count_IEcho_proxy_init(&proxy, &transport.base, riid);
    for (size_t kind = 0; kind < sizeof(calls) / sizeof(calls[0]) && good; kind++) {
        good = count_calls(kind);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
