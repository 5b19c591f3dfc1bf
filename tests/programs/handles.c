/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entity of the tests of handles: its argument is the name of what it tries. It prints what did
 * not go as it should, and ends with 1 then.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <services/rtl/nk_msg.h>

#include "tests/programs/echo_entity.h"
#include "tests/programs/trials.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define SPECIAL OCAP_HANDLE_SPEC(0x8001)
#define CHANNELS_MAX 256  /* of one process, by KnHandleConnect() and KnHandleCopy() */
#define HANDLES_MAX 65536 /* of one process */
#define N_GUESSES 200     /* fewer than the broker loses its patience after */
#define DEPTH_MAX 32
#define RACE_CALLERS 8
#define RACE_DELEGATORS 4
#define RACE_REVOCATIONS 100
#define RACE_CALLS 200 /* through each generation of handles, at least */
#define CHURN_ROUNDS 300

static Handle make(rtl_uint32_t rights)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, &failed, &handle), rcOk);
    return handle;
}

static Handle badge(void)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnHandleCreateBadge(NULL, 0, &failed, &handle), rcOk);
    return handle;
}

static Retcode copy(Handle handle, rtl_uint32_t rights, Handle *ret_copy)
{
    return KnHandleCopy(handle, rights, INVALID_HANDLE, ret_copy);
}

static Handle copied(Handle handle, rtl_uint32_t rights)
{
    Handle result = INVALID_HANDLE;

    EXPECT(copy(handle, rights, &result), rcOk);
    return result;
}

/* Says that a call has arrived, which is never answered. */
static int arrived[2];

static nk_err_t hold(struct actor_IEcho *self, const actor_IEcho_Hold_req *req,
                     const struct nk_arena *req_arena, actor_IEcho_Hold_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    EXPECT(write(arrived[1], "", 1), 1);
    while (pause() < 0) {
    }
    return NK_EOK;
}

static void *serve(void *argument)
{
    static const struct actor_IEcho_ops ops = {.Number = serve_number, .Hold = hold};
    struct echo_entity echo;

    echo_entity_init(&echo, &ops);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);
    (void)NkKosDoDispatch(*(Handle *)argument, &info);
    return NULL;
}

static void start(Handle *listener, int n_threads)
{
    for (int i = 0; i < n_threads; i++) {
        pthread_t thread;
        EXPECT(pthread_create(&thread, NULL, serve, listener), 0);
        pthread_detach(thread);
    }
}

static nk_err_t call_endpoint(Handle handle, nk_iid_t riid)
{
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
    actor_IEcho_Number_req req = {.value = 7};
    actor_IEcho_Number_res res;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    actor_IEcho_proxy_init(&proxy, &transport.base, riid);
    nk_err_t err = actor_IEcho_Number(&proxy.base, &req, NULL, &res, NULL);
    if (err == NK_EOK) {
        EXPECT(res.result, 7);
    }
    return err;
}

static nk_err_t call(Handle handle)
{
    return call_endpoint(handle, actor_Server_first_echo_iid);
}

/* What each operation says to a handle that has some right, and to one that has all others. */
static void try_rights(void)
{
    for (rtl_uint32_t bit = 0; bit < 32; bit++) {
        rtl_uint32_t right = (rtl_uint32_t)1 << bit;
        if ((right & (ALL | OCAP_HANDLE_SPEC_FULL)) == 0) {
            continue;
        }
        for (int is_without = 0; is_without <= 1; is_without++) {
            rtl_uint32_t rights = is_without ? (ALL | OCAP_HANDLE_SPEC_FULL) & ~right : right;
            bool may_copy = (rights & OCAP_HANDLE_COPY) != 0;
            bool may_sid = (rights & OCAP_HANDLE_GET_SID) != 0;
            Handle handle = make(rights);
            Handle tie = badge();
            Handle result = INVALID_HANDLE;
            rtl_uint32_t sid;
            EXPECT(copy(handle, ALL | OCAP_HANDLE_SPEC_FULL, &result), rcSecurityDisallow);
            EXPECT(copy(handle, rights, &result), may_copy ? rcOk : rcSecurityDisallow);
            EXPECT(copy(handle, 0, &result), may_copy ? rcOk : rcSecurityDisallow);
            EXPECT(KnHandleGetSidByHandle(handle, &sid), may_sid ? rcOk : rcSecurityDisallow);
            EXPECT(call(handle), NK_EPERM);
            EXPECT(KnHandleRevokeSubtree(handle, tie), rcOk);
            EXPECT(KnHandleRevoke(handle), rcOk);
            EXPECT(KnHandleClose(tie), rcOk);
        }
        usleep(30000); /* what is refused is counted, and no more than so much per second */
    }
}

static void try_arguments(void)
{
    Handle handle = make(ALL);
    Handle tie = badge();
    Handle none;
    rtl_uint32_t sid;

    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST - 1, 0, NULL, &none), rcInvalidArgument);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_LAST + 1, 0, NULL, &none), rcInvalidArgument);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_LAST, 0, NULL, &none), rcOk);
    EXPECT(KnHandleClose(none), rcOk);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, NULL), rcInvalidArgument);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0x40, NULL, &none), rcInvalidArgument);
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL, NULL, &none),
           rcInvalidArgument);
    EXPECT(KnHandleCreateBadge(NULL, 0, NULL, NULL), rcInvalidArgument);
    EXPECT(KnHandleCreateBadge((Notice)&handle, 0, NULL, &none), rcInvalidArgument);
    EXPECT(KnHandleCopy(handle, 0, INVALID_HANDLE, NULL), rcInvalidArgument);
    EXPECT(KnHandleCopy(handle, 0, handle, &none), rcNoCapability);
    EXPECT(KnHandleCopy(tie, 0, INVALID_HANDLE, &none), rcSecurityDisallow);
    EXPECT(KnHandleRevokeSubtree(handle, INVALID_HANDLE), rcNoCapability);
    EXPECT(KnHandleRevokeSubtree(handle, handle), rcNoCapability);
    EXPECT(KnHandleGetSidByHandle(handle, NULL), rcInvalidArgument);
    EXPECT(KnHandleConnect(handle, &none, &none, &none), rcNoCapability);
    EXPECT(KnHandleConnect(INVALID_HANDLE, NULL, &none, &none), rcInvalidArgument);
    EXPECT(KnHandleConnect(INVALID_HANDLE, &none, NULL, &none), rcInvalidArgument);
    EXPECT(KnHandleConnect(INVALID_HANDLE, &none, &none, NULL), rcInvalidArgument);
    EXPECT(KnHandleClose(handle), rcOk);
    EXPECT(KnHandleClose(handle), rcNoCapability);
    EXPECT(KnHandleCopy(handle, 0, INVALID_HANDLE, &none), rcNoCapability);
    EXPECT(KnHandleRevoke(handle), rcNoCapability);
    EXPECT(KnHandleRevokeSubtree(handle, tie), rcNoCapability);
    EXPECT(KnHandleGetSidByHandle(handle, &sid), rcNoCapability);
    EXPECT(KnHandleGetSidByHandle(0, &sid), rcNoCapability);
    EXPECT(KnHandleGetSidByHandle(INVALID_HANDLE, &sid), rcNoCapability);
}

static void try_sids(void)
{
    Handle one = make(ALL);
    Handle other = make(ALL);
    Handle again = copied(one, OCAP_HANDLE_GET_SID | OCAP_HANDLE_COPY);
    rtl_uint32_t sid[3];

    EXPECT(KnHandleGetSidByHandle(one, &sid[0]), rcOk);
    EXPECT(KnHandleGetSidByHandle(other, &sid[1]), rcOk);
    EXPECT(KnHandleGetSidByHandle(again, &sid[2]), rcOk);
    EXPECT(sid[0] == sid[2], true);
    EXPECT(sid[0] != sid[1], true);
    EXPECT(KnHandleClose(one), rcOk);
    EXPECT(KnHandleGetSidByHandle(again, &sid[1]), rcOk);
    EXPECT(sid[1], sid[2]);
}

static void try_revoking(void)
{
    Handle top = make(ALL | SPECIAL);
    Handle tie = badge();
    Handle tied = INVALID_HANDLE;
    EXPECT(KnHandleCopy(top, ALL, tie, &tied), rcOk);
    Handle below = copied(tied, ALL);
    Handle beside = copied(top, ALL | SPECIAL);
    Handle unused;
    rtl_uint32_t sid;

    EXPECT(KnHandleRevokeSubtree(top, tie), rcOk);
    EXPECT(KnHandleGetSidByHandle(tied, &sid), rcHandleRevoked);
    EXPECT(KnHandleGetSidByHandle(below, &sid), rcHandleRevoked);
    EXPECT(copy(below, 0, &unused), rcHandleRevoked);
    EXPECT(KnHandleRevoke(below), rcHandleRevoked);
    EXPECT(KnHandleRevokeSubtree(below, tie), rcHandleRevoked);
    EXPECT(call(below), NK_ENOTCONN);
    EXPECT(KnHandleGetSidByHandle(beside, &sid), rcOk);
    EXPECT(KnHandleClose(below), rcOk);
    EXPECT(KnHandleClose(below), rcNoCapability);
    EXPECT(KnHandleRevoke(top), rcOk);
    EXPECT(KnHandleGetSidByHandle(top, &sid), rcNoCapability);
    EXPECT(KnHandleGetSidByHandle(beside, &sid), rcHandleRevoked);
    EXPECT(KnHandleClose(beside), rcOk);
    EXPECT(KnHandleClose(tied), rcOk);
    EXPECT(KnHandleClose(tie), rcOk);
}

static void try_depth(void)
{
    Handle handle = make(ALL);
    Handle next = INVALID_HANDLE;

    for (int i = 1; i < DEPTH_MAX; i++) {
        handle = copied(handle, ALL);
    }
    EXPECT(copy(handle, ALL, &next), rcQuotaExceeded);
}

static void try_channel(void)
{
    Handle listener;
    Handle server;
    Handle client;
    Handle second;
    Handle again;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
    EXPECT(server, listener);
    start(&listener, 1);
    EXPECT(call(client), NK_EOK);
    EXPECT(KnHandleConnect(listener, &again, &server, &second), rcOk);
    EXPECT(again, listener);
    EXPECT(second != client, true);
    EXPECT(call(second), NK_EOK);
    EXPECT(call(listener), NK_EINVAL);
    EXPECT(copy(listener, 0, &again), rcSecurityDisallow);
    Handle callable = copied(client, OCAP_IPC_CALL);
    Handle mute = copied(client, OCAP_IPC_CLIENT & ~OCAP_IPC_CALL);
    EXPECT(call(callable), NK_EOK);
    EXPECT(call(mute), NK_EPERM);
    EXPECT(copy(mute, OCAP_IPC_CALL, &again), rcSecurityDisallow);
    EXPECT(copy(callable, OCAP_IPC_CALL, &again), rcSecurityDisallow);
    rtl_uint32_t sid[2];
    EXPECT(KnHandleGetSidByHandle(client, &sid[0]), rcOk);
    EXPECT(KnHandleGetSidByHandle(mute, &sid[1]), rcOk);
    EXPECT(sid[0], sid[1]);
    EXPECT(KnHandleClose(client), rcOk);
    EXPECT(call(callable), NK_EOK);
    EXPECT(KnHandleClose(listener), rcOk);
    EXPECT(call(callable), NK_ENOTCONN);
    EXPECT(call(second), NK_ENOTCONN);
    EXPECT(copy(mute, 0, &again), rcOk);
}

static void *call_and_wait(void *argument)
{
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
    actor_IEcho_Hold_req req = {0};
    actor_IEcho_Hold_res res;

    NkKosTransport_Init(&transport, *(Handle *)argument, NK_NULL, 0);
    actor_IEcho_proxy_init(&proxy, &transport.base, actor_Server_first_echo_iid);
    EXPECT(actor_IEcho_Hold(&proxy.base, &req, NULL, &res, NULL), NK_ENOTCONN);
    return NULL;
}

/* call_raw() - what Call() says */
static Retcode call_raw(Handle handle)
{
    actor_IEcho_Number_req req;
    actor_IEcho_Number_res res;
    SMsgHdr out;
    SMsgHdr in;

    nk_req_reset(&req);
    nk_msg_set_method_id(&req, actor_Server_first_echo_iid, actor_IEcho_Number_mid);
    nk_req_reset(&res);
    PackOutMsg(&out, &req.base_, NULL);
    PackInMsg(&in, &res.base_, NULL);
    return Call(handle, &out, &in);
}

/* Calls that wait end, and later ones are told why, whether there was memory to share or not. */
static void try_waiting(void)
{
    Handle listener;
    Handle server;
    Handle client;

    EXPECT(pipe(arrived), 0);
    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
    start(&listener, 4);
    for (int is_warm = 0; is_warm <= 1; is_warm++) {
        Handle top = copied(client, OCAP_IPC_CLIENT);
        Handle below = copied(top, OCAP_IPC_CALL);
        pthread_t thread;
        char byte;
        for (int i = 0; i < 3 && is_warm; i++) {
            EXPECT(call(below), NK_EOK);
        }
        EXPECT(pthread_create(&thread, NULL, call_and_wait, &below), 0);
        EXPECT(read(arrived[0], &byte, 1), 1);
        EXPECT(KnHandleRevoke(top), rcOk);
        EXPECT(pthread_join(thread, NULL), 0);
        EXPECT(call(below), NK_ENOTCONN);
        EXPECT(call_raw(below), rcHandleRevoked);
        EXPECT(call(client), NK_EOK);
        EXPECT(KnHandleClose(below), rcOk);
        EXPECT(call(below), NK_EINVAL);
    }
}

static void try_channel_quota(void)
{
    Handle listener;
    Handle server;
    Handle client;
    Handle copies[CHANNELS_MAX];

    for (int round = 0; round < 2; round++) { /* what is closed can be had again */
        EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
        for (int i = 2; i < CHANNELS_MAX; i++) {
            copies[i] = copied(client, OCAP_IPC_CALL);
        }
        EXPECT(copy(client, OCAP_IPC_CALL, &copies[0]), rcQuotaExceeded);
        EXPECT(KnHandleConnect(listener, &listener, &server, &copies[0]), rcQuotaExceeded);
        EXPECT(KnHandleConnect(INVALID_HANDLE, &copies[0], &server, &copies[0]), rcQuotaExceeded);
        EXPECT(KnHandleClose(client), rcOk);
        for (int i = 2; i < CHANNELS_MAX; i++) {
            EXPECT(KnHandleClose(copies[i]), rcOk);
        }
        EXPECT(KnHandleClose(listener), rcOk);
    }
}

static void try_handle_quota(void)
{
    static Handle handles[HANDLES_MAX];
    Handle one_more = INVALID_HANDLE;

    for (int i = 0; i < HANDLES_MAX; i++) {
        handles[i] = make(ALL);
    }
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, ALL, NULL, &one_more), rcQuotaExceeded);
    EXPECT(KnHandleCreateBadge(NULL, 0, NULL, &one_more), rcQuotaExceeded);
    EXPECT(copy(handles[0], ALL, &one_more), rcQuotaExceeded);
    EXPECT(KnHandleConnect(INVALID_HANDLE, &one_more, &one_more, &one_more), rcQuotaExceeded);
    EXPECT(KnHandleClose(handles[HANDLES_MAX - 1]), rcOk);
    EXPECT(copy(handles[0], ALL, &one_more), rcOk);
    EXPECT(one_more != handles[HANDLES_MAX - 1], true);
}

static void try_callable(void)
{
    Handle listener;
    Handle server;
    Handle client;
    Handle object = INVALID_HANDLE;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
    EXPECT(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL | ALL, NULL, listener,
                                      0, &object),
           rcOk);
    Handle callable = copied(object, OCAP_IPC_CALL | OCAP_HANDLE_COPY);
    Handle again = copied(callable, OCAP_IPC_CALL);
    Handle mute = copied(object, OCAP_HANDLE_COPY);
    start(&listener, 1);
    for (int i = 0; i < 3; i++) { /* over the socket first, then through memory */
        EXPECT(call_endpoint(client, INVALID_RIID), NK_ENOENT);
        EXPECT(call_endpoint(callable, INVALID_RIID), NK_EOK);
        EXPECT(call_endpoint(again, UINT16_C(12345)), NK_EOK);
    }
    EXPECT(call(object), NK_EPERM);
    EXPECT(call(mute), NK_EPERM);
    EXPECT(KnHandleRevoke(object), rcOk);
    EXPECT(call(callable), NK_ENOTCONN);
    EXPECT(call(again), NK_ENOTCONN);
    EXPECT(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL | OCAP_HANDLE_COPY,
                                      NULL, listener, UINT16_C(12345), &object),
           rcOk);
    callable = copied(object, OCAP_IPC_CALL);
    EXPECT(call(callable), NK_ENOENT); /* though it asks for an endpoint that there is */
    Handle other = INVALID_HANDLE;
    EXPECT(
        KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL, NULL, client, 0, &other),
        rcNoCapability);
    EXPECT(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL, NULL, listener,
                                      INVALID_RIID, &other),
           rcInvalidArgument);
    EXPECT(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL, NULL, INVALID_HANDLE,
                                      0, &other),
           rcInvalidArgument);
    EXPECT(KnHandleClose(listener), rcOk);
    EXPECT(call(callable), NK_ENOTCONN);
    EXPECT(copy(object, OCAP_IPC_CALL, &again), rcNotConnected);
    EXPECT(copy(object, 0, &again), rcOk);
    EXPECT(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL, NULL, listener, 0,
                                      &other),
           rcNoCapability);
}

/* Numbers near those that there are, and those of handles that were closed. */
static void try_guessing(void)
{
    Handle real = make(ALL);
    rtl_uint32_t sid;

    for (rtl_uint32_t i = 1; i <= N_GUESSES / 2; i++) {
        EXPECT(KnHandleGetSidByHandle(real + i, &sid), rcNoCapability);
        EXPECT(KnHandleGetSidByHandle(real + (i << 16), &sid), rcNoCapability);
    }
    EXPECT(KnHandleGetSidByHandle(real, &sid), rcOk);
}

/* A child has none of its parent's handles. */
static void try_forking(void)
{
    Handle handle = make(ALL);
    Handle unused;
    int status;

    pid_t child = fork();
    if (child == 0) {
        EXPECT(KnHandleClose(handle), rcNoCapability);
        EXPECT(copy(handle, ALL, &unused), rcNotReady);
        EXPECT(KnHandleRevoke(handle), rcNotReady);
        exit(failed);
    }
    EXPECT(waitpid(child, &status, 0), child);
    EXPECT(status, 0);
    EXPECT(KnHandleClose(handle), rcOk);
}

/* A handle, and in the upper half from which generation it is. */
typedef _Atomic uint64_t race_handle;

/* What the threads of try_race() share. @n_revoked: generations that are revoked; @n_called: calls
 * that were answered */
static struct {
    race_handle top;
    race_handle slots[RACE_DELEGATORS];
    atomic_uint n_revoked;
    atomic_uint n_called;
    atomic_uint n_late;
    atomic_bool is_over;
} race;

static void *race_to_call(void *unused)
{
    for (unsigned i = 0; !atomic_load(&race.is_over); i++) {
        uint64_t slot = atomic_load(&race.slots[i % RACE_DELEGATORS]);
        bool is_late = slot >> 32 <= atomic_load(&race.n_revoked);
        if (slot != 0 && call((Handle)slot) == NK_EOK) {
            atomic_fetch_add(&race.n_called, 1);
            atomic_fetch_add(&race.n_late, is_late);
        }
    }
    return unused;
}

/* race_leave() - let the others call through what was made of @top, until it is taken back */
static void race_leave(uint64_t top)
{
    unsigned until = atomic_load(&race.n_called) + RACE_CALLS / 8;

    while (!atomic_load(&race.is_over) && atomic_load(&race.n_called) < until &&
           top >> 32 > atomic_load(&race.n_revoked)) {
        usleep(100);
    }
}

static void *race_to_delegate(void *argument)
{
    race_handle *slot = argument;

    while (!atomic_load(&race.is_over)) {
        uint64_t top = atomic_load(&race.top);
        Handle handle;
        if (copy((Handle)top, OCAP_IPC_CALL, &handle) == rcOk) {
            uint64_t before = atomic_exchange(slot, top >> 32 << 32 | handle);
            EXPECT(before == 0 ? rcOk : KnHandleClose((Handle)before), rcOk);
        }
        race_leave(top);
    }
    return NULL;
}

/* race_once() - let them have a handle, wait until they call through what they make of it, and take
 * it back */
static void race_once(Handle client, unsigned generation)
{
    Handle top = copied(client, OCAP_IPC_CLIENT);
    unsigned until = atomic_load(&race.n_called) + RACE_CALLS;

    atomic_store(&race.top, (uint64_t)generation << 32 | top);
    while (atomic_load(&race.n_called) < until) {
        usleep(100);
    }
    EXPECT(KnHandleRevoke(top), rcOk);
    atomic_store(&race.n_revoked, generation);
}

/* No call that begins after KnHandleRevoke() has returned reaches the server. */
static void try_race(void)
{
    pthread_t threads[RACE_CALLERS + RACE_DELEGATORS];
    Handle listener;
    Handle server;
    Handle client;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
    start(&listener, 2);
    atomic_store(&race.top, UINT64_C(0xffffffff) << 32 | client); /* is never taken back */
    for (size_t i = 0; i < RACE_CALLERS + RACE_DELEGATORS; i++) {
        bool calls = i < RACE_CALLERS;
        EXPECT(pthread_create(&threads[i], NULL, calls ? race_to_call : race_to_delegate,
                              calls ? NULL : &race.slots[i - RACE_CALLERS]),
               0);
    }
    for (unsigned i = 1; i <= RACE_REVOCATIONS; i++) {
        race_once(client, i);
    }
    atomic_store(&race.is_over, true);
    for (size_t i = 0; i < RACE_CALLERS + RACE_DELEGATORS; i++) {
        EXPECT(pthread_join(threads[i], NULL), 0);
    }
    EXPECT(atomic_load(&race.n_late), 0);
}

/* The server of the trials below. */
static void try_serving(void)
{
    Handle listener = ServiceLocatorRegister("link", NULL, 0, NULL);

    EXPECT(listener != INVALID_HANDLE, true);
    (void)serve(&listener);
}

/* A copy of a static channel is as good as the channel, and outlives it. */
static void try_static(void)
{
    Handle client = ServiceLocatorConnect("link");
    Handle top = copied(client, OCAP_IPC_CLIENT); /* maybe before the server has registered */
    Handle below = copied(top, OCAP_IPC_CALL);

    EXPECT(ServiceLocatorGetRiid(below, "first.echo"), actor_Server_first_echo_iid);
    EXPECT(call(below), NK_EOK);
    EXPECT(call(top), NK_EOK);
    EXPECT(call(client), NK_EOK);
    EXPECT(KnHandleRevoke(top), rcOk);
    EXPECT(call(below), NK_ENOTCONN);
    EXPECT(call(client), NK_EOK);
    top = copied(client, OCAP_IPC_CLIENT);
    EXPECT(KnHandleClose(client), rcOk);
    EXPECT(ServiceLocatorConnect("link"), INVALID_HANDLE);
    EXPECT(call(top), NK_EOK);
    below = copied(top, OCAP_IPC_CALL);
    EXPECT(call(below), NK_EOK);
}

static void churn(int n_rounds)
{
    for (int i = 0; i < n_rounds; i++) {
        Handle listener;
        Handle server;
        Handle client;
        pthread_t thread;
        EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
        EXPECT(pthread_create(&thread, NULL, serve, &listener), 0);
        Handle top = copied(client, OCAP_IPC_CLIENT);
        Handle below = copied(top, OCAP_IPC_CALL);
        Handle mute = copied(top, 0);
        EXPECT(call(below), NK_EOK);
        EXPECT(call(client), NK_EOK);
        EXPECT(KnHandleRevoke(top), rcOk);
        EXPECT(KnHandleClose(below), rcOk);
        EXPECT(KnHandleClose(mute), rcOk);
        EXPECT(KnHandleClose(i % 2 == 0 ? client : listener), rcOk);
        EXPECT(KnHandleClose(i % 2 == 0 ? listener : client), rcOk);
        EXPECT(pthread_join(thread, NULL), 0);
    }
}

static void try_churning(void)
{
    churn_when_told(churn, CHURN_ROUNDS);
}

static const struct trial trials[] = {
    {"rights", try_rights},     {"arguments", try_arguments},
    {"sids", try_sids},         {"revoking", try_revoking},
    {"depth", try_depth},       {"channel", try_channel},
    {"waiting", try_waiting},   {"channel-quota", try_channel_quota},
    {"callable", try_callable}, {"handle-quota", try_handle_quota},
    {"guessing", try_guessing}, {"forking", try_forking},
    {"race", try_race},         {"serving", try_serving},
    {"static", try_static},     {"churning", try_churning},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return try_one(trials, sizeof(trials) / sizeof(trials[0]), argc == 2 ? argv[1] : NULL);
}
