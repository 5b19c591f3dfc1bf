/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * The entity of the tests of <capchan/caller.h>: does what its arguments say, one after the other, and prints one line
 * each. Arguments in capitals are words of the one argument that a command has.
 *
 *     register ID       be the server of a channel; the commands below use the last listener
 *     take N            the same for N dynamic channels that are asked for
 *     serve N           N threads that answer for ever
 *     meet N            from now on Who() is not answered before so many threads have a request
 *     hold 'FILE FILE'  from now on Who() makes a file, and waits for another one
 *     connect ID        the client's end of a channel; the commands below use the last one
 *     ask SERVER        the same of a dynamic channel
 *     who ROOM          print whom the server believes to serve; who-later ROOM: in a thread of its own
 *     who-often 'ROOM N NAME' N times, and print how often it was not that
 *     pass ID           print whom it believes to serve when who is there asks it, with our handle
 *     give ID           have who is there serve our listener
 *     own               print whom we believe to serve when we call ourselves
 *     outside           print what one is told without a request
 *     nest 'ID ID'      take a request from the first, then from the second, and answer them in turn
 *     forget ID         take a request, and close the listener
 *     fork-in-handler   from now on a child made by fork() asks, and the server tells what it was told
 *     survive           the end of the broker
 *     mark FILE, await FILE, sleep, exit N, die
 */
/* clang-format on */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <capchan/caller.h>
#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/Types.idl.h>
#include <nk/handle.h>
#include <rtl/retcode_hr.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <clerk/Clerk.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"
#include "tests/programs/words.h"

#define UNTOUCHED 0x5a
#define ALL_ROOM 256 /* for any name */

static struct {
    Handle listener;
    Handle client;
    rtl_uint32_t riid;
    pthread_barrier_t meeting;
    bool has_meeting;
    const char *hold;
    bool forks;
} state = {.listener = INVALID_HANDLE, .client = INVALID_HANDLE};

/* ask_caller() - capchan_caller_name(), which must not write anything unless it says so */
static Retcode ask_caller(char *name, rtl_size_t room)
{
    memset(name, UNTOUCHED, kl_core_Types_UCoreStringSize);
    Retcode rc = capchan_caller_name(name, room);
    size_t n_written = rc == rcOk ? strlen(name) + 1 : 0;

    for (size_t i = n_written; i < kl_core_Types_UCoreStringSize; i++) {
        if (name[i] != UNTOUCHED) {
            printf("byte %zu was written\n", i);
        }
    }
    if (rc != rcOk) {
        name[0] = '\0';
    }
    return rc;
}

static void print_caller(const char *when)
{
    char name[kl_core_Types_UCoreStringSize];
    Retcode rc = ask_caller(name, sizeof(name));

    printf("%s: '%s' " RETCODE_HR_FMT "\n", when, name, RETCODE_HR_PARAMS(rc));
}

/* ask_in_child() - what a child made by fork() is told */
static Retcode ask_in_child(void)
{
    char name[kl_core_Types_UCoreStringSize];
    int ends[2];
    Retcode rc = rcFail;

    if (pipe(ends) < 0) {
        return rc;
    }
    pid_t child = fork();
    if (child == 0) {
        rc = ask_caller(name, sizeof(name));
        _exit(write(ends[1], &rc, sizeof(rc)) != sizeof(rc));
    }
    close(ends[1]);
    (void)!read(ends[0], &rc, sizeof(rc));
    close(ends[0]);
    waitpid(child, NULL, 0);
    return rc;
}

static nk_err_t serve_who(struct IDesk *self, const IDesk_Who_req *req,
                          const struct nk_arena *req_arena, IDesk_Who_res *res,
                          struct nk_arena *res_arena)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    char name[kl_core_Types_UCoreStringSize];

    (void)self;
    (void)req_arena;
    if (state.has_meeting) {
        (void)pthread_barrier_wait(&state.meeting);
    }
    if (state.hold != NULL) {
        split(state.hold, words);
        do_mark(words[0]);
        do_await(words[1]);
        print_caller("held");
    }
    res->code = ask_caller(name, req->room);
    if (state.forks) {
        res->code = ask_in_child();
    }
    return NkKosCopyStringToArena(res_arena, &res->name, name);
}

/* call_who() - through any handle; @name has room for all names */
static nk_err_t call_who(Handle handle, rtl_uint32_t riid, rtl_uint32_t room, Retcode *ret_code,
                         char *name)
{
    char bytes[IDesk_Who_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    NkKosTransport transport;
    IDesk_proxy proxy;
    IDesk_Who_req req = {.room = room};
    IDesk_Who_res res;
    nk_uint32_t size;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    IDesk_proxy_init(&proxy, &transport.base, (nk_iid_t)riid);
    nk_err_t err = IDesk_Who(&proxy.base, &req, NK_NULL, &res, &arena);
    name[0] = '\0';
    if (err == NK_EOK) {
        *ret_code = res.code;
        strcpy(name, nk_arena_get(nk_char_t, &arena, &res.name, &size));
    }
    return err;
}

static nk_err_t serve_pass(struct IDesk *self, const IDesk_Pass_req *req,
                           const struct nk_arena *req_arena, IDesk_Pass_res *res,
                           struct nk_arena *res_arena)
{
    Handle handle = nk_get_handle(&req->handle);
    char name[ALL_ROOM];

    (void)self;
    (void)req_arena;
    nk_err_t err = call_who(handle, clerk_Clerk_desk_iid, ALL_ROOM, &res->code, name);
    (void)KnHandleClose(handle);
    return err != NK_EOK ? err : NkKosCopyStringToArena(res_arena, &res->name, name);
}

static clerk_Clerk_entity entity;

static void *serve(void *listener)
{
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(clerk_Clerk, entity);

    (void)NkKosDoDispatch((Handle)(uintptr_t)listener, &info);
    return NULL;
}

static void start_serving(Handle listener)
{
    pthread_t thread;

    pthread_create(&thread, NULL, serve, (void *)(uintptr_t)listener);
    pthread_detach(thread);
}

static nk_err_t serve_host(struct IDesk *self, const IDesk_Host_req *req,
                           const struct nk_arena *req_arena, IDesk_Host_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    start_serving(nk_get_handle(&req->listener));
    return NK_EOK;
}

static void do_register(const char *id)
{
    ServiceId service;

    state.listener = ServiceLocatorRegister(id, NULL, 0, &service);
}

static void do_take(const char *count)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    Handle handle;

    for (int i = 0; i < atoi(count); i++) {
        Retcode rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);
        if (rc == rcOk) {
            rc = KnCmAccept(client, service, clerk_Clerk_desk_iid, state.listener, &handle);
        }
        printf("take: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
        state.listener = rc == rcOk ? handle : state.listener;
    }
}

static void do_serve(const char *count)
{
    for (int i = 0; i < atoi(count); i++) {
        start_serving(state.listener);
    }
}

static void do_meet(const char *count)
{
    pthread_barrier_init(&state.meeting, NULL, (unsigned)atoi(count));
    state.has_meeting = true;
}

static void do_hold(const char *files)
{
    state.hold = files;
}

static void do_connect(const char *id)
{
    state.client = ServiceLocatorConnect(id);
    state.riid = clerk_Clerk_desk_iid;
}

static void do_ask(const char *server)
{
    Retcode rc = KnCmConnect(server, "desk", INFINITE_TIMEOUT, &state.client, &state.riid);

    printf("ask %s: " RETCODE_HR_FMT "\n", server, RETCODE_HR_PARAMS(rc));
}

static void *who(void *room)
{
    char name[ALL_ROOM];
    Retcode code = rcFail;
    nk_err_t err =
        call_who(state.client, state.riid, (rtl_uint32_t)atoi((const char *)room), &code, name);

    printf("who %s: %d, '%s' " RETCODE_HR_FMT "\n", (const char *)room, err, name,
           RETCODE_HR_PARAMS(code));
    return NULL;
}

static void do_who(const char *room)
{
    who((void *)room);
}

static void do_who_later(const char *room)
{
    pthread_t thread;

    pthread_create(&thread, NULL, who, (void *)room);
    pthread_detach(thread);
}

static void do_who_often(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    unsigned n_wrong = 0;

    split(argument, words);
    for (int i = 0; i < atoi(words[1]); i++) {
        char name[ALL_ROOM];
        Retcode code = rcFail;
        nk_err_t err =
            call_who(state.client, state.riid, (rtl_uint32_t)atoi(words[0]), &code, name);
        n_wrong += err != NK_EOK || code != rcOk || strcmp(name, words[2]) != 0;
    }
    printf("who-often %s: %u wrong\n", words[1], n_wrong);
}

static void do_pass(const char *id)
{
    char bytes[IDesk_Pass_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    NkKosTransport transport;
    IDesk_proxy proxy;
    IDesk_Pass_req req = {.handle = nk_handle_desc(state.client)};
    IDesk_Pass_res res = {0};
    nk_uint32_t size;

    NkKosTransport_Init(&transport, ServiceLocatorConnect(id), NK_NULL, 0);
    IDesk_proxy_init(&proxy, &transport.base, clerk_Clerk_desk_iid);
    nk_err_t err = IDesk_Pass(&proxy.base, &req, NK_NULL, &res, &arena);
    const char *name = err == NK_EOK ? nk_arena_get(nk_char_t, &arena, &res.name, &size) : "";
    printf("pass %s: %d, '%s' " RETCODE_HR_FMT "\n", id, err, name, RETCODE_HR_PARAMS(res.code));
}

static void do_give(const char *id)
{
    NkKosTransport transport;
    IDesk_proxy proxy;
    IDesk_Host_req req = {.listener = nk_handle_desc(state.listener)};
    IDesk_Host_res res;

    NkKosTransport_Init(&transport, ServiceLocatorConnect(id), NK_NULL, 0);
    IDesk_proxy_init(&proxy, &transport.base, clerk_Clerk_desk_iid);
    printf("give %s: %d\n", id, IDesk_Host(&proxy.base, &req, NK_NULL, &res, NK_NULL));
}

static void do_own(const char *unused)
{
    Handle listener = INVALID_HANDLE;
    Handle server;
    char name[ALL_ROOM];
    Retcode code = rcFail;

    (void)unused;
    Retcode rc = KnHandleConnect(INVALID_HANDLE, &listener, &server, &state.client);
    state.listener = server;
    do_serve("1");
    nk_err_t err = call_who(state.client, clerk_Clerk_desk_iid, ALL_ROOM, &code, name);
    printf("own: %d %d, '%s' " RETCODE_HR_FMT "\n", rc, err, name, RETCODE_HR_PARAMS(code));
}

static void do_outside(const char *unused)
{
    Retcode rc = capchan_caller_name(NULL, ALL_ROOM);

    (void)unused;
    print_caller("outside");
    printf("nowhere: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

/* A request that is taken and answered by hand. */
struct errand {
    NkKosTransport transport;
    clerk_Clerk_entity_req req;
    clerk_Clerk_entity_res res;
    char bytes[IDesk_Who_res_arena_size];
};

static void errand_take(struct errand *errand, const char *id)
{
    do_register(id);
    NkKosTransport_Init(&errand->transport, state.listener, NK_NULL, 0);
    nk_req_reset(&errand->req);
    nk_err_t err = nk_transport_recv(&errand->transport.base, &errand->req.base_, NULL);
    printf("take from %s: %d\n", id, err);
}

static void errand_answer(struct errand *errand)
{
    struct nk_arena arena =
        NK_ARENA_INITIALIZER(errand->bytes, errand->bytes + sizeof(errand->bytes));

    (void)clerk_Clerk_entity_dispatch(&entity, &errand->req.base_, NULL, &errand->res.base_,
                                      &arena);
    nk_err_t err = nk_transport_reply(&errand->transport.base, &errand->res.base_, &arena);
    printf("reply: %d\n", err);
}

static void *print_elsewhere(void *unused)
{
    print_caller("another thread");
    return unused;
}

static void do_nest(const char *ids)
{
    static struct errand outer;
    static struct errand inner;
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    pthread_t thread;

    split(ids, words);
    errand_take(&outer, words[0]);
    print_caller("outer");
    errand_take(&inner, words[1]);
    print_caller("inner");
    pthread_create(&thread, NULL, print_elsewhere, NULL);
    pthread_join(thread, NULL);
    errand_answer(&inner);
    print_caller("outer again");
    errand_answer(&outer);
    print_caller("after");
}

static void do_forget(const char *id)
{
    static struct errand errand;

    errand_take(&errand, id);
    (void)KnHandleClose(state.listener);
    print_caller("forgotten");
}

static void do_fork_in_handler(const char *unused)
{
    (void)unused;
    state.forks = true;
}

static const struct command commands[] = {
    {"register", true, do_register},
    {"take", true, do_take},
    {"serve", true, do_serve},
    {"meet", true, do_meet},
    {"hold", true, do_hold},
    {"connect", true, do_connect},
    {"ask", true, do_ask},
    {"who", true, do_who},
    {"who-later", true, do_who_later},
    {"who-often", true, do_who_often},
    {"pass", true, do_pass},
    {"give", true, do_give},
    {"own", false, do_own},
    {"outside", false, do_outside},
    {"nest", true, do_nest},
    {"forget", true, do_forget},
    {"fork-in-handler", false, do_fork_in_handler},
    {"survive", false, do_survive},
    COMMON_COMMANDS,
    {"die", false, do_be_killed},
};

int main(int argc, char **argv)
{
    static const struct IDesk_ops ops = {.Who = serve_who, .Pass = serve_pass, .Host = serve_host};
    static struct IDesk desk = {&ops};

    clerk_Clerk_entity_init(&entity, &desk);
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
