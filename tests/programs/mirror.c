/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two entities of the round trip: `mirror serve` answers every request of mirror.IMirror with
 * what is in it; `mirror call SEED COUNT` sends COUNT random requests and compares the answers. A
 * request carries the seed that its values are made from, so that the server can make them as well
 * and compare. Calls with an odd seed to methods with an error response are answered with that.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <capchan/stub.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <mirror/Client.edl.h>
#include <mirror/Server.edl.h>

#include "tests/support/random_value.h"
#include "tests/support/same_value.h"

#define CHANNEL "mirror"

/* fill() - the request that @seed stands for */
static void fill(const struct capchan_record *record, uint64_t seed, void *object,
                 struct nk_arena *arena)
{
    struct random_source source = {.state = seed};

    source.is_orderly = random_next(&source) % 2 == 0;
    random_fill(&source, record, object, arena);
    memcpy((char *)object + record->fields[0].offset, &seed, sizeof(seed));
}

/* expect_same() - compare, and say where the first difference is */
static bool expect_same(const char *who, const char *method, const struct typed_object *a,
                        const struct typed_object *b)
{
    char path[SAME_VALUE_PATH_MAX];
    uint64_t seed;

    if (same_value(a, b, path)) {
        return true;
    }
    memcpy(&seed, (const char *)a->object + a->record->fields[0].offset, sizeof(seed));
    printf("%s: %s of seed %ju: %s differs\n", who, method, (uintmax_t)seed, path);
    return false;
}

/* is_as_filled() - whether a request arrived as its client made it */
static bool is_as_filled(const struct capchan_method *method, const struct typed_object *received)
{
    static mirror_IMirror_req req;
    static char bytes[mirror_IMirror_req_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    const struct typed_object made = {method->req, &req, &arena};
    uint64_t seed;

    memcpy(&seed, (const char *)received->object + method->req->fields[0].offset, sizeof(seed));
    fill(method->req, seed, &req, &arena);
    return expect_same("server", method->name, &made, received);
}

/* answers_with_error() - what client and server agree on */
static bool answers_with_error(const struct capchan_method *method, const struct nk_message *req)
{
    uint64_t seed;

    memcpy(&seed, (const char *)req + method->req->fields[0].offset, sizeof(seed));
    return method->err->n_fields > 0 && seed % 2 == 1;
}

/* answer() - what all methods do: check the request, copy its fields and its arena */
static nk_err_t answer(nk_mid_t mid, const struct nk_message *req, const struct nk_arena *req_arena,
                       struct nk_message *res, struct nk_arena *res_arena)
{
    const struct capchan_method *method = &mirror_IMirror_interface_stub_.methods[mid];
    const struct typed_object received = {method->req, req, req_arena};
    bool is_error = answers_with_error(method, req);
    const struct capchan_record *record = is_error ? method->err : method->res;
    nk_ptr_t all;

    if (!is_as_filled(method, &received)) {
        return NK_EINVAL;
    }
    if (is_error) {
        nk_message_set_error_(res, method->res->size);
    }
    for (uint32_t i = 0; i < record->n_fields; i++) {
        memcpy((char *)res + record->fields[i].offset,
               (const char *)req + method->req->fields[i].offset, record->fields[i].type->size);
    }
    size_t used = (size_t)((char *)req_arena->current - (char *)req_arena->start);
    return used == 0 ? NK_EOK : nk_arena_store(char, res_arena, &all, req_arena->start, used);
}

#define SERVE(method)                                                                              \
    static nk_err_t serve_##method(                                                                \
        struct mirror_IMirror *self, const struct mirror_IMirror_##method##_req *req,              \
        const struct nk_arena *req_arena, struct mirror_IMirror_##method##_res *res,               \
        struct nk_arena *res_arena)                                                                \
    {                                                                                              \
        (void)self;                                                                                \
        return answer(mirror_IMirror_##method##_mid, &req->base_, req_arena, &res->base_,          \
                      res_arena);                                                                  \
    }

#define CALL(method)                                                                               \
    static nk_err_t call_##method(struct mirror_IMirror *self, mirror_IMirror_req *req,            \
                                  const struct nk_arena *req_arena, mirror_IMirror_res *res,       \
                                  struct nk_arena *res_arena)                                      \
    {                                                                                              \
        return mirror_IMirror_##method(self, &req->method, req_arena, &res->method, res_arena);    \
    }

#define EACH_METHOD(APPLY)                                                                         \
    APPLY(Empty)                                                                                   \
    APPLY(Numbers)                                                                                 \
    APPLY(Texts)                                                                                   \
    APPLY(Buffers)                                                                                 \
    APPLY(Lists)                                                                                   \
    APPLY(Arrays)                                                                                  \
    APPLY(Structs)                                                                                 \
    APPLY(Nested)                                                                                  \
    APPLY(Unions)                                                                                  \
    APPLY(Handles)                                                                                 \
    APPLY(Errors)                                                                                  \
    APPLY(Odd)                                                                                     \
    APPLY(ODD)                                                                                     \
    APPLY(Init)

EACH_METHOD(SERVE)
EACH_METHOD(CALL)

#define OPERATION(method) .method = serve_##method,
static const struct mirror_IMirror_ops ops = {EACH_METHOD(OPERATION)};

#define CALLER(method) [mirror_IMirror_##method##_mid] = call_##method,
static nk_err_t (*const callers[mirror_IMirror_mid_max])(
    struct mirror_IMirror *self, mirror_IMirror_req *req, const struct nk_arena *req_arena,
    mirror_IMirror_res *res, struct nk_arena *res_arena) = {EACH_METHOD(CALLER)};

static int serve(void)
{
    static struct mirror_IMirror mirror = {&ops};
    static mirror_CMirror_component component;
    static mirror_Server_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(mirror_Server, entity);
    ServiceId id;

    mirror_CMirror_component_init(&component, &mirror);
    mirror_Server_entity_init(&entity, &component);
    Handle handle = ServiceLocatorRegister(CHANNEL, NULL, 0, &id);
    return NkKosDoDispatch(handle, &info) == NK_EOK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* call_once() - send the request of one seed. Return: whether its answer is right. */
static bool call_once(struct mirror_IMirror *mirror, uint64_t seed)
{
    static mirror_IMirror_req req;
    static mirror_IMirror_res res;
    static char bytes[2][mirror_IMirror_arena_size];
    struct nk_arena arenas[] = {NK_ARENA_INITIALIZER(bytes[0], bytes[0] + sizeof(bytes[0])),
                                NK_ARENA_INITIALIZER(bytes[1], bytes[1] + sizeof(bytes[1]))};
    size_t mid = (size_t)(seed / 2 % mirror_IMirror_mid_max);
    const struct capchan_method *method = &mirror_IMirror_interface_stub_.methods[mid];
    const struct typed_object sent = {method->req, &req, &arenas[0]};
    struct typed_object received = {method->res, &res, &arenas[1]};

    fill(method->req, seed, &req, &arenas[0]);
    nk_err_t err = callers[mid](mirror, &req, &arenas[0], &res, &arenas[1]);
    if (err != NK_EOK) {
        printf("client: %s of seed %ju: error %d\n", method->name, (uintmax_t)seed, err);
        return false;
    }
    bool is_error = answers_with_error(method, &req.base_);
    if (nk_msg_check_err(&res) != is_error) {
        printf("client: %s of seed %ju: the wrong response\n", method->name, (uintmax_t)seed);
        return false;
    }
    received.record = is_error ? method->err : method->res;
    return expect_same("client", method->name, &sent, &received);
}

static int call(uint64_t seed, unsigned long count)
{
    Handle handle = ServiceLocatorConnect(CHANNEL);
    struct random_source seeds = {.state = seed};
    mirror_IMirror_proxy proxy;
    NkKosTransport transport;

    NkKosTransport_Init(&transport, handle, NK_NULL, 0);
    mirror_IMirror_proxy_init(&proxy, &transport.base,
                              ServiceLocatorGetRiid(handle, "hall.mirror"));
    for (unsigned long i = 0; i < count; i++) {
        if (!call_once(&proxy.base, random_next(&seeds))) {
            return EXIT_FAILURE;
        }
    }
    printf("client: %lu answers are right\n", count);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 2 && strcmp(argv[1], "serve") == 0) {
        return serve();
    }
    if (argc == 4 && strcmp(argv[1], "call") == 0) {
        return call(strtoull(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
    }
    fprintf(stderr, "usage: mirror serve | call SEED COUNT\n");
    return 2;
}
