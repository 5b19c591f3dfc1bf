/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entities of the tests of interrupts and deadlines: the argument is what it tries. It prints
 * what did not go as it should, and ends with 1 then.
 *
 * The server has one thread. While it is in Hold(), which lasts until there is the file "release",
 * it has no other request; then it says with each result how many others it has had.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/ipc/ipc_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <coresrv/thread/thread_api.h>
#include <services/rtl/nk_msg.h>

#include "tests/programs/common_commands.h"
#include "tests/programs/echo_entity.h"
#include "tests/programs/trials.h"

#define LONG_MS 60000
#define SHORT_MS 30
#define SLACK_MS 5000 /* of a loaded machine, sanitizers included */
#define BLOB_BYTES_MAX 1048576
#define THREADS 8
#define ROUNDS 300

static Handle channel = INVALID_HANDLE;

/* The server */

static uint32_t n_had;

static nk_err_t number(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                       const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                       struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    res->result = ++n_had;
    return NK_EOK;
}

static nk_err_t blob(struct actor_IEcho *self, const actor_IEcho_Blob_req *req,
                     const struct nk_arena *req_arena, actor_IEcho_Blob_res *res,
                     struct nk_arena *res_arena)
{
    nk_size_t n;
    const nk_uint8_t *data = nk_arena_get(nk_uint8_t, req_arena, &req->data, &n);

    (void)self;
    n_had++;
    return nk_arena_store(nk_uint8_t, res_arena, &res->result, data, n);
}

static nk_err_t hold(struct actor_IEcho *self, const actor_IEcho_Hold_req *req,
                     const struct nk_arena *req_arena, actor_IEcho_Hold_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    do_mark("held");
    while (access("release", F_OK) != 0) {
        if (access("die", F_OK) == 0) {
            raise(SIGKILL);
        }
        do_pause("1");
    }
    unlink("release");
    unlink("held");
    do_mark("released");
    return NK_EOK;
}

static nk_err_t dispatch(Handle listener, rtl_uint32_t timeout, Handle sync)
{
    static const struct actor_IEcho_ops ops = {.Number = number, .Blob = blob, .Hold = hold};
    struct echo_entity echo;

    echo_entity_init(&echo, &ops);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);
    return NkKosDoDispatchSync(listener, &info, timeout, sync);
}

static void try_serving(void)
{
    (void)dispatch(ServiceLocatorRegister("link", NULL, 0, NULL), INFINITE_TIMEOUT, INVALID_HANDLE);
}

/* Calls */

static Handle new_sync(void)
{
    Handle sync = INVALID_HANDLE;

    EXPECT(KnIpcCreateSyncObject(&sync), rcOk);
    return sync;
}

/* call_number() - by CallEx() */
static Retcode call_number(rtl_uint32_t timeout, Handle sync, uint32_t *ret_result)
{
    actor_IEcho_Number_req req = {0};
    actor_IEcho_Number_res res;
    SMsgHdr out;
    SMsgHdr in;

    nk_req_reset(&req);
    nk_msg_set_method_id(&req, actor_Server_first_echo_iid, actor_IEcho_Number_mid);
    nk_req_reset(&res);
    PackOutMsg(&out, &req.base_, RTL_NULL);
    PackInMsg(&in, &res.base_, RTL_NULL);
    Retcode rc = CallEx(channel, &out, &in, timeout, sync);
    if (rc == rcOk && ret_result != NULL) {
        *ret_result = res.result;
    }
    return rc;
}

static actor_IEcho_proxy proxy_over(NkKosTransportSync *transport, rtl_uint32_t timeout,
                                    Handle sync)
{
    actor_IEcho_proxy proxy;

    NkKosTransportSync_Init(transport, channel, timeout, sync);
    actor_IEcho_proxy_init(&proxy, &transport->base, actor_Server_first_echo_iid);
    return proxy;
}

/* call_blob() - by a proxy, of @size bytes, which must come back */
static nk_err_t call_blob(nk_size_t size, rtl_uint32_t timeout, Handle sync)
{
    NkKosTransportSync transport;
    actor_IEcho_proxy proxy = proxy_over(&transport, timeout, sync);
    char *bytes = malloc(2 * (BLOB_BYTES_MAX + 64));
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(bytes, bytes + BLOB_BYTES_MAX + 64);
    struct nk_arena res_arena =
        NK_ARENA_INITIALIZER(req_arena.end, (char *)req_arena.end + BLOB_BYTES_MAX + 64);
    actor_IEcho_Blob_req req;
    actor_IEcho_Blob_res res;
    nk_size_t n = 0;

    nk_uint8_t *data = nk_arena_alloc(nk_uint8_t, &req_arena, &req.data, size);
    memset(data, (int)size, size);
    nk_err_t err = actor_IEcho_Blob(&proxy.base, &req, &req_arena, &res, &res_arena);
    const nk_uint8_t *back =
        err == NK_EOK ? nk_arena_get(nk_uint8_t, &res_arena, &res.result, &n) : NULL;
    EXPECT(err == NK_EOK && (n != size || memcmp(back, data, size) != 0), false);
    free(bytes);
    return err;
}

static nk_err_t call_hold(rtl_uint32_t timeout, Handle sync)
{
    NkKosTransportSync transport;
    actor_IEcho_proxy proxy = proxy_over(&transport, timeout, sync);
    actor_IEcho_Hold_req req = {0};
    actor_IEcho_Hold_res res;

    return actor_IEcho_Hold(&proxy.base, &req, NULL, &res, NULL);
}

/* A thread that calls. @bytes: 0: Number() */
struct caller {
    pthread_t thread;
    nk_size_t bytes;
    rtl_uint32_t timeout;
    Handle sync;
    atomic_int tid;
    Retcode result;
};

static void *run_caller(void *argument)
{
    struct caller *caller = argument;

    atomic_store(&caller->tid, (int)syscall(SYS_gettid));
    if (caller->bytes == 0) {
        caller->result = call_number(caller->timeout, caller->sync, NULL);
    } else {
        nk_err_t err = call_blob(caller->bytes, caller->timeout, caller->sync);
        caller->result = err == NK_EAGAIN     ? rcIpcInterrupt
                         : err == NK_ENOTCONN ? rcNotConnected
                         : err == NK_EOK      ? rcOk
                                              : rcFail;
    }
    return NULL;
}

static void *run_holder(void *argument)
{
    struct caller *caller = argument;

    atomic_store(&caller->tid, (int)syscall(SYS_gettid));
    caller->result = call_hold(caller->timeout, caller->sync);
    return NULL;
}

static void begin(struct caller *caller, void *(*run)(void *), nk_size_t bytes, Handle sync)
{
    *caller = (struct caller){.bytes = bytes, .timeout = LONG_MS, .sync = sync};
    EXPECT(pthread_create(&caller->thread, NULL, run, caller), 0);
}

static Retcode end(struct caller *caller)
{
    EXPECT(pthread_join(caller->thread, NULL), 0);
    return caller->result;
}

/* await_sleep() - until a caller waits in the kernel for its reply */
static void await_sleep(const struct caller *caller)
{
    char path[64];
    long call = -1;

    while (call != SYS_futex_waitv && call != SYS_ppoll) {
        snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", atomic_load(&caller->tid));
        FILE *file = fopen(path, "re");
        if (file == NULL || fscanf(file, "%ld", &call) != 1) {
            call = -1;
        }
        if (file != NULL) {
            fclose(file);
        }
        sched_yield();
    }
}

static struct caller holder;

/* occupy() - the server has a request, and is busy with it */
static void occupy(void)
{
    begin(&holder, run_holder, 0, INVALID_HANDLE);
    do_await("held");
}

static void release(void)
{
    do_mark("release");
    do_await("released");
    unlink("released");
    EXPECT(end(&holder), NK_EOK);
}

/* Number() and then blobs, through memory and, with another one at once, over the socket */
static const nk_size_t sizes[] = {0, 4096, BLOB_BYTES_MAX};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static uint32_t had(void)
{
    uint32_t n = 0;

    EXPECT(call_number(LONG_MS, INVALID_HANDLE, &n), rcOk);
    return n;
}

/* What is tried beside a server of another process */

static void try_interrupt(void)
{
    Handle sync = new_sync();
    struct caller callers[N_SIZES];

    for (int round = 0; round < 3; round++) { /* before the memory is there, and after it */
        if (round > 0) {
            EXPECT(call_blob(BLOB_BYTES_MAX, LONG_MS, sync), NK_EOK);
        }
        uint32_t before = had();
        occupy();
        for (size_t i = 0; i < N_SIZES; i++) {
            begin(&callers[i], run_caller, sizes[i], sync);
        }
        for (size_t i = 0; i < N_SIZES; i++) {
            await_sleep(&callers[i]);
        }
        EXPECT(KnIpcSetInterrupt(sync), rcOk);
        for (size_t i = 0; i < N_SIZES; i++) {
            EXPECT(end(&callers[i]), rcIpcInterrupt);
        }
        EXPECT(call_number(LONG_MS, sync, NULL), rcIpcInterrupt);
        EXPECT(KnIpcClearInterrupt(sync), rcOk);
        release();
        EXPECT(had(), before + 1);
    }
    EXPECT(KnHandleClose(sync), rcOk);
}

static void try_first_call(void)
{
    Handle sync = new_sync();
    struct caller caller;

    begin(&caller, run_caller, 0, sync); /* the server has not registered */
    await_sleep(&caller);
    EXPECT(KnIpcSetInterrupt(sync), rcOk);
    EXPECT(end(&caller), rcIpcInterrupt);
    EXPECT(KnIpcClearInterrupt(sync), rcOk);
    EXPECT(call_number(SHORT_MS, INVALID_HANDLE, NULL), rcTimeout);
    do_mark("serve");
    EXPECT(had(), 1);
}

static void try_deadline(void)
{
    for (int round = 0; round < 3; round++) {
        uint32_t before = had();
        occupy();
        rtl_size_t began = KnGetMSecSinceStart();
        EXPECT(call_number(SHORT_MS, INVALID_HANDLE, NULL), rcTimeout);
        rtl_size_t took = KnGetMSecSinceStart() - began;
        EXPECT(took + 1 >= SHORT_MS && took < SHORT_MS + SLACK_MS, true);
        EXPECT(call_number(0, INVALID_HANDLE, NULL), rcTimeout);
        for (size_t i = 1; i < N_SIZES; i++) {
            EXPECT(call_blob(sizes[i], SHORT_MS, INVALID_HANDLE), NK_EAGAIN);
        }
        release();
        EXPECT(had(), before + 1);
        EXPECT(call_blob(BLOB_BYTES_MAX, LONG_MS, INVALID_HANDLE), NK_EOK);
    }
}

/* hold_in_vain() - a call whose time is over while the server is busy with it, unless the machine
 * is so slow that it was not yet; its late reply goes to nobody */
static void hold_in_vain(Handle sync)
{
    EXPECT(call_hold(SHORT_MS, sync), NK_EAGAIN);
    do_mark("release");
    EXPECT(call_blob(4096, LONG_MS, sync), NK_EOK);
    unlink("release");
    unlink("released");
}

/* What the server has is not broken off, but its time may be over. */
static void try_picked_up(void)
{
    Handle sync = new_sync();

    for (int i = 0; i < 20; i++) {
        begin(&holder, run_holder, 0, sync);
        do_await("held");
        EXPECT(KnIpcSetInterrupt(sync), rcOk);
        release();
        EXPECT(KnIpcClearInterrupt(sync), rcOk);
        hold_in_vain(sync);
    }
}

/* begin_all() - calls that wait for a server which is busy: one that it has, and others, through
 * memory and over the socket */
static void begin_all(struct caller callers[N_SIZES], Handle sync)
{
    (void)had();
    begin(&holder, run_holder, 0, sync);
    do_await("held");
    for (size_t i = 0; i < N_SIZES; i++) {
        begin(&callers[i], run_caller, sizes[i], sync);
    }
    for (size_t i = 0; i < N_SIZES; i++) {
        await_sleep(&callers[i]);
    }
}

/* end_all() - all of which are told the same, and soon: it was not their time that was over */
static void end_all(struct caller callers[N_SIZES], Retcode wanted, rtl_size_t began)
{
    EXPECT(end(&holder), NK_ENOTCONN);
    EXPECT(end(&callers[0]), wanted);
    EXPECT(end(&callers[1]), rcNotConnected);
    EXPECT(end(&callers[2]), rcNotConnected);
    EXPECT(KnGetMSecSinceStart() < began + SLACK_MS, true);
}

/* end_calls() - in all stages, through a copy of the handle: by closing that, or by taking it back
 * with @badge */
static void end_calls(Handle badge)
{
    const bool is_revoked = badge != INVALID_HANDLE;
    Handle sync = new_sync();
    struct caller callers[N_SIZES];
    Handle link = channel;

    for (int round = 0; round < 3; round++) {
        EXPECT(KnHandleCopy(link, OCAP_IPC_CLIENT, badge, &channel), rcOk);
        if (round > 0) {
            EXPECT(call_blob(BLOB_BYTES_MAX, LONG_MS, sync), NK_EOK);
        }
        begin_all(callers, sync);
        rtl_size_t began = KnGetMSecSinceStart();
        EXPECT(is_revoked ? KnHandleRevokeSubtree(link, badge) : KnHandleClose(channel), rcOk);
        end_all(callers, is_revoked ? rcHandleRevoked : rcNotConnected, began);
        if (is_revoked) { /* what was taken back is still a handle */
            EXPECT(call_number(LONG_MS, sync, NULL), rcHandleRevoked);
            EXPECT(KnHandleClose(channel), rcOk);
        }
        EXPECT(call_number(LONG_MS, sync, NULL), rcNoCapability);
        do_mark("release");
        channel = link;
        EXPECT(call_number(LONG_MS, sync, NULL), rcOk);
        unlink("released");
    }
}

/* Whoever calls is told when another thread closes the handle, in any stage of the call. */
static void try_closing(void)
{
    end_calls(INVALID_HANDLE);
}

/* So is it when the handle is taken back. */
static void try_revoking(void)
{
    Handle badge = INVALID_HANDLE;

    EXPECT(KnHandleCreateBadge(RTL_NULL, 0, RTL_NULL, &badge), rcOk);
    end_calls(badge);
}

/* The same before the server has registered, when there is nothing but a socket. */
static void try_closing_early(void)
{
    Handle sync = new_sync();
    struct caller caller;

    begin(&caller, run_caller, 0, sync);
    await_sleep(&caller);
    EXPECT(KnHandleClose(channel), rcOk);
    EXPECT(end(&caller), rcNotConnected);
}

static void try_death(void)
{
    Handle sync = new_sync();
    struct caller callers[N_SIZES];

    begin_all(callers, sync);
    rtl_size_t began = KnGetMSecSinceStart();
    do_mark("die");
    end_all(callers, rcNotConnected, began);
    EXPECT(call_number(LONG_MS, sync, NULL), rcNotConnected);
}

static void try_many(void)
{
    Handle automatic = INVALID_HANDLE;
    struct caller callers[THREADS];

    EXPECT(KnIpcCreateSyncObjectEx(&automatic), rcOk);
    uint32_t before = had();
    occupy();
    for (int i = 0; i < THREADS; i++) {
        begin(&callers[i], run_caller, 0, automatic);
    }
    for (int i = 0; i < THREADS; i++) {
        await_sleep(&callers[i]);
    }
    EXPECT(KnIpcSetInterrupt(automatic), rcOk);
    release();
    int n_broken = 0;
    for (int i = 0; i < THREADS; i++) {
        Retcode rc = end(&callers[i]);
        EXPECT(rc == rcOk || rc == rcIpcInterrupt, true);
        n_broken += rc == rcIpcInterrupt;
    }
    if (n_broken == 1) {
        EXPECT(had(), before + THREADS); /* the rest, and this one */
    } else {
        EXPECT(n_broken, 0); /* it came too late for all of them: it is set still */
        EXPECT(call_number(LONG_MS, automatic, NULL), rcIpcInterrupt);
    }
}

/* With a server that looks at once, and time for nothing: nothing is lost, nothing is mixed up. */
static void try_hurry(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        Retcode rc = call_number((rtl_uint32_t)i % 2, INVALID_HANDLE, NULL);
        EXPECT(rc == rcOk || rc == rcTimeout, true);
        EXPECT(call_blob(i % 16 == 0 ? BLOB_BYTES_MAX : 4096, LONG_MS, INVALID_HANDLE), NK_EOK);
    }
}

/* What is tried alone */

static Retcode receive(Handle listener, rtl_uint32_t timeout, Handle sync)
{
    actor_IEcho_Number_req req;
    SMsgHdr in;

    nk_req_reset(&req);
    PackInMsg(&in, &req.base_, RTL_NULL);
    return RecvEx(listener, &in, timeout, sync);
}

static void try_arguments(void)
{
    Handle listener = INVALID_HANDLE;
    Handle server = INVALID_HANDLE;
    Handle copy = INVALID_HANDLE;
    Handle sync = new_sync();
    rtl_uint32_t sid;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &channel), rcOk);
    EXPECT(KnIpcCreateSyncObject(RTL_NULL), rcInvalidArgument);
    EXPECT(KnIpcCreateSyncObjectEx(RTL_NULL), rcInvalidArgument);
    EXPECT(KnIpcSetInterrupt(channel), rcNoCapability);
    EXPECT(KnIpcClearInterrupt(INVALID_HANDLE), rcNoCapability);
    EXPECT(KnIpcClearInterrupt(sync), rcOk);
    EXPECT(KnHandleCopy(sync, 0, INVALID_HANDLE, &copy), rcSecurityDisallow);
    EXPECT(KnHandleGetSidByHandle(sync, &sid), rcSecurityDisallow);
    EXPECT(call_number(LONG_MS, channel, NULL), rcNoCapability);
    EXPECT(call_number(LONG_MS, listener, NULL), rcNoCapability);
    EXPECT(call_blob(16, LONG_MS, listener), NK_EINVAL);
    EXPECT(receive(listener, LONG_MS, channel), rcNoCapability);
    EXPECT(receive(channel, 0, sync), rcNoCapability);
    EXPECT(receive(sync, 0, sync), rcNoCapability);
    EXPECT(receive(listener, 0, sync), rcTimeout);
    EXPECT(dispatch(listener, SHORT_MS, sync), NK_EAGAIN);
    EXPECT(dispatch(listener, SHORT_MS, channel), NK_EINVAL);
    EXPECT(KnHandleClose(sync), rcOk);
    EXPECT(KnHandleClose(sync), rcNoCapability);
    EXPECT(KnIpcSetInterrupt(sync), rcNoCapability);
    EXPECT(receive(listener, 0, sync), rcNoCapability);
    EXPECT(call_number(0, INVALID_HANDLE, NULL), rcTimeout);
}

struct server {
    Handle listener;
    Handle sync;
    _Atomic nk_err_t result;
    atomic_bool is_done;
};

static void *run_server(void *argument)
{
    struct server *server = argument;

    server->result = dispatch(server->listener, INFINITE_TIMEOUT, server->sync);
    atomic_store(&server->is_done, true);
    return NULL;
}

/* All threads of a server end when they are told to, busy or not, and no call is lost. */
static void try_stopping(void)
{
    struct server server = {.sync = new_sync()};
    pthread_t threads[THREADS];
    Handle same = INVALID_HANDLE;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &server.listener, &same, &channel), rcOk);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < THREADS; i++) {
            EXPECT(pthread_create(&threads[i], NULL, run_server, &server), 0);
        }
        for (int i = 0; i < 10; i++) {
            EXPECT(call_blob(4096, LONG_MS, INVALID_HANDLE), NK_EOK);
        }
        EXPECT(KnIpcSetInterrupt(server.sync), rcOk);
        for (int i = 0; i < THREADS; i++) {
            EXPECT(pthread_join(threads[i], NULL), 0);
            EXPECT(server.result, NK_EAGAIN);
        }
        EXPECT(call_number(1, INVALID_HANDLE, NULL), rcTimeout);
        EXPECT(KnIpcClearInterrupt(server.sync), rcOk);
    }
}

static void try_forking(void)
{
    Handle sync = new_sync();
    int status = 0;

    pid_t pid = fork();
    if (pid == 0) {
        _exit(KnIpcSetInterrupt(sync) == rcNoCapability ? 0 : 1);
    }
    EXPECT(waitpid(pid, &status, 0), pid);
    EXPECT(status, 0);
    EXPECT(KnIpcSetInterrupt(sync), rcOk);
}

/* As many as there are descriptors: then an error, and again when one is closed. */
static void try_quota(void)
{
    Handle handles[64];
    struct rlimit limit;
    int n = 0;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 32;
    setrlimit(RLIMIT_NOFILE, &limit);
    while (n < 64 && KnIpcCreateSyncObject(&handles[n]) == rcOk) {
        n++;
    }
    EXPECT(n > 0 && n < 32, true);
    EXPECT(KnIpcCreateSyncObject(&handles[n]), rcOutOfMemory);
    EXPECT(KnHandleClose(handles[0]), rcOk);
    EXPECT(KnIpcCreateSyncObject(&handles[0]), rcOk);
    raise_descriptor_limit();
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
        bool is_client;
    } trials[] = {
        {"serving", try_serving, false},      {"interrupt", try_interrupt, true},
        {"first-call", try_first_call, true}, {"deadline", try_deadline, true},
        {"picked-up", try_picked_up, true},   {"closing", try_closing, true},
        {"revoking", try_revoking, true},     {"closing-early", try_closing_early, true},
        {"death", try_death, true},           {"many", try_many, true},
        {"hurry", try_hurry, true},           {"arguments", try_arguments, false},
        {"stopping", try_stopping, false},    {"forking", try_forking, false},
        {"quota", try_quota, false},
    };

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
        if (argc > 1 && strcmp(trials[i].name, argv[1]) == 0) {
            if (trials[i].is_client) {
                channel = ServiceLocatorConnect("link");
            }
            if (argc > 2) {
                do_await(argv[2]);
            }
            trials[i].run();
            return failed ? EXIT_FAILURE : EXIT_SUCCESS;
        }
    }
    printf("no such trial\n");
    return EXIT_FAILURE;
}
