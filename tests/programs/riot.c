/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entities that make dynamic channels at random, from several threads at once:
 *
 *     riot 'SEED N'  4 threads ask Server N times each, with any timeout, for one of two services
 *     govern SEED    3 threads that accept, drop, pass over and close as they like, for ever
 *     await FILE     until it is there
 *     pause MS, exit STATUS
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <rtl/retcode_hr.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"
#include "tests/programs/echo_entity.h"

#define RIOTERS 4
#define GOVERNORS 3
#define VALUE 9

/* One thread. @seed: of its decisions */
struct whim {
    pthread_t thread;
    unsigned seed;
    int n_times;
    int n_bad;
    int n_channels;
};

static struct echo_entity echo;

/* call_once() - through a channel that may end meanwhile. Return: whether that went as it may. */
static bool call_once(Handle handle, rtl_uint32_t riid)
{
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
    actor_IEcho_Number_req req = {.value = VALUE};
    actor_IEcho_Number_res res;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    actor_IEcho_proxy_init(&proxy, &transport.base, (nk_iid_t)riid);
    nk_err_t err = actor_IEcho_Number(&proxy.base, &req, NULL, &res, NULL);
    bool is_fine = err == NK_ENOTCONN || (err == NK_EOK && res.result == VALUE);
    if (!is_fine) {
        printf("riot: call: %d\n", err);
    }
    return is_fine;
}

/* ask_once() - for a channel, and use and close it. Return: whether that went as it may. */
static bool ask_once(struct whim *whim)
{
    static const rtl_uint32_t timeouts_ms[] = {0, 1, 2, INFINITE_TIMEOUT};
    rtl_uint32_t msecs = timeouts_ms[rand_r(&whim->seed) % 4];
    const char *service = rand_r(&whim->seed) % 2 == 0 ? "this" : "that";
    bool is_fine = true;
    Handle handle;
    rtl_uint32_t riid;

    Retcode rc = KnCmConnect("Server", service, msecs, &handle, &riid);
    if (rc == rcOk) {
        whim->n_channels++;
        if (rand_r(&whim->seed) % 8 != 0) {
            is_fine = call_once(handle, riid);
        }
        rc = KnHandleClose(handle);
        is_fine = is_fine && rc == rcOk;
    } else {
        is_fine = rc == rcSecurityDisallow || rc == rcAlreadyExists || rc == rcNotConnected ||
                  (rc == rcTimeout && msecs != INFINITE_TIMEOUT);
    }
    if (!is_fine) {
        printf("riot: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
    }
    return is_fine;
}

static void *riot(void *argument)
{
    struct whim *whim = argument;

    for (int i = 0; i < whim->n_times; i++) {
        whim->n_bad += !ask_once(whim);
    }
    return NULL;
}

static void do_riot(const char *argument)
{
    struct whim whims[RIOTERS] = {0};
    char *rest;
    unsigned seed = (unsigned)strtoul(argument, &rest, 10);
    int n_bad = 0;
    int n_channels = 0;

    for (unsigned i = 0; i < RIOTERS; i++) {
        whims[i].seed = seed * RIOTERS + i;
        whims[i].n_times = atoi(rest);
        pthread_create(&whims[i].thread, NULL, riot, &whims[i]);
    }
    for (unsigned i = 0; i < RIOTERS; i++) {
        pthread_join(whims[i].thread, NULL);
        n_bad += whims[i].n_bad;
        n_channels += whims[i].n_channels;
    }
    printf("riot: %d bad, %s\n", n_bad, n_channels > 0 ? "some good" : "none good");
}

/* serve() - a listener, until it is closed */
static void *serve(void *listener)
{
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);

    NkKosDoDispatch((Handle)(uintptr_t)listener, &info);
    return NULL;
}

/* accept_one() - with a new listener if there is none */
static void accept_one(const char *client, const char *service, Handle *listener)
{
    pthread_t thread;
    Handle handle;

    if (KnCmAccept(client, service, 0, *listener, &handle) == rcOk && *listener == INVALID_HANDLE) {
        *listener = handle;
        pthread_create(&thread, NULL, serve, (void *)(uintptr_t)handle);
        pthread_detach(thread);
    }
}

static void *govern(void *argument)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    unsigned seed = *(unsigned *)argument;
    Handle listener = INVALID_HANDLE;

    while (KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service) == rcOk) {
        int mood = rand_r(&seed) % 6;
        if (mood == 0) {
            (void)KnCmDrop(client, service);
        } else if (mood > 1) {
            accept_one(client, service, &listener);
        }
        if (listener != INVALID_HANDLE && rand_r(&seed) % 20 == 0) {
            KnHandleClose(listener);
            listener = INVALID_HANDLE;
        }
    }
    printf("govern: there is nothing to hear\n");
    return NULL;
}

static void do_govern(const char *seed)
{
    unsigned seeds[GOVERNORS];
    pthread_t threads[GOVERNORS];

    for (unsigned i = 0; i < GOVERNORS; i++) {
        seeds[i] = (unsigned)atoi(seed) * GOVERNORS + i;
        pthread_create(&threads[i], NULL, govern, &seeds[i]);
    }
    for (unsigned i = 0; i < GOVERNORS; i++) {
        pthread_join(threads[i], NULL);
    }
}

static const struct command commands[] = {
    {"riot", true, do_riot},   {"govern", true, do_govern}, {"await", true, do_await},
    {"pause", true, do_pause}, {"exit", true, do_exit},
};

int main(int argc, char **argv)
{
    echo_entity_init(&echo, &number_ops);
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
