/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * The entity of the tests of dynamic channels: does what its arguments say, one after the other, and prints one line
 * each. Arguments in capitals are words of the one argument that a command has.
 *
 *     ask 'SERVER SERVICE MS'      connect; the commands below use the last handle that came
 *     ask-later 'SERVER SERVICE MS' the same in a thread of its own; join waits for all of those
 *     listen MS                    hear of one request
 *     listen-later MS              the same in a thread of its own
 *     listen-for SERVICE           hear of requests until one is for that
 *     accept 'CLIENT SERVICE RIID' with the listener that there is, or a new one
 *     accept-with 'CLIENT SERVICE RIID HANDLE' with the handle of that number
 *     drop 'CLIENT SERVICE'
 *     take MS                      listen and accept, RIID 0
 *     take-all                     for ever, in a thread of its own
 *     number N                     call Number(N) through the client handle
 *     number-for MS                the same without end for so long
 *     survive                      the end of the broker
 *     close, close-listener        the client handle, the listener
 *     new-listener                 forget the listener, without closing it
 *     serve                        a thread that runs NkKosDoDispatch(); serve-often N: N of them
 *     receive                      one nk_transport_recv(), answered if it brings a request
 *     connect ID, register ID      static channels
 *     riid NAME                    look up an endpoint of the server, and call that
 *     churn 'SERVER SERVICE N'     connect, call, close, N times
 *     churn-for 'SERVER SERVICE MS WORD' the same for so long; prints the word
 *     churn-on 'SERVER SERVICE'    connect and close until that fails, and then say how
 *     many 'SERVER SERVICE N'      connect N times, call through each, close all
 *     hoard 'SERVER SERVICE N'     connect N times and keep them, calling none
 *     create MS                    NsCreate(), which the three below do as well, without a time-out
 *     publish 'TYPE SERVER SERVICE', unpublish ..., enumerate TYPE
 *     again 'TYPE SERVER SERVICE'  publish through the name server that the last of them had
 *     long N                       ask Server for a service whose name has N bytes
 *     flood N                      N threads ask Server, each for a service of its own, for a second
 *     poll 'SERVER SERVICE N'      ask N times, without waiting
 *     forked                       ask in a child made by fork()
 *     drop-capabilities            have none any more
 *     own-namespace                have them all, in a user namespace of our own
 *     name                         print how we are called
 *     descriptors                  have as many of them as the system allows
 *     cut                          break the session with the broker
 *     mark FILE, await FILE, pause MS, sleep, exit N, die
 */
/* clang-format on */
#include <inttypes.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/task/task_api.h>
#include <coresrv/thread/thread_api.h>
#include <kl/core/Types.idl.h>
#include <rtl/retcode_hr.h>

#include <actor/Client.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"
#include "tests/programs/echo_entity.h"
#include "tests/programs/name_commands.h"
#include "tests/programs/words.h"

#define THREADS_MAX 256

static struct {
    Handle client;
    Handle listener;
    rtl_uint32_t riid;
    pthread_t threads[THREADS_MAX];
    size_t n_threads;
    int first_descriptor;
} state = {.client = INVALID_HANDLE, .listener = INVALID_HANDLE};

static void start(void *(*function)(void *), const char *argument)
{
    pthread_create(&state.threads[state.n_threads++], NULL, function, (void *)argument);
}

static void do_join(const char *unused)
{
    (void)unused;
    while (state.n_threads > 0) {
        pthread_join(state.threads[--state.n_threads], NULL);
    }
}

static struct echo_entity echo;

static void *ask(void *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    Handle handle = INVALID_HANDLE;
    rtl_uint32_t riid = 0;

    split(argument, words);
    rtl_uint32_t msecs = words[2][0] == '-' ? INFINITE_TIMEOUT : (rtl_uint32_t)atoi(words[2]);
    rtl_uint64_t before = KnGetMSecSinceStart();
    Retcode rc = KnCmConnect(words[0], words[1], msecs, &handle, &riid);
    bool in_time =
        msecs == INFINITE_TIMEOUT || rc != rcTimeout || KnGetMSecSinceStart() - before + 1 >= msecs;
    printf("ask %s %s: " RETCODE_HR_FMT ", riid %u%s\n", words[0], words[1], RETCODE_HR_PARAMS(rc),
           riid, in_time ? "" : ", too early");
    if (rc == rcOk) {
        state.client = handle;
        state.riid = riid;
    }
    return NULL;
}

static void do_ask(const char *argument)
{
    ask((void *)argument);
}

static void do_ask_later(const char *argument)
{
    start(ask, argument);
}

static void *listen_once(void *argument)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    rtl_uint32_t msecs = *(char *)argument == '-' ? INFINITE_TIMEOUT : (rtl_uint32_t)atoi(argument);

    Retcode rc = KnCmListen(RTL_NULL, msecs, client, service);
    if (rc == rcOk) {
        printf("listen: %s wants %s\n", client, service);
    } else {
        printf("listen: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
    }
    return NULL;
}

static void do_listen(const char *argument)
{
    listen_once((void *)argument);
}

static void do_listen_for(const char *wanted)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize] = "";
    Retcode rc = rcOk;

    while (rc == rcOk && strcmp(service, wanted) != 0) {
        rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);
    }
    printf("listen-for %s: " RETCODE_HR_FMT "\n", wanted, RETCODE_HR_PARAMS(rc));
}

static void do_listen_later(const char *argument)
{
    start(listen_once, argument);
}

static Retcode accept_one(const char *client, const char *service, rtl_uint32_t riid)
{
    Handle handle;

    Retcode rc = KnCmAccept(client, service, riid, state.listener, &handle);
    if (rc == rcOk && state.listener == INVALID_HANDLE) {
        state.listener = handle;
    }
    return rc;
}

static void do_accept(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    bool is_new = state.listener == INVALID_HANDLE;
    Retcode rc = accept_one(words[0], words[1], (rtl_uint32_t)strtoul(words[2], NULL, 0));
    printf("accept %s %s: " RETCODE_HR_FMT "%s\n", words[0], words[1], RETCODE_HR_PARAMS(rc),
           rc == rcOk && is_new ? ", new" : "");
}

static void do_accept_with(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    Handle handle;

    split(argument, words);
    Retcode rc = KnCmAccept(words[0], words[1], (rtl_uint32_t)strtoul(words[2], NULL, 0),
                            (Handle)strtoul(words[3], NULL, 0), &handle);
    printf("accept %s %s: " RETCODE_HR_FMT "\n", words[0], words[1], RETCODE_HR_PARAMS(rc));
}

static void do_drop(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    Retcode rc = KnCmDrop(words[0], words[1]);
    printf("drop %s %s: " RETCODE_HR_FMT "\n", words[0], words[1], RETCODE_HR_PARAMS(rc));
}

static Retcode take(rtl_uint32_t msecs)
{
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];

    Retcode rc = KnCmListen(RTL_NULL, msecs, client, service);
    return rc == rcOk ? accept_one(client, service, 0) : rc;
}

static void do_take(const char *msecs)
{
    Retcode rc = take(*msecs == '-' ? INFINITE_TIMEOUT : (rtl_uint32_t)atoi(msecs));

    printf("take: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

static void *take_all(void *unused)
{
    for (;;) {
        Retcode rc = take(INFINITE_TIMEOUT);
        if (rc != rcOk && rc != rcResourceNotFound) {
            printf("take: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
        }
        if (rc == rcNotReady) {
            return unused;
        }
    }
}

static void do_take_all(const char *unused)
{
    start(take_all, unused);
}

static nk_err_t call_number(Handle handle, rtl_uint32_t riid, nk_uint32_t value,
                            nk_uint32_t *ret_result)
{
    NkKosTransport transport;
    actor_IEcho_proxy proxy;
    actor_IEcho_Number_req req = {.value = value};
    actor_IEcho_Number_res res;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    actor_IEcho_proxy_init(&proxy, &transport.base, (nk_iid_t)riid);
    nk_err_t err = actor_IEcho_Number(&proxy.base, &req, NULL, &res, NULL);
    if (err == NK_EOK) {
        *ret_result = res.result;
    }
    return err;
}

static void do_number(const char *text)
{
    nk_uint32_t result = 0;
    nk_err_t err = call_number(state.client, state.riid, (nk_uint32_t)atoi(text), &result);

    if (err == NK_EOK) {
        printf("number %s: %" PRIu32 "\n", text, result);
    } else {
        printf("number %s: error %d\n", text, err);
    }
}

static void do_number_for(const char *msecs)
{
    rtl_uint64_t start = KnGetMSecSinceStart();
    unsigned n_failures = 0;
    nk_uint32_t n = 0;

    while (KnGetMSecSinceStart() - start < (rtl_uint64_t)atoi(msecs)) {
        nk_uint32_t result = 0;
        nk_err_t err = call_number(state.client, state.riid, n, &result);
        n_failures += err != NK_EOK || result != n;
        n++;
    }
    printf("numbered: %u failures of %u\n", n_failures, n);
}

static void do_close(const char *unused)
{
    (void)unused;
    Retcode rc = KnHandleClose(state.client);
    printf("close: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

static void do_close_listener(const char *unused)
{
    (void)unused;
    Retcode rc = KnHandleClose(state.listener);
    printf("close-listener: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

static void do_new_listener(const char *unused)
{
    (void)unused;
    state.listener = INVALID_HANDLE;
}

static void *serve(void *listener)
{
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(actor_Server, echo.entity);

    printf("serve ended: %d\n", NkKosDoDispatch((Handle)(uintptr_t)listener, &info));
    return NULL;
}

static void do_serve(const char *unused)
{
    (void)unused;
    start(serve, (const char *)(uintptr_t)state.listener);
}

static void do_serve_often(const char *count)
{
    for (int i = 0; i < atoi(count); i++) {
        do_serve(NULL);
    }
}

static void do_receive(const char *unused)
{
    actor_Server_entity_req req;
    actor_Server_entity_res res;
    NkKosTransport transport;

    (void)unused;
    NkKosTransport_Init(&transport, state.listener, NK_NULL, 0);
    nk_req_reset(&req);
    nk_err_t err = nk_transport_recv(&transport.base, &req.base_, NULL);
    printf("receive: %d\n", err);
    if (err == NK_EOK) {
        actor_Server_entity_dispatch(&echo.entity, &req.base_, NULL, &res.base_, NULL);
        printf("reply: %d\n", nk_transport_reply(&transport.base, &res.base_, NULL));
    }
}

static void do_connect(const char *id)
{
    state.client = ServiceLocatorConnect(id);
    state.riid = 0;
    printf("connect %s: %s\n", id, state.client == INVALID_HANDLE ? "refused" : "ok");
}

static void do_register(const char *id)
{
    ServiceId service;

    state.listener = ServiceLocatorRegister(id, NULL, 0, &service);
    printf("register %s: %s\n", id, state.listener == INVALID_HANDLE ? "refused" : "ok");
}

static void do_riid(const char *name)
{
    state.riid = ServiceLocatorGetRiid(state.client, name);
    printf("riid %s: %d\n", name, state.riid == INVALID_RIID ? -1 : (int)state.riid);
}

/* churn_once() - connect, call, close. Return: whether all that worked. */
static bool churn_once(const char *server, const char *service, nk_uint32_t value)
{
    nk_uint32_t result = 0;
    rtl_uint32_t riid;
    Handle handle;

    if (KnCmConnect(server, service, INFINITE_TIMEOUT, &handle, &riid) != rcOk) {
        return false;
    }
    nk_err_t err = call_number(handle, riid, value, &result);
    return KnHandleClose(handle) == rcOk && err == NK_EOK && result == value;
}

static void do_churn(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    unsigned n_failures = 0;

    split(argument, words);
    for (nk_uint32_t i = 0; i < (nk_uint32_t)atoi(words[2]); i++) {
        n_failures += !churn_once(words[0], words[1], i);
    }
    printf("churn %s: %u failures\n", words[2], n_failures);
}

static void do_churn_for(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    rtl_uint64_t start = KnGetMSecSinceStart();
    unsigned n_failures = 0;
    nk_uint32_t n = 0;

    split(argument, words);
    while (KnGetMSecSinceStart() - start < (rtl_uint64_t)atoi(words[2])) {
        n_failures += !churn_once(words[0], words[1], n++);
    }
    printf("churned %s: %u times, %u failures\n", words[3], n, n_failures);
}

static void do_churn_on(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    rtl_uint32_t riid;
    Handle handle;
    Retcode rc;

    split(argument, words);
    while ((rc = KnCmConnect(words[0], words[1], INFINITE_TIMEOUT, &handle, &riid)) == rcOk) {
        (void)KnHandleClose(handle);
    }
    printf("churned on: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

/* connect_many() - into @handles. Return: how many there are. */
static size_t connect_many(const char *server, const char *service, size_t n, Handle *handles)
{
    size_t n_open = 0;
    rtl_uint32_t riid;

    while (n_open < n &&
           KnCmConnect(server, service, INFINITE_TIMEOUT, &handles[n_open], &riid) == rcOk) {
        n_open++;
    }
    return n_open;
}

static void do_many(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    unsigned n_failures = 0;

    split(argument, words);
    size_t n = (size_t)atoi(words[2]);
    Handle *handles = calloc(n, sizeof(*handles));
    size_t n_open = connect_many(words[0], words[1], n, handles);
    for (size_t i = 0; i < n_open; i++) {
        nk_uint32_t result = 0;
        nk_err_t err = call_number(handles[i], 0, (nk_uint32_t)i, &result);
        n_failures += err != NK_EOK || result != i;
    }
    for (size_t i = 0; i < n_open; i++) {
        n_failures += KnHandleClose(handles[i]) != rcOk;
    }
    free(handles);
    printf("many %s: %zu open, %u failures\n", words[2], n_open, n_failures);
}

static void do_hoard(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];

    split(argument, words);
    size_t n = (size_t)atoi(words[2]);
    Handle *handles = calloc(n, sizeof(*handles));
    printf("hoard %s: %zu open\n", words[2], connect_many(words[0], words[1], n, handles));
    free(handles);
}

static void do_descriptors(const char *unused)
{
    (void)unused;
    raise_descriptor_limit();
}

static void do_long(const char *count)
{
    static char service[8192];
    Handle handle;
    rtl_uint32_t riid;

    memset(service, 'x', sizeof(service));
    service[atoi(count)] = '\0';
    Retcode rc = KnCmConnect("Server", service, 20, &handle, &riid);
    printf("long %s: " RETCODE_HR_FMT "\n", count, RETCODE_HR_PARAMS(rc));
}

static void do_name(const char *unused)
{
    char name[kl_core_Types_UCoreStringSize];
    Retcode rc = KnTaskGetName(name, sizeof(name));

    (void)unused;
    printf("name: %s\n", rc == rcOk ? name : "none");
    rc = KnTaskGetName(name, strlen(name));
    printf("short name: " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
}

static void *flood(void *number)
{
    char service[32];
    Handle handle;
    rtl_uint32_t riid;

    snprintf(service, sizeof(service), "flood%" PRIuPTR, (uintptr_t)number);
    return (void *)(intptr_t)KnCmConnect("Server", service, 1000, &handle, &riid);
}

static void do_flood(const char *count)
{
    int n_timeouts = 0;
    int n_full = 0;

    for (uintptr_t i = 0; i < (uintptr_t)atoi(count); i++) {
        start(flood, (const char *)i);
    }
    while (state.n_threads > 0) {
        void *rc;
        pthread_join(state.threads[--state.n_threads], &rc);
        n_timeouts += (intptr_t)rc == rcTimeout;
        n_full += (intptr_t)rc == rcQuotaExceeded;
    }
    printf("flood %s: %d waited, %d were too many\n", count, n_timeouts, n_full);
}

static void do_poll(const char *argument)
{
    char words[WORDS_MAX][kl_core_Types_UCoreStringSize];
    Handle handle;
    rtl_uint32_t riid;
    int n_timeouts = 0;

    split(argument, words);
    for (int i = 0; i < atoi(words[2]); i++) {
        n_timeouts += KnCmConnect(words[0], words[1], 0, &handle, &riid) == rcTimeout;
    }
    printf("poll %s: %d were not answered\n", words[2], n_timeouts);
}

static void do_drop_capabilities(const char *unused)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

    (void)unused;
    printf("drop-capabilities: %s\n", syscall(SYS_capset, &head, none) == 0 ? "ok" : "refused");
}

static void do_own_namespace(const char *unused)
{
    (void)unused;
    printf("own-namespace: %s\n", unshare(CLONE_NEWUSER) == 0 ? "ok" : "refused");
}

static void do_forked(const char *unused)
{
    (void)unused;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        do_ask("Server forked 1000");
        do_name(NULL);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

/* do_cut() - what has a number below that of the first channel is the session, or no socket */
static void do_cut(const char *unused)
{
    (void)unused;
    for (int fd = 3; fd < state.first_descriptor; fd++) {
        (void)shutdown(fd, SHUT_RDWR);
    }
}

static const struct command commands[] = {
    {"ask", true, do_ask},
    {"ask-later", true, do_ask_later},
    {"join", false, do_join},
    {"listen", true, do_listen},
    {"listen-for", true, do_listen_for},
    {"listen-later", true, do_listen_later},
    {"accept", true, do_accept},
    {"accept-with", true, do_accept_with},
    {"drop", true, do_drop},
    {"take", true, do_take},
    {"take-all", false, do_take_all},
    {"number", true, do_number},
    {"number-for", true, do_number_for},
    {"survive", false, do_survive},
    {"close", false, do_close},
    {"close-listener", false, do_close_listener},
    {"new-listener", false, do_new_listener},
    {"serve", false, do_serve},
    {"serve-often", true, do_serve_often},
    {"receive", false, do_receive},
    {"connect", true, do_connect},
    {"register", true, do_register},
    {"riid", true, do_riid},
    {"churn", true, do_churn},
    {"churn-for", true, do_churn_for},
    {"churn-on", true, do_churn_on},
    {"many", true, do_many},
    {"hoard", true, do_hoard},
    {"descriptors", false, do_descriptors},
    {"create", true, do_create},
    {"publish", true, do_publish},
    {"again", true, do_again},
    {"unpublish", true, do_unpublish},
    {"enumerate", true, do_enumerate},
    {"long", true, do_long},
    {"name", false, do_name},
    {"flood", true, do_flood},
    {"poll", true, do_poll},
    {"drop-capabilities", false, do_drop_capabilities},
    {"own-namespace", false, do_own_namespace},
    {"forked", false, do_forked},
    {"cut", false, do_cut},
    {"pause", true, do_pause},
    COMMON_COMMANDS,
    {"die", false, do_be_killed},
};

int main(int argc, char **argv)
{
    state.first_descriptor = dup(0);
    close(state.first_descriptor);
    echo_entity_init(&echo, &number_ops);
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
