/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of two docks (tests/programs/dock.c), "dock" and "other", that is killed, or sees one
 * of them killed, while handles are on their way:
 *
 *     wreck descriptors   receives handles and memory when it has no descriptor left
 *     wreck send          prints "warm", waits for SIGUSR1, and sends for ever
 *     wreck survive       the same until "dock" is gone; then "other" has to take as much as ever
 *     wreck cycle N       prints "warm", waits, passes a handle round N times, prints "round",
 * waits
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <nk/handle.h>

#include "tests/programs/pier.h"
#include "tests/programs/trials.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define HANDLES_MAX 64 /* in one message */
#define SENT_MAX 4096  /* by one process, and not taken */
#define MEMORY_BYTES 8192

static struct pier here;
static struct pier there;

static Handle own(void)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, ALL, NULL, &handle), rcOk);
    return handle;
}

static nk_err_t leave_at(struct pier *pier, Handle handle)
{
    IDock_Leave_req req = {.handle = nk_handle_desc(handle)};
    IDock_Leave_res res;

    return IDock_Leave(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
}

static nk_err_t fetch_from(struct pier *pier, rtl_uint32_t rights, Handle *ret_handle)
{
    IDock_Fetch_req req = {.rights = rights};
    IDock_Fetch_res res;

    nk_err_t r = IDock_Fetch(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
    *ret_handle = r == NK_EOK ? nk_get_handle(&res.handle) : INVALID_HANDLE;
    return r;
}

static nk_err_t lamp_from(struct pier *pier, Handle *ret_lamp)
{
    IDock_MakeLamp_req req = {0};
    IDock_MakeLamp_res res;

    nk_err_t r = IDock_MakeLamp(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
    *ret_lamp = r == NK_EOK ? nk_get_handle(&res.lamp) : INVALID_HANDLE;
    return r;
}

static nk_err_t shine(Handle lamp)
{
    NkKosTransport transport;
    ILamp_proxy proxy;
    ILamp_Shine_req req = {.value = 1};
    ILamp_Shine_res res;

    (void)NkKosTransport_Init(&transport, lamp, NK_NULL, 0);
    ILamp_proxy_init(&proxy, &transport.base, INVALID_RIID);
    return ILamp_Shine(&proxy.base, &req, NK_NULL, &res, NK_NULL);
}

/* send_many() - as many handles of @mine as a message carries */
static nk_err_t send_many(struct pier *pier, Handle mine)
{
    nk_uint64_t bytes[IDock_Many_req_arena_size / sizeof(nk_uint64_t) + 1];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, (char *)bytes + sizeof(bytes));
    IDock_Many_req req = {0};
    IDock_Many_res res;

    nk_handle_desc_t *handles = nk_arena_alloc(nk_handle_desc_t, &arena, &req.handles, HANDLES_MAX);
    for (size_t i = 0; i < HANDLES_MAX; i++) {
        handles[i] = nk_handle_desc(mine);
    }
    nk_err_t r = IDock_Many(&pier->proxy.base, &req, &arena, &res, NK_NULL);
    if (r == NK_EOK) {
        EXPECT(res.n, HANDLES_MAX);
    }
    return r;
}

/* wait_for_signal() - print @text, and wait for SIGUSR1, which every thread blocks */
static void wait_for_signal(const char *text)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    printf("%s\n", text);
    EXPECT(sigwait(&set, &number), 0);
}

static void leave_no_descriptor(struct rlimit *ret_before)
{
    struct rlimit none;

    EXPECT(getrlimit(RLIMIT_NOFILE, ret_before), 0);
    none = *ret_before;
    none.rlim_cur = 0;
    EXPECT(setrlimit(RLIMIT_NOFILE, &none), 0);
}

/* What comes with a handle is not needed for the handle to arrive. */
static void do_descriptors(void)
{
    Handle lamp;
    Handle memory;
    Handle copy;
    Handle mapping;
    void *bytes;
    struct rlimit before;

    EXPECT(KnPmmMdlCreate(MEMORY_BYTES, VMM_FLAG_READ | VMM_FLAG_WRITE, &memory), rcOk);
    EXPECT(leave_at(&here, memory), NK_EOK);
    EXPECT(leave_at(&there, own()), NK_EOK);
    leave_no_descriptor(&before);
    EXPECT(lamp_from(&there, &lamp), NK_EOK);
    EXPECT(shine(lamp), NK_ENOMEM);
    EXPECT(shine(lamp), NK_ENOMEM);
    EXPECT(fetch_from(&here, OCAP_MDL_READ, &copy), NK_EOK);
    EXPECT(KnPmmMdlMap(copy, 0, 1, NULL, VMM_FLAG_READ, &bytes, &mapping), rcOutOfMemory);
    EXPECT(send_many(&here, memory), NK_EOK);
    EXPECT(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT(shine(lamp), NK_EOK);
    EXPECT(shine(lamp), NK_EOK);
    EXPECT(KnPmmMdlMap(copy, 0, 1, NULL, VMM_FLAG_READ, &bytes, &mapping), rcOk);
}

static void *send_on(void *mine)
{
    while (send_many(&here, *(Handle *)mine) == NK_EOK) {
    }
    return NULL;
}

static void *leave_on(void *mine)
{
    Handle back;

    while (leave_at(&here, *(Handle *)mine) == NK_EOK) {
        if (fetch_from(&here, 0, &back) == NK_EOK && back != *(Handle *)mine) {
            (void)KnHandleClose(back); /* somebody else's */
        }
    }
    return NULL;
}

static void *shine_on(void *unused)
{
    Handle lamp;

    while (lamp_from(&here, &lamp) == NK_EOK) {
        (void)shine(lamp);
        (void)KnHandleClose(lamp);
    }
    return unused;
}

/* send_until_it_is_gone() - from several threads; that "dock" is there */
static void send_until_it_is_gone(void)
{
    void *(*const functions[])(void *) = {send_on, send_on, leave_on, shine_on};
    enum {
        THREADS = sizeof(functions) / sizeof(functions[0])
    };
    pthread_t threads[THREADS];
    Handle mine = own();

    EXPECT(send_many(&here, mine), NK_EOK);
    EXPECT(send_many(&there, mine), NK_EOK);
    wait_for_signal("warm");
    for (int i = 0; i < THREADS; i++) {
        EXPECT(pthread_create(&threads[i], NULL, functions[i], &mine), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        EXPECT(pthread_join(threads[i], NULL), 0);
    }
}

/* Handles that were on their way to a process that is gone are given back to the sender's account.
 */
static void do_survive(void)
{
    send_until_it_is_gone();
    Handle mine = own();
    EXPECT(send_many(&here, mine), NK_ENOTCONN);
    for (int i = 0; i < 2 * SENT_MAX / HANDLES_MAX; i++) {
        EXPECT(send_many(&there, mine), NK_EOK);
    }
}

/* pass_round() - each dock gives back what it was given by the other one */
static void pass_round(Handle *thing, int n_rounds)
{
    Handle next;

    for (int i = 0; i < n_rounds && !failed; i++) {
        struct pier *pier = i % 2 == 0 ? &here : &there;
        EXPECT(leave_at(pier, *thing), NK_EOK);
        EXPECT(fetch_from(pier, OCAP_IPC_CLIENT, &next), NK_EOK);
        EXPECT(KnHandleClose(*thing), rcOk);
        *thing = next;
    }
}

static void do_laps(int n_laps, int n_rounds)
{
    char text[32] = "warm";
    Handle thing;

    EXPECT(leave_at(&here, there.transport.handle), NK_EOK);
    EXPECT(fetch_from(&here, OCAP_IPC_CLIENT, &thing), NK_EOK);
    pass_round(&thing, 2);
    for (int lap = 1; lap <= n_laps; lap++) {
        wait_for_signal(text);
        pass_round(&thing, n_rounds);
        snprintf(text, sizeof(text), "lap %d", lap);
    }
    wait_for_signal(text);
}

int main(int argc, char **argv)
{
    sigset_t set;

    setvbuf(stdout, NULL, _IOLBF, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    EXPECT(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    reach(&here, "dock");
    reach(&there, "other");
    if (argc == 2 && strcmp(argv[1], "descriptors") == 0) {
        do_descriptors();
    } else if (argc == 2 && strcmp(argv[1], "send") == 0) {
        send_until_it_is_gone();
    } else if (argc == 2 && strcmp(argv[1], "survive") == 0) {
        do_survive();
    } else if (argc == 3) {
        do_laps(atoi(argv[1]), atoi(argv[2]));
    } else {
        printf("there is nothing of this name to do\n");
        return 2;
    }
    return failed;
}
