/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * The entity of the system tests: does what its arguments say, one after the other, and prints one line each.
 *
 *     connect ID       get the client end of a channel; the commands below use the last one
 *     register ID      become its server
 *     served N         get all channels that it is the server of, with room for N; served-all: with room made for all
 *     riid NAME        look up an endpoint; calls go to it
 *     number N         call Number(N); likewise text, blob (of N bytes), fail, refuse, die, hold
 *     raw N            call Number(N) without a proxy, with nk_transport_call(); syscall N: with Call()
 *     forked N         call Number(N) in a child made by fork()
 *     threads N        N threads call Number() 100 times each
 *     close            close the last handle
 *     serve            answer requests for ever; serve-threads N: with N threads
 *     serve-syscalls   the same with Recv() and Reply(), answering Number() with the value + 1 put in by hand
 *     serve-misuse     do what servers should not: reply without a request, dispatch before the first one, reply
 *                      without dispatch; then serve
 *     desert           take one request in a thread that ends without answering it, then serve
 *     abandon          take one request and never answer it, then serve
 *     slow MS          answer every Number() only after so many milliseconds
 *     mark FILE        make a file; await FILE: until it is there
 *     doom MS          be killed after so many milliseconds, whatever happens
 *     sleep            until killed
 *     fork             leave a child behind that sleeps until killed
 *     fork-on-call     do so in the handler of the next Number(), when the channel is open
 *     status           print the lines of /proc/self/status that tell privileges, and open descriptors
 *     environment NAME print a variable
 *     exit N, signal N end
 */
/* clang-format on */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl-static.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <rtl/retcode_hr.h>
#include <services/rtl/nk_msg.h>

#include <actor/Client.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"
#include "tests/programs/echo_entity.h"

#define ARENA_BYTES (8388608 + 64)

static struct {
    Handle handle;
    nk_iid_t riid;
    unsigned slow_ms;
    bool fork_on_call;
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
} state = {.handle = INVALID_HANDLE};

static void do_fork(const char *unused);

static void sleep_ms(unsigned milliseconds)
{
    struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};

    while (nanosleep(&time, &time) < 0 && errno == EINTR) {
    }
}

static nk_err_t serve_number_slowly(struct actor_IEcho *self, const actor_IEcho_Number_req *req,
                                    const struct nk_arena *req_arena, actor_IEcho_Number_res *res,
                                    struct nk_arena *res_arena)
{
    sleep_ms(state.slow_ms);
    if (state.fork_on_call) {
        state.fork_on_call = false;
        do_fork(NULL);
    }
    return serve_number(self, req, req_arena, res, res_arena);
}

static nk_err_t serve_text(struct actor_IEcho *self, const actor_IEcho_Text_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Text_res *res,
                           struct nk_arena *res_arena)
{
    nk_uint32_t n;
    const nk_char_t *text = nk_arena_get(nk_char_t, req_arena, &req->text, &n);

    (void)self;
    return text == NULL ? NK_EBADMSG : nk_arena_store(nk_char_t, res_arena, &res->result, text, n);
}

static nk_err_t serve_blob(struct actor_IEcho *self, const actor_IEcho_Blob_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Blob_res *res,
                           struct nk_arena *res_arena)
{
    size_t n;
    const nk_uint8_t *data = nk_arena_get(nk_uint8_t, req_arena, &req->data, &n);

    (void)self;
    return nk_arena_store(nk_uint8_t, res_arena, &res->result, data, n);
}

static nk_err_t serve_fail(struct actor_IEcho *self, const actor_IEcho_Fail_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Fail_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return req->code;
}

static nk_err_t serve_refuse(struct actor_IEcho *self, const actor_IEcho_Refuse_req *req,
                             const struct nk_arena *req_arena, actor_IEcho_Refuse_res *res,
                             struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    nk_err_reset(res);
    res->err_.status = req->reason;
    return NK_EOK;
}

static nk_err_t serve_die(struct actor_IEcho *self, const actor_IEcho_Die_req *req,
                          const struct nk_arena *req_arena, actor_IEcho_Die_res *res,
                          struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    (void)raise(SIGKILL);
    return NK_EOK;
}

static nk_err_t serve_hold(struct actor_IEcho *self, const actor_IEcho_Hold_req *req,
                           const struct nk_arena *req_arena, actor_IEcho_Hold_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    sleep_ms(req->milliseconds);
    return NK_EOK;
}

static void *serve(void *unused)
{
    static const struct actor_IEcho_ops ops = {serve_number_slowly, serve_text,   serve_blob,
                                               serve_fail,          serve_refuse, serve_die,
                                               serve_hold};
    struct echo_entity echo;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);

    (void)unused;
    echo_entity_init(&echo, &ops);
    printf("serve ended: %d\n", NkKosDoDispatch(state.handle, &info));
    return NULL;
}

static void do_connect(const char *id)
{
    state.handle = ServiceLocatorConnect(id);
    NkKosTransport_Init(&state.transport, state.handle, NK_NULL, 0);
    actor_IEcho_proxy_init(&state.proxy, &state.transport.base, 0);
    printf("connect %s: %s\n", id, state.handle == INVALID_HANDLE ? "refused" : "ok");
}

static void do_register(const char *id)
{
    ServiceId service;

    state.handle = ServiceLocatorRegister(id, NULL, 0, &service);
    NkKosTransport_Init(&state.transport, state.handle, NK_NULL, 0);
    printf("register %s: %s\n", id, state.handle == INVALID_HANDLE ? "refused" : "ok");
}

static void print_channels(const char *what, Retcode rc, const SLStaticServerChannel *channels,
                           rtl_size_t n)
{
    printf("%s: " RETCODE_HR_FMT ", %zu\n", what, RETCODE_HR_PARAMS(rc), n);
    for (rtl_size_t i = 0; rc == rcOk && i < n; i++) {
        bool is_same =
            ServiceLocatorRegister(channels[i].name, NULL, 0, NULL) == channels[i].handle;
        printf("served %s: %s\n", channels[i].name, is_same ? "same" : "another");
    }
}

static void do_served(const char *room)
{
    static SLStaticServerChannel channels[8];
    rtl_size_t n = 0;
    Retcode rc = SLStaticGetServerChannels(channels, (rtl_size_t)atoi(room), &n);

    print_channels("served", rc, channels, n);
}

static void do_served_all(const char *unused)
{
    SLStaticServerChannel *channels;
    rtl_size_t n = 0;
    Retcode rc = SLStaticAllocateAndGetServerChannels(&channels, &n);

    (void)unused;
    print_channels("served-all", rc, channels, n);
    SLStaticFreeServerChannels(channels);
}

static void do_riid(const char *name)
{
    nk_iid_t riid = ServiceLocatorGetRiid(state.handle, name);

    actor_IEcho_proxy_init(&state.proxy, &state.transport.base, riid);
    printf("riid %s: %d\n", name, riid == INVALID_RIID ? -1 : (int)riid);
}

static void do_number(const char *text)
{
    actor_IEcho_Number_req req = {.value = (nk_uint32_t)strtoul(text, NULL, 0)};
    actor_IEcho_Number_res res;
    nk_err_t err = actor_IEcho_Number(&state.proxy.base, &req, NULL, &res, NULL);

    if (err == NK_EOK) {
        printf("number %s: %" PRIu32 "\n", text, res.result);
    } else {
        printf("number %s: error %d\n", text, err);
    }
}

/* print_result() - of a call of Number() by other means */
static void print_result(const char *how, const char *text, int err, nk_uint32_t result)
{
    if (err == 0) {
        printf("%s %s: %" PRIu32 "\n", how, text, result);
    } else {
        printf("%s %s: error %d\n", how, text, err);
    }
}

static void do_raw(const char *text)
{
    actor_IEcho_Number_req req;
    actor_IEcho_Number_res res;

    nk_req_reset(&req);
    nk_msg_set_method_id(&req, state.proxy.iid, actor_IEcho_Number_mid);
    nk_msg_set_ncaps(&req, actor_IEcho_Number_req_handles);
    req.value = (nk_uint32_t)strtoul(text, NULL, 0);
    nk_err_t err = nk_transport_call(&state.transport.base, &req.base_, NULL, &res.base_, NULL);
    print_result("raw", text, err, res.result);
}

static void do_syscall(const char *text)
{
    actor_IEcho_Number_req req;
    actor_IEcho_Number_res res;
    SMsgHdr out;
    SMsgHdr in;

    nk_req_reset(&req);
    nk_req_reset(&res);
    nk_msg_set_method_id(&req, state.proxy.iid, actor_IEcho_Number_mid);
    req.value = (nk_uint32_t)strtoul(text, NULL, 0);
    PackOutMsg(&out, &req.base_, NULL);
    PackInMsg(&in, &res.base_, NULL);
    Retcode rc = Call(state.handle, &out, &in);
    print_result("syscall", text, rc, res.result);
}

static void do_forked(const char *text)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        printf("forked: ");
        do_number(text);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void do_text(const char *text)
{
    static char buffers[2][4096];
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(buffers[0], buffers[0] + sizeof(buffers[0]));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(buffers[1], buffers[1] + sizeof(buffers[1]));
    actor_IEcho_Text_req req;
    actor_IEcho_Text_res res;

    NkKosCopyStringToArena(&req_arena, &req.text, text);
    nk_err_t err = actor_IEcho_Text(&state.proxy.base, &req, &req_arena, &res, &res_arena);
    nk_uint32_t n = 0;
    const char *result =
        err == NK_EOK ? nk_arena_get(nk_char_t, &res_arena, &res.result, &n) : NULL;
    printf("text: error %d, %s (%u)\n", err, result != NULL ? result : "nothing", n);
}

static void do_blob(const char *size_text)
{
    static char buffers[2][ARENA_BYTES];
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(buffers[0], buffers[0] + ARENA_BYTES);
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(buffers[1], buffers[1] + ARENA_BYTES);
    size_t size = strtoul(size_text, NULL, 0);
    actor_IEcho_Blob_req req;
    actor_IEcho_Blob_res res;

    nk_uint8_t *data = nk_arena_alloc(nk_uint8_t, &req_arena, &req.data, size);
    for (size_t i = 0; data != NULL && i < size; i++) {
        data[i] = (nk_uint8_t)(i * 7);
    }
    nk_err_t err = actor_IEcho_Blob(&state.proxy.base, &req, &req_arena, &res, &res_arena);
    size_t n = 0;
    const nk_uint8_t *result =
        err == NK_EOK ? nk_arena_get(nk_uint8_t, &res_arena, &res.result, &n) : NULL;
    bool same = n == size && (size == 0 || (result != NULL && memcmp(result, data, n) == 0));
    printf("blob %s: error %d, %s\n", size_text, err, same ? "same" : "different");
}

static void do_fail(const char *code)
{
    actor_IEcho_Fail_req req = {.code = (nk_sint32_t)atoi(code)};
    actor_IEcho_Fail_res res;

    printf("fail %s: error %d\n", code,
           actor_IEcho_Fail(&state.proxy.base, &req, NULL, &res, NULL));
}

static void do_refuse(const char *reason)
{
    actor_IEcho_Refuse_req req = {.reason = (nk_uint16_t)atoi(reason)};
    actor_IEcho_Refuse_res res;
    nk_err_t err = actor_IEcho_Refuse(&state.proxy.base, &req, NULL, &res, NULL);

    printf("refuse %s: error %d, marked %d, status %u\n", reason, err, nk_msg_check_err(&res),
           res.err_.status);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void do_die(const char *unused)
{
    actor_IEcho_Die_req req;
    actor_IEcho_Die_res res;
    int64_t start_us = now_us();

    (void)unused;
    nk_err_t err = actor_IEcho_Die(&state.proxy.base, &req, NULL, &res, NULL);
    printf("die: error %d after %" PRId64 " us\n", err, now_us() - start_us);
}

static void *be_killed(void *milliseconds)
{
    sleep_ms((unsigned)(uintptr_t)milliseconds);
    (void)raise(SIGKILL);
    return NULL;
}

static void do_doom(const char *milliseconds)
{
    pthread_t thread;

    pthread_create(&thread, NULL, be_killed, (void *)(uintptr_t)atoi(milliseconds));
}

static void do_hold(const char *milliseconds)
{
    actor_IEcho_Hold_req req = {.milliseconds = (nk_uint32_t)atoi(milliseconds)};
    actor_IEcho_Hold_res res;

    printf("hold: error %d\n", actor_IEcho_Hold(&state.proxy.base, &req, NULL, &res, NULL));
}

static void *call_often(void *failures)
{
    for (nk_uint32_t i = 0; i < 100; i++) {
        actor_IEcho_Number_req req = {.value = i};
        actor_IEcho_Number_res res;
        nk_err_t err = actor_IEcho_Number(&state.proxy.base, &req, NULL, &res, NULL);
        *(unsigned *)failures += err != NK_EOK || res.result != i;
    }
    return NULL;
}

static void do_threads(const char *count)
{
    pthread_t threads[64];
    unsigned failures[64] = {0};
    unsigned total = 0;
    int n = atoi(count);

    for (int i = 0; i < n; i++) {
        pthread_create(&threads[i], NULL, call_often, &failures[i]);
    }
    for (int i = 0; i < n; i++) {
        pthread_join(threads[i], NULL);
        total += failures[i];
    }
    printf("threads %s: %u failures\n", count, total);
}

static void do_close(const char *unused)
{
    (void)unused;
    printf("close: %d\n", KnHandleClose(state.handle));
}

static void do_serve(const char *unused)
{
    (void)unused;
    serve(NULL);
}

static void do_serve_threads(const char *count)
{
    pthread_t threads[64];

    for (int i = 0; i < atoi(count); i++) {
        pthread_create(&threads[i], NULL, serve, NULL);
    }
    for (int i = 0; i < atoi(count); i++) {
        pthread_join(threads[i], NULL);
    }
}

static void do_abandon(const char *unused)
{
    actor_Server_entity_req req;

    (void)unused;
    nk_req_reset(&req);
    printf("abandon: %d\n", nk_transport_recv(&state.transport.base, &req.base_, NULL));
    serve(NULL);
}

/* An entity of its own, for the loops below. */
static actor_Server_entity *hand_made_entity(void)
{
    static const struct actor_IEcho_ops ops = {.Number = serve_number_slowly};
    static struct echo_entity echo;

    echo_entity_init(&echo, &ops);
    return &echo.entity;
}

static void do_serve_syscalls(const char *unused)
{
    actor_Server_entity *entity = hand_made_entity();
    actor_Server_entity_req req;
    actor_Server_entity_res res;
    SMsgHdr in;
    SMsgHdr out;

    (void)unused;
    PackInMsg(&in, &req.base_, NULL);
    PackOutMsg(&out, &res.base_, NULL);
    for (;;) {
        nk_req_reset(&req);
        Retcode rc = Recv(state.handle, &in);
        if (rc != rcOk) {
            printf("Recv: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
            return;
        }
        actor_Server_entity_dispatch(entity, &req.base_, NULL, &res.base_, NULL);
        res.first_echo.Number.res_.result += 1; /* the reply is taken from here only now */
        rc = Reply(state.handle, &out);
        printf("Reply: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
    }
}

static void do_serve_misuse(const char *unused)
{
    actor_Server_entity *entity = hand_made_entity();
    actor_Server_entity_req req;
    actor_Server_entity_res res;

    memset(&res, 0xa5, sizeof(res)); /* what an uninitialised response may hold */
    printf("reply without request: %d\n",
           nk_transport_reply(&state.transport.base, &res.base_, NULL));
    nk_req_reset(&req);
    printf("dispatch of nothing: %d\n",
           actor_Server_entity_dispatch(entity, &req.base_, NULL, &res.base_, NULL));
    nk_req_reset(&req);
    nk_transport_recv(&state.transport.base, &req.base_, NULL);
    printf("reply without dispatch: %d\n",
           nk_transport_reply(&state.transport.base, &res.base_, NULL));
    (void)unused;
    serve(NULL);
}

static void *take_and_leave(void *unused)
{
    actor_Server_entity_req req;

    nk_req_reset(&req);
    printf("desert: %d\n", nk_transport_recv(&state.transport.base, &req.base_, NULL));
    return unused;
}

static void do_desert(const char *unused)
{
    pthread_t thread;

    pthread_create(&thread, NULL, take_and_leave, NULL);
    pthread_join(thread, NULL);
    (void)unused;
    serve(NULL);
}

static void do_slow(const char *milliseconds)
{
    state.slow_ms = (unsigned)atoi(milliseconds);
}

static void do_fork(const char *unused)
{
    (void)unused;
    if (fork() == 0) {
        setsid();
        do_sleep(NULL);
    }
}

static void do_fork_on_call(const char *unused)
{
    (void)unused;
    state.fork_on_call = true;
}

static void do_status(const char *unused)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "re");

    (void)unused;
    while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
        if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 ||
            strncmp(line, "Uid", 3) == 0 || strncmp(line, "Gid", 3) == 0 ||
            strncmp(line, "Groups", 6) == 0 || strncmp(line, "Sig", 3) == 0) {
            fputs(line, stdout);
        }
    }
    fclose(status);
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder)) {
            printf("fd %s\n", entry->d_name);
        }
    }
    closedir(folder);
}

static void do_environment(const char *name)
{
    const char *value = getenv(name);

    printf("%s=%s\n", name, value != NULL ? value : "(unset)");
}

static void do_signal(const char *number)
{
    (void)raise(atoi(number));
}

static const struct command commands[] = {
    {"connect", true, do_connect},
    {"register", true, do_register},
    {"served", true, do_served},
    {"served-all", false, do_served_all},
    {"riid", true, do_riid},
    {"number", true, do_number},
    {"text", true, do_text},
    {"blob", true, do_blob},
    {"fail", true, do_fail},
    {"refuse", true, do_refuse},
    {"die", false, do_die},
    {"doom", true, do_doom},
    {"hold", true, do_hold},
    {"raw", true, do_raw},
    {"syscall", true, do_syscall},
    {"forked", true, do_forked},
    {"serve-syscalls", false, do_serve_syscalls},
    {"serve-misuse", false, do_serve_misuse},
    {"desert", false, do_desert},
    {"threads", true, do_threads},
    {"close", false, do_close},
    {"serve", false, do_serve},
    {"serve-threads", true, do_serve_threads},
    {"abandon", false, do_abandon},
    {"slow", true, do_slow},
    {"fork", false, do_fork},
    {"fork-on-call", false, do_fork_on_call},
    {"status", false, do_status},
    {"environment", true, do_environment},
    {"signal", true, do_signal},
    COMMON_COMMANDS,
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
