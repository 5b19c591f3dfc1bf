/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * The entity of tests/system/test_contract.c: what client programs do that is odd but works. It does what its
 * arguments say, one after the other, and prints one line each.
 *
 *     connect ID, register ID    get a handle; what follows uses it
 *     arenas KIND      take other arenas from now on: exact, as large as the generated constants say; odd, the same
 *                      at an odd address; bogus, with an end far behind; untouchable, over memory that must not
 *                      be read or written; zero, all members NULL; none, NULL; mute, exact and zero for responses
 *     number N, text WORD, try N, fail N   calls, with responses that hold rubbish before
 *     unterminated WORD   Text(), whose chunk has room for a NUL that is never written
 *     opaque           Opaque(), with chunks inside the sequence of octets and text behind it
 *     plan             Plan(), as much as the IDL allows
 *     other N          IOther.Count() through a proxy of IDuty, and Number() through one of IOther
 *     serve            answer requests in a loop of its own, from one response that is never reset
 *     serve-edited     the same, and change responses and requests between dispatch and reply
 *     serve-by-hand    put replies together without dispatch
 *     serve-mistyped   the same as serve, with pointers to interfaces where components are expected
 *     serve-direct     the same, with the class as a component of itself
 *     recv-nothing     receive from no listener, and reply all the same
 *     relay FIRST SECOND   serve two channels in two threads with one entity; odd numbers are passed on
 *     entered FILE, until FILE   make a file in the handler of the next Number(), and wait there for another one
 *     say TEXT         print to stderr; mark FILE: make a file; await FILE: until it is there; sleep
 */
/* clang-format on */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <contract/Client.edl.h>
#include <contract/Direct.edl.h>
#include <contract/IOther.idl.h>
#include <contract/Server.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"

#define RUBBISH 0xa5
#define GUARD_BYTES 64
#define PAGE_BYTES 4096

/* An arena that begins at the first byte or, for an odd address, the second, and ends where
 * something begins that must stay. */
struct room {
    char bytes[1 + contract_IDuty_arena_size] __attribute__((aligned(8)));
    unsigned char guard[GUARD_BYTES];
};

static struct {
    Handle handle;
    NkKosTransport transport;
    contract_IDuty_proxy proxy;
    struct room rooms[2];
    nk_arena arenas[2];
    nk_arena *req_arena;
    nk_arena *res_arena;
    const char *entered; /* files, or NULL */
    const char *until;
} state = {.handle = INVALID_HANDLE};

/* expect() - end with a message unless @condition holds */
static void expect(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "wrong: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

/* Arenas */

static void check_guards(void)
{
    for (size_t i = 0; i < 2; i++) {
        for (size_t b = 0; b < GUARD_BYTES; b++) {
            expect(state.rooms[i].guard[b] == RUBBISH, "memory behind an arena was changed");
        }
    }
}

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

/* set_arena() - the arena of one direction */
static void set_arena(const char *kind, nk_arena *arena, struct room *room, size_t size)
{
    char *start = room->bytes + (is(kind, "odd") ? 1 : 0);

    memset(room, RUBBISH, sizeof(*room));
    if (is(kind, "bogus")) {
        size *= size;
    } else if (is(kind, "untouchable")) {
        size = PAGE_BYTES;
        start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    } else if (is(kind, "zero")) {
        size = 0;
        start = NULL;
    }
    nk_arena_init(arena, start, (void *)((uintptr_t)start + size));
}

static void do_arenas(const char *kind)
{
    set_arena(kind, &state.arenas[0], &state.rooms[0], contract_IDuty_req_arena_size);
    set_arena(is(kind, "mute") ? "zero" : kind, &state.arenas[1], &state.rooms[1],
              contract_IDuty_res_arena_size);
    state.req_arena = is(kind, "none") ? NULL : &state.arenas[0];
    state.res_arena = is(kind, "none") ? NULL : &state.arenas[1];
}

static void reset_arenas(void)
{
    if (state.req_arena != NULL) {
        nk_arena_reset(state.req_arena);
        nk_arena_reset(state.res_arena);
    }
}

/* text_in() - a text as programs read it, or "nothing" */
static const char *text_in(const nk_arena *arena, const nk_ptr_t *chunk, nk_uint32_t *ret_size)
{
    const char *text = nk_arena_get(nk_char_t, arena, chunk, ret_size);

    return text != NULL ? text : "nothing";
}

/* Handlers */

static nk_err_t number(struct contract_IDuty *self, const contract_IDuty_Number_req *req,
                       const struct nk_arena *req_arena, contract_IDuty_Number_res *res,
                       struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (state.entered != NULL) {
        do_mark(state.entered);
        do_await(state.until);
    }
    res->result = req->value;
    return NK_EOK;
}

/* relay_number() - odd numbers are for the next server, which is called from here */
static nk_err_t relay_number(struct contract_IDuty *self, const contract_IDuty_Number_req *req,
                             const struct nk_arena *req_arena, contract_IDuty_Number_res *res,
                             struct nk_arena *res_arena)
{
    contract_IDuty_Number_req next = {.value = req->value};

    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (req->value % 2 == 0) {
        res->result = req->value;
        return NK_EOK;
    }
    return contract_IDuty_Number(&state.proxy.base, &next, NULL, res, NULL);
}

static nk_err_t text(struct contract_IDuty *self, const contract_IDuty_Text_req *req,
                     const struct nk_arena *req_arena, contract_IDuty_Text_res *res,
                     struct nk_arena *res_arena)
{
    nk_uint32_t size = 0;
    const nk_char_t *from = nk_arena_get(nk_char_t, req_arena, &req->text, &size);

    (void)self;
    if (from == NULL) {
        return NK_EOK;
    }
    return nk_arena_store(nk_char_t, res_arena, &res->result, from, size);
}

/* try() - odd numbers are errors; the response is never cleared */
static nk_err_t try(struct contract_IDuty *self, const contract_IDuty_Try_req *req,
                    const struct nk_arena *req_arena, contract_IDuty_Try_res *res,
                    struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (req->value % 2 == 1) {
        nk_err_reset(res);
        res->err_.status = req->value;
        return NK_EOK;
    }
    res->result = req->value;
    res->again = res->res_.result;
    return NK_EOK;
}

/* put_words() - chunk descriptors inside octets, and what they lead to behind these */
static nk_err_t put_words(nk_arena *arena, nk_ptr_t *octets, const char *first, const char *second)
{
    nk_ptr_t *words = nk_arena_alloc(nk_ptr_t, arena, octets, 2);

    return words == NULL ? NK_ENOMEM
                         : NkKosCopyStringToArena(arena, &words[0], first) +
                               NkKosCopyStringToArena(arena, &words[1], second);
}

/* take_words() - read them back */
static void take_words(const nk_arena *arena, const nk_ptr_t *octets, const char **ret_words)
{
    nk_uint32_t n = 0;
    const nk_ptr_t *words = nk_arena_get(nk_ptr_t, arena, octets, &n);
    nk_uint32_t size;

    expect(n == 2, "number of hidden chunks");
    for (nk_uint32_t i = 0; i < n; i++) {
        ret_words[i] = text_in(arena, &words[i], &size);
    }
}

static nk_err_t opaque(struct contract_IDuty *self, const contract_IDuty_Opaque_req *req,
                       const struct nk_arena *req_arena, contract_IDuty_Opaque_res *res,
                       struct nk_arena *res_arena)
{
    const char *words[2];

    (void)self;
    take_words(req_arena, &req->data, words);
    return put_words(res_arena, &res->result, words[1], words[0]);
}

static nk_err_t plan(struct contract_IDuty *self, const contract_IDuty_Plan_req *req,
                     const struct nk_arena *req_arena, contract_IDuty_Plan_res *res,
                     struct nk_arena *res_arena)
{
    nk_size_t n = 0;
    const char *steps = (char *)nk_arena_get(contract_IDuty_Step, req_arena, &req->steps, &n);
    nk_uint32_t size = 0;
    const nk_uint8_t *salt = nk_arena_get(nk_uint8_t, req_arena, &req->salt, &size);

    (void)self;
    nk_err_t r = nk_arena_store(nk_uint8_t, res_arena, &res->pepper, salt, size);
    char *reversed = (char *)nk_arena_alloc(contract_IDuty_Step, res_arena, &res->reversed, n);
    if (r != NK_EOK || reversed == NULL) {
        return NK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) { /* the arena, and so a step, may be at an odd address */
        memcpy(reversed + (n - 1 - i) * sizeof(contract_IDuty_Step),
               steps + i * sizeof(contract_IDuty_Step), sizeof(contract_IDuty_Step));
    }
    return NK_EOK;
}

/* fail() - whatever the client says, with nothing in the response */
static nk_err_t fail(struct contract_IDuty *self, const contract_IDuty_Fail_req *req,
                     const struct nk_arena *req_arena, contract_IDuty_Fail_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    return req->code;
}

static struct contract_IDuty_ops ops = {number, text, try, opaque, plan, fail};
static struct contract_IDuty duty = {&ops};

/* Servers */

static void do_register(const char *id)
{
    ServiceId service;

    state.handle = ServiceLocatorRegister(id, NULL, 0, &service);
    NkKosTransport_Init(&state.transport, state.handle, NK_NULL, 0);
    printf("register %s: %s\n", id, state.handle == INVALID_HANDLE ? "refused" : "ok");
}

/* serve() - the loop of most servers, which looks at no result: one response, rubbish at first */
static void serve(contract_Server_entity *entity)
{
    contract_Server_entity_req req;
    contract_Server_entity_res res;

    memset(&res, RUBBISH, sizeof(res));
    for (;;) {
        nk_req_reset(&req);
        reset_arenas();
        nk_transport_recv(&state.transport.base, &req.base_, state.req_arena);
        contract_Server_entity_dispatch(entity, &req.base_, state.req_arena, &res.base_,
                                        state.res_arena);
        nk_transport_reply(&state.transport.base, &res.base_, state.res_arena);
        check_guards();
    }
}

static void do_serve(const char *unused)
{
    contract_CDuty_component component;
    contract_Server_entity entity;

    (void)unused;
    contract_CDuty_component_init(&component, &duty);
    contract_Server_entity_init(&entity, &component);
    serve(&entity);
}

static void do_serve_edited(const char *unused)
{
    contract_CDuty_component component = {.duty = &duty};
    contract_Server_entity entity = {&component};
    contract_Server_entity_req req;
    union contract_Server_entity_res res;

    (void)unused;
    memset(&res, RUBBISH, sizeof(res));
    for (;;) {
        nk_req_reset(&req);
        nk_transport_recv(&state.transport.base, &req.base_, NULL);
        req.desk_duty.Number.value += 100; /* what the handler sees */
        contract_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
        if (req.base_.mid == contract_IDuty_Number_mid) {
            res.desk_duty.Number.res_.result += 1000; /* what the client sees */
            res.desk_duty.Number.result += 10000;
        } else if (nk_msg_check_err(&res)) {
            res.desk_duty.Try.err_.status += 1000;
        }
        nk_transport_reply(&state.transport.base, &res.base_, NULL);
    }
}

/* do_serve_by_hand() - no dispatch at all: a response that was reset, then one of the last reply */
static void do_serve_by_hand(const char *unused)
{
    contract_IDuty_Number_req req; /* a request for one method only is a legal buffer */
    contract_Server_entity_res res;

    (void)unused;
    nk_req_reset(&res);
    for (;;) {
        nk_req_reset(&req);
        nk_transport_recv(&state.transport.base, &req.base_, NULL);
        res.desk_duty.Number.result = req.value + 1;
        nk_transport_reply(&state.transport.base, &res.base_, NULL);
    }
}

static void do_serve_mistyped(const char *unused)
{
    contract_Direct_component component;
    contract_Server_entity entity;

    (void)unused;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wincompatible-pointer-types"
    contract_Direct_component_init(&component, &duty);
    contract_Server_entity_init(&entity, &component);
#pragma GCC diagnostic pop
    serve(&entity);
}

static void do_serve_direct(const char *unused)
{
    contract_Direct_component component;
    contract_Direct_entity entity;
    contract_Direct_entity_req req;
    contract_Direct_entity_res res;

    (void)unused;
    contract_Direct_component_init(&component, &duty);
    contract_Direct_entity_init(&entity, component.duty);
    for (;;) {
        nk_req_reset(&req);
        nk_transport_recv(&state.transport.base, &req.base_, NULL);
        contract_Direct_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
        nk_transport_reply(&state.transport.base, &res.base_, NULL);
    }
}

static void do_recv_nothing(const char *unused)
{
    contract_Server_entity_req req;
    contract_Server_entity_res res;

    (void)unused;
    nk_req_reset(&req);
    memset(&res, RUBBISH, sizeof(res));
    nk_err_t received = nk_transport_recv(&state.transport.base, &req.base_, NULL);
    nk_err_t replied = nk_transport_reply(&state.transport.base, &res.base_, NULL);
    printf("recv-nothing: %d, %d\n", received, replied);
}

/* One entity, which both threads of a relay dispatch to. */
static contract_CDuty_component relay_component = {&duty};
static contract_Server_entity relay_entity = {&relay_component};

static void *serve_relay(void *transport)
{
    contract_Server_entity_req req;
    contract_Server_entity_res res;

    for (;;) {
        nk_req_reset(&req);
        nk_transport_recv(transport, &req.base_, NULL);
        contract_Server_entity_dispatch(&relay_entity, &req.base_, NULL, &res.base_, NULL);
        nk_transport_reply(transport, &res.base_, NULL);
    }
    return NULL;
}

/* do_relay() - two channels, "FIRST SECOND" */
static void do_relay(const char *ids)
{
    static NkKosTransport transports[2];
    pthread_t threads[2];
    char id[64];

    ops.Number = relay_number;
    for (size_t i = 0; i < 2; i++) {
        const char *space = strchr(ids, ' ');
        size_t size = space != NULL ? (size_t)(space - ids) : strlen(ids);
        ServiceId service;
        snprintf(id, sizeof(id), "%.*s", (int)size, ids);
        ids += space != NULL ? size + 1 : size;
        NkKosTransport_Init(&transports[i], ServiceLocatorRegister(id, NULL, 0, &service), NK_NULL,
                            0);
        pthread_create(&threads[i], NULL, serve_relay, &transports[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Clients */

static void do_connect(const char *id)
{
    state.handle = ServiceLocatorConnect(id);
    NkKosTransport_Init(&state.transport, state.handle, NK_NULL, 0);
    contract_IDuty_proxy_init(&state.proxy, &state.transport.base, 0);
    printf("connect %s: %s\n", id, state.handle == INVALID_HANDLE ? "refused" : "ok");
}

static void do_number(const char *word)
{
    contract_IDuty_Number_req req = {.value = (nk_uint32_t)strtoul(word, NULL, 0)};
    contract_IDuty_Number_res res;

    memset(&res, RUBBISH, sizeof(res));
    reset_arenas();
    nk_err_t err =
        contract_IDuty_Number(&state.proxy.base, &req, state.req_arena, &res, state.res_arena);
    printf("number %s: error %d, %" PRIu32 "\n", word, err, err == NK_EOK ? res.result : 0);
}

/* call_text() - Text() with what is in the arena already */
static void call_text(const char *command, const char *word, contract_IDuty_Text_req *req)
{
    contract_IDuty_Text_res res;
    nk_uint32_t size = 0;

    memset(&res, RUBBISH, sizeof(res));
    nk_err_t err =
        contract_IDuty_Text(&state.proxy.base, req, state.req_arena, &res, state.res_arena);
    const char *result = err == NK_EOK ? text_in(state.res_arena, &res.result, &size) : "nothing";
    printf("%s %s: error %d, %s (%u)\n", command, word, err, result, size);
    check_guards();
}

static void do_text(const char *word)
{
    contract_IDuty_Text_req req;

    reset_arenas();
    NkKosCopyStringToArena(state.req_arena, &req.text, word);
    call_text("text", word, &req);
}

static void do_unterminated(const char *word)
{
    contract_IDuty_Text_req req;

    reset_arenas();
    memcpy(nk_arena_alloc(nk_char_t, state.req_arena, &req.text, strlen(word) + 1), word,
           strlen(word));
    call_text("unterminated", word, &req);
}

/* do_try() - every view of a response, whatever it is */
static void do_try(const char *word)
{
    contract_IDuty_Try_req req = {.value = (nk_uint32_t)strtoul(word, NULL, 0)};
    contract_IDuty_Try_res res;

    memset(&res, RUBBISH, sizeof(res));
    nk_err_t err = contract_IDuty_Try(&state.proxy.base, &req, NULL, &res, NULL);
    printf("try %s: error %d, marked %d, result %" PRIu32 " %" PRIu32 " %" PRIu32
           ", status %" PRIu32 "\n",
           word, err, nk_msg_check_err(&res), res.result, res.res_.result, res.again,
           res.err_.status);
}

static void do_fail(const char *word)
{
    contract_IDuty_Fail_req req = {.code = (nk_sint32_t)atoi(word)};
    contract_IDuty_Fail_res res;

    memset(&res, RUBBISH, sizeof(res));
    nk_err_t err = contract_IDuty_Fail(&state.proxy.base, &req, NULL, &res, state.res_arena);
    printf("fail %s: error %d, %" PRIu32 " bytes\n", word, err,
           err == NK_EOK ? res.untouched.size : 0);
}

static void do_opaque(const char *unused)
{
    contract_IDuty_Opaque_req req;
    contract_IDuty_Opaque_res res;
    const char *words[2] = {"", ""};

    (void)unused;
    reset_arenas();
    nk_err_t err = put_words(state.req_arena, &req.data, "there", "back");
    err += contract_IDuty_Opaque(&state.proxy.base, &req, state.req_arena, &res, state.res_arena);
    if (err == NK_EOK) {
        take_words(state.res_arena, &res.result, words);
    }
    printf("opaque: error %d, %s, %s\n", err, words[0], words[1]);
    check_guards();
}

static void do_plan(const char *unused)
{
    contract_IDuty_Plan_req req;
    contract_IDuty_Plan_res res;
    contract_IDuty_Step steps[4] = {{1, 10}, {2, 20}, {3, 30}, {4, UINT64_MAX}};
    nk_size_t n = 0;

    (void)unused;
    reset_arenas();
    nk_err_t err = nk_arena_store(nk_uint8_t, state.req_arena, &req.salt, (nk_uint8_t *)"abc", 3);
    err += nk_arena_store(contract_IDuty_Step, state.req_arena, &req.steps, steps, 4);
    err += contract_IDuty_Plan(&state.proxy.base, &req, state.req_arena, &res, state.res_arena);
    const void *reversed =
        err == NK_EOK ? nk_arena_get(contract_IDuty_Step, state.res_arena, &res.reversed, &n)
                      : NULL;
    if (n == 4) {
        memcpy(steps, reversed, sizeof(steps));
    }
    printf("plan: error %d, %zu steps, first %u at %" PRIu64 ", last %u at %" PRIu64 "\n", err, n,
           steps[0].kind, steps[0].at, steps[3].kind, steps[3].at);
    check_guards();
}

static void do_other(const char *word)
{
    nk_uint32_t n = (nk_uint32_t)strtoul(word, NULL, 0);
    contract_IOther_Count_req count_req = {.from = n};
    contract_IOther_Count_res count_res;
    contract_IDuty_Number_req number_req = {.value = n};
    contract_IDuty_Number_res number_res;
    contract_IOther_proxy other;

    contract_IOther_proxy_init(&other, &state.transport.base, state.proxy.iid);
    nk_err_t first = contract_IOther_Count((struct contract_IOther *)&state.proxy.base, &count_req,
                                           NULL, &count_res, NULL);
    nk_err_t second = contract_IDuty_Number((struct contract_IDuty *)&other.base, &number_req, NULL,
                                            &number_res, NULL);
    nk_err_t third = contract_IOther_Count(&other.base, &count_req, NULL, &count_res, NULL);
    printf("other %s: errors %d %d %d, %" PRIu32 " %" PRIu32 "\n", word, first, second, third,
           count_res.to, number_res.result);
}

/* Everything else */

static void do_entered(const char *file)
{
    state.entered = file;
}

static void do_until(const char *file)
{
    state.until = file;
}

static void do_say(const char *words)
{
    fprintf(stderr, "%s\n", words);
}

static const struct command commands[] = {
    {"connect", true, do_connect},
    {"register", true, do_register},
    {"arenas", true, do_arenas},
    {"number", true, do_number},
    {"text", true, do_text},
    {"unterminated", true, do_unterminated},
    {"try", true, do_try},
    {"fail", true, do_fail},
    {"opaque", false, do_opaque},
    {"plan", false, do_plan},
    {"other", true, do_other},
    {"serve", false, do_serve},
    {"serve-edited", false, do_serve_edited},
    {"serve-by-hand", false, do_serve_by_hand},
    {"serve-mistyped", false, do_serve_mistyped},
    {"serve-direct", false, do_serve_direct},
    {"recv-nothing", false, do_recv_nothing},
    {"relay", true, do_relay},
    {"entered", true, do_entered},
    {"until", true, do_until},
    {"say", true, do_say},
    {"mark", true, do_mark},
    {"await", true, do_await},
    {"sleep", false, do_sleep},
};

int main(int argc, char **argv)
{
    do_arenas("exact");
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
