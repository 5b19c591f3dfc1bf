/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * A name server of one's own, of the class kl.core.NameServer: does what its arguments say, one after the other, and
 * prints what it is asked to publish. Who asks for that must be who is to be published.
 *
 *     serve            in a thread of its own: whoever init.yaml connects to it
 *     refuse CODE      everything, from now on, with that code
 *     mark FILE, await FILE, sleep, exit N
 */
/* clang-format on */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <capchan/caller.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode.h>

#include <kl/core/NameServer.edl.h>

#include "tests/programs/commands.h"
#include "tests/programs/common_commands.h"

#define PUBLICATIONS_MAX 4

struct publication {
    char type[kl_core_Types_UCoreStringSize];
    char server[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
};

/* In the order in which they were made; one thread serves. */
static struct publication publications[PUBLICATIONS_MAX];
static size_t n_publications;
static atomic_int refusal = rcOk + 1; /* none */

static const char *text(const struct nk_arena *arena, const nk_ptr_t *name)
{
    nk_size_t size;
    const char *found = nk_arena_get(nk_char_t, arena, name, &size);

    return found != NULL ? found : "";
}

/* find() - where that is published; n_publications if it is not */
static size_t find(const struct publication *wanted)
{
    size_t i = 0;

    while (i < n_publications && (strcmp(publications[i].type, wanted->type) != 0 ||
                                  strcmp(publications[i].server, wanted->server) != 0 ||
                                  strcmp(publications[i].service, wanted->service) != 0)) {
        i++;
    }
    return i;
}

/* is_caller() - whether the request that this thread serves is of the task @name */
static bool is_caller(const char *name)
{
    char caller[kl_core_Types_UCoreStringSize];

    return capchan_caller_name(caller, sizeof(caller)) == rcOk && strcmp(caller, name) == 0;
}

static Retcode publish(const struct publication *wanted)
{
    if (find(wanted) < n_publications) {
        return rcAlreadyExists;
    }
    if (n_publications == PUBLICATIONS_MAX) {
        return rcQuotaExceeded;
    }
    publications[n_publications++] = *wanted;
    return rcOk;
}

static Retcode unpublish(const struct publication *wanted)
{
    size_t at = find(wanted);

    if (at == n_publications) {
        return rcResourceNotFound;
    }
    n_publications--;
    memmove(&publications[at], &publications[at + 1],
            (n_publications - at) * sizeof(publications[0]));
    return rcOk;
}

static nk_err_t serve_publish(struct capchan_NameServer *self,
                              const capchan_NameServer_Publish_req *req,
                              const struct nk_arena *req_arena, capchan_NameServer_Publish_res *res,
                              struct nk_arena *res_arena)
{
    static struct publication wanted;

    (void)self;
    (void)res_arena;
    strcpy(wanted.type, text(req_arena, &req->type));
    strcpy(wanted.server, text(req_arena, &req->server));
    strcpy(wanted.service, text(req_arena, &req->service));
    printf("%s %s %s %s\n", req->isPublished ? "publish" : "unpublish", wanted.type, wanted.server,
           wanted.service);
    Retcode rc = atomic_load(&refusal);
    bool is_refused = rc <= rcOk;
    if (!is_refused && !is_caller(wanted.server)) {
        rc = rcSecurityDisallow;
    } else if (!is_refused) {
        rc = req->isPublished ? publish(&wanted) : unpublish(&wanted);
    }
    if (is_refused || rc != rcOk) {
        nk_err_reset(res);
        res->err_.code = rc;
    }
    return NK_EOK;
}

static nk_err_t serve_enumerate(struct capchan_NameServer *self,
                                const capchan_NameServer_Enumerate_req *req,
                                const struct nk_arena *req_arena,
                                capchan_NameServer_Enumerate_res *res, struct nk_arena *res_arena)
{
    const char *type = text(req_arena, &req->type);
    Retcode rc = atomic_load(&refusal);
    nk_uint32_t n_before = 0;

    (void)self;
    for (size_t i = 0; i < n_publications && rc > rcOk; i++) {
        if (strcmp(publications[i].type, type) == 0 && n_before++ == req->index) {
            (void)NkKosCopyStringToArena(res_arena, &res->server, publications[i].server);
            return NkKosCopyStringToArena(res_arena, &res->service, publications[i].service);
        }
    }
    nk_err_reset(res);
    res->err_.code = rc > rcOk ? rcResourceNotFound : rc;
    return NK_EOK;
}

static void *serve(void *unused)
{
    static const struct capchan_NameServer_ops ops = {.Publish = serve_publish,
                                                      .Enumerate = serve_enumerate};
    static struct capchan_NameServer names = {&ops};
    static kl_core_NameServer_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(kl_core_NameServer, entity);
    ServiceId id;

    kl_core_NameServer_entity_init(&entity, &names);
    NkKosDoDispatch(ServiceLocatorRegister("kl.core.NameServer", NULL, 0, &id), &info);
    return unused;
}

static void do_serve(const char *unused)
{
    pthread_t thread;

    (void)unused;
    pthread_create(&thread, NULL, serve, NULL);
}

static void do_refuse(const char *code)
{
    atomic_store(&refusal, atoi(code));
}

static const struct command commands[] = {
    {"serve", false, do_serve},
    {"refuse", true, do_refuse},
    COMMON_COMMANDS,
};

int main(int argc, char **argv)
{
    return commands_run(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
