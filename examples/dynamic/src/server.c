/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that nobody is connected to in init.yaml: publishes what it serves, then accepts who
 * asks for it. Counts in steps of its argument. There are two of it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/task/task_api.h>
#include <kl/core/Types.idl.h>

#include <dynamic/Server.edl.h>

#define SERVICE "counter.count"

/* What the object behind the interface is; only one thread ever dispatches to it. */
struct counter {
    struct dynamic_ICounter base; /* first, so that handlers get the whole */
    nk_uint32_t value;
    nk_uint32_t step;
};

static struct counter counter;
static Handle listener = INVALID_HANDLE;

static nk_err_t counter_next(struct dynamic_ICounter *self, const dynamic_ICounter_Next_req *req,
                             const struct nk_arena *req_arena, dynamic_ICounter_Next_res *res,
                             struct nk_arena *res_arena)
{
    struct counter *own = (struct counter *)self;

    (void)req;
    (void)req_arena;
    (void)res_arena;
    own->value += own->step;
    res->value = own->value;
    return NK_EOK;
}

/* serve() - the loop of a thread of its own: it goes on whoever comes and goes */
static void *serve(void *unused)
{
    dynamic_CCounter_component component;
    dynamic_Server_entity entity;
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(dynamic_Server, entity);

    dynamic_CCounter_component_init(&component, &counter.base);
    dynamic_Server_entity_init(&entity, &component);
    NkKosDoDispatch(listener, &info);
    return unused;
}

/* decide() - accept who asks for what we serve; the first one brings the listener with it */
static Retcode decide(const char *client, const char *service)
{
    static int count;
    Handle handle;
    pthread_t thread;

    count++;
    if (strcmp(service, SERVICE) != 0) {
        fprintf(stderr, "request %d: %s asks for %s, which is not here\n", count, client, service);
        return KnCmDrop(client, service);
    }
    fprintf(stderr, "request %d: %s asks for %s\n", count, client, service);
    Retcode rc = KnCmAccept(client, service, dynamic_Server_counter_count_iid, listener, &handle);
    if (rc == rcOk && listener == INVALID_HANDLE) {
        listener = handle;
        pthread_create(&thread, NULL, serve, NULL);
    }
    return rc;
}

int main(int argc, char **argv)
{
    static const struct dynamic_ICounter_ops ops = {.Next = counter_next};
    char own[kl_core_Types_UCoreStringSize];
    char client[kl_core_Types_UCoreStringSize];
    char service[kl_core_Types_UCoreStringSize];
    NsHandle ns;

    counter.base.ops = &ops;
    counter.step = argc > 1 ? (nk_uint32_t)atoi(argv[1]) : 1;
    if (KnTaskGetName(own, sizeof(own)) != rcOk ||
        NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns) != rcOk ||
        NsPublishService(ns, "dynamic.ICounter", own, SERVICE) != rcOk) {
        fprintf(stderr, "start me with `capchan run`\n");
        return EXIT_FAILURE;
    }
    while (KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service) == rcOk) {
        decide(client, service); /* if that fails the client is gone, or will ask again */
    }
    return EXIT_FAILURE;
}
