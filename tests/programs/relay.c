/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lamps that are handed from process to process, called by all of them, and taken back:
 *
 *     relay owner ROUNDS   makes one lamp after the other, hands it out, and revokes it
 *     relay first          fetches lamps from the owner and from the second, and gives them to that
 *     relay second         keeps what it is given, and hands it out again
 *
 * The last two call through whatever they have, from several threads. The owner says in memory that
 * they share when KnHandleRevoke() has returned: a call that begins later may not come through.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <nk/handle.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ferry/Relay.edl.h>

#define CALLERS 4 /* of each process but the owner */
#define CARRIERS 4
#define SERVERS 2
#define CALLS_PER_LAMP 20
#define LATE_US 200 /* in which calls through a lamp that is gone are tried */
#define DONE UINT32_MAX
#define LAMP_RIGHTS (OCAP_IPC_CALL | OCAP_HANDLE_TRANSFER)

/* The lamp that this process has. @n_calls: that arrived here since it was made */
static struct {
    pthread_mutex_t lock;
    nk_uint32_t number;
    Handle handle;
    atomic_uint n_calls;
} lamp = {.lock = PTHREAD_MUTEX_INITIALIZER, .handle = INVALID_HANDLE};

static struct {
    atomic_ulong made;
    atomic_ulong late;
    atomic_ulong wrong;
} calls;

static Handle news_memory = INVALID_HANDLE;
static _Atomic nk_uint32_t *news;
static Handle listener;

static void fail(const char *what)
{
    printf("%s failed\n", what);
    exit(EXIT_FAILURE);
}

/* put() - have @handle, consumed, instead of the one before, unless that is a later lamp's */
static void put(nk_uint32_t number, Handle handle)
{
    pthread_mutex_lock(&lamp.lock);
    Handle old = handle;
    if (number >= lamp.number) {
        old = lamp.handle;
        lamp.number = number;
        lamp.handle = handle;
    }
    pthread_mutex_unlock(&lamp.lock);
    (void)KnHandleClose(old);
}

/* look() - at what there is; it may be closed meanwhile */
static Handle look(nk_uint32_t *ret_number)
{
    pthread_mutex_lock(&lamp.lock);
    *ret_number = lamp.number;
    Handle handle = lamp.handle;
    pthread_mutex_unlock(&lamp.lock);
    return handle;
}

static nk_err_t give(struct ferry_IRelay *self, const IRelay_Give_req *req,
                     const struct nk_arena *req_arena, IRelay_Give_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    put(req->number, nk_get_handle(&req->lamp));
    return NK_EOK;
}

static nk_err_t get(struct ferry_IRelay *self, const IRelay_Get_req *req,
                    const struct nk_arena *req_arena, IRelay_Get_res *res,
                    struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    res->lamp = nk_handle_desc(look(&res->number));
    return NK_EOK;
}

static nk_err_t subscribe(struct ferry_IRelay *self, const IRelay_Subscribe_req *req,
                          const struct nk_arena *req_arena, IRelay_Subscribe_res *res,
                          struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    res->news = nk_handle_desc(news_memory);
    return NK_EOK;
}

/* shine() - @req->value: the caller knew that the lamp was gone before it called */
static nk_err_t shine(struct ferry_ILamp *self, const ILamp_Shine_req *req,
                      const struct nk_arena *req_arena, ILamp_Shine_res *res,
                      struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    atomic_fetch_add(&calls.wrong, req->value);
    res->total = atomic_fetch_add(&lamp.n_calls, 1);
    return NK_EOK;
}

static void *serve(void *unused)
{
    static const struct ferry_IRelay_ops relay_ops = {
        .Give = give, .Get = get, .Subscribe = subscribe};
    static const struct ferry_ILamp_ops lamp_ops = {.Shine = shine};
    struct ferry_IRelay relay_object = {.ops = &relay_ops};
    struct ferry_ILamp lamp_object = {.ops = &lamp_ops};
    Relay_entity entity;

    Relay_entity_init(&entity, &relay_object, &lamp_object);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(ferry_Relay, entity);
    NkKosDoDispatch(listener, &info);
    return unused;
}

static void start(pthread_t *threads, int n, void *(*function)(void *), void *argument)
{
    for (int i = 0; i < n; i++) {
        if (pthread_create(&threads[i], NULL, function, argument) != 0) {
            fail("pthread_create");
        }
    }
}

static void start_serving(const char *name)
{
    static pthread_t threads[SERVERS];
    ServiceId id;

    listener = ServiceLocatorRegister(name, NULL, 0, &id);
    start(threads, SERVERS, serve, NULL);
}

static void map_news(rtl_uint32_t flags)
{
    Handle mapping;
    void *bytes;

    if (KnPmmMdlMap(news_memory, 0, sizeof(*news), NULL, flags, &bytes, &mapping) != rcOk) {
        fail("KnPmmMdlMap");
    }
    news = bytes;
}

/* own() - make lamps, and take each back after some calls */
static int own(nk_uint32_t n_rounds)
{
    if (KnPmmMdlCreate(sizeof(*news), VMM_FLAG_READ | VMM_FLAG_WRITE, &news_memory) != rcOk) {
        fail("KnPmmMdlCreate");
    }
    map_news(VMM_FLAG_READ | VMM_FLAG_WRITE);
    start_serving("owner");
    for (nk_uint32_t number = 1; number <= n_rounds; number++) {
        Handle handle;
        if (KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, LAMP_RIGHTS, NULL, listener,
                                       ferry_Relay_lamp_iid, &handle) != rcOk) {
            fail("KnHandleCreateUserObjectEx");
        }
        atomic_store(&lamp.n_calls, 0);
        put(number, handle);
        while (atomic_load(&lamp.n_calls) < CALLS_PER_LAMP) {
            (void)usleep(LATE_US / 4);
        }
        if (KnHandleRevoke(handle) != rcOk) {
            fail("KnHandleRevoke");
        }
        atomic_store(news, number);
        (void)usleep(LATE_US);
    }
    atomic_store(news, DONE);
    printf("%lu calls came too late\n", atomic_load(&calls.wrong));
    return atomic_load(&calls.wrong) != 0;
}

/* call() - through whatever this process has, again and again */
static void *call(void *unused)
{
    while (atomic_load(news) != DONE) {
        NkKosTransport transport;
        ILamp_proxy proxy;
        ILamp_Shine_req req;
        ILamp_Shine_res res;
        nk_uint32_t number;
        Handle handle = look(&number);
        if (handle == INVALID_HANDLE) {
            (void)sched_yield();
            continue;
        }
        (void)NkKosTransport_Init(&transport, handle, NK_NULL, 0);
        ILamp_proxy_init(&proxy, &transport.base, INVALID_RIID);
        req.value = atomic_load(news) >= number;
        nk_err_t r = ILamp_Shine(&proxy.base, &req, NK_NULL, &res, NK_NULL);
        atomic_fetch_add(&calls.made, 1);
        atomic_fetch_add(&calls.late, req.value);
        atomic_fetch_add(&calls.wrong, req.value && r == NK_EOK);
        if (r != NK_EOK) {
            (void)sched_yield();
        }
    }
    return unused;
}

/* A channel to another relay. */
struct relay {
    NkKosTransport transport;
    IRelay_proxy proxy;
};

static void reach(struct relay *relay, const char *name)
{
    (void)NkKosTransport_Init(&relay->transport, ServiceLocatorConnect(name), NK_NULL, 0);
    IRelay_proxy_init(&relay->proxy, &relay->transport.base, ferry_Relay_relay_iid);
}

static nk_err_t get_from(struct relay *relay, nk_uint32_t *ret_number, nk_handle_desc_t *ret_lamp)
{
    IRelay_Get_req req = {0};
    IRelay_Get_res res;

    nk_err_t r = IRelay_Get(&relay->proxy.base, &req, NK_NULL, &res, NK_NULL);
    *ret_number = res.number;
    *ret_lamp = res.lamp;
    return r == NK_EOK && nk_get_handle(&res.lamp) == INVALID_HANDLE ? NK_ENOENT : r;
}

/* carry() - lamps from the owner to the second, or from there back */
static void *carry(void *from_owner)
{
    struct relay owner;
    struct relay second;

    reach(&owner, "owner");
    reach(&second, "second");
    while (atomic_load(news) != DONE) {
        IRelay_Give_req req;
        IRelay_Give_res res;
        if (get_from(from_owner != NULL ? &owner : &second, &req.number, &req.lamp) != NK_EOK) {
            (void)sched_yield();
            continue;
        }
        if (from_owner != NULL) {
            (void)IRelay_Give(&second.proxy.base, &req, NK_NULL, &res, NK_NULL);
        }
        put(req.number, nk_get_handle(&req.lamp));
    }
    return NULL;
}

/* run() - call, and carry if this is the first; until the owner has made all its lamps */
static int run(bool is_first)
{
    pthread_t callers[CALLERS];
    pthread_t carriers[CARRIERS];
    struct relay owner;
    IRelay_Subscribe_req req = {0};
    IRelay_Subscribe_res res;

    reach(&owner, "owner");
    if (IRelay_Subscribe(&owner.proxy.base, &req, NK_NULL, &res, NK_NULL) != NK_EOK) {
        fail("Subscribe");
    }
    news_memory = nk_get_handle(&res.news);
    map_news(VMM_FLAG_READ);
    start(callers, CALLERS, call, NULL);
    if (is_first) {
        start(carriers, CARRIERS / 2, carry, &owner);
        start(carriers + CARRIERS / 2, CARRIERS / 2, carry, NULL);
    } else {
        start_serving("second");
    }
    for (int i = 0; i < CALLERS; i++) {
        (void)pthread_join(callers[i], NULL);
    }
    for (int i = 0; is_first && i < CARRIERS; i++) {
        (void)pthread_join(carriers[i], NULL);
    }
    printf("%lu calls, %lu begun too late, of which %lu came through\n", atomic_load(&calls.made),
           atomic_load(&calls.late), atomic_load(&calls.wrong));
    return atomic_load(&calls.wrong) != 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 3 && strcmp(argv[1], "owner") == 0) {
        _exit(own((nk_uint32_t)atoi(argv[2])));
    }
    if (argc == 2) {
        _exit(run(strcmp(argv[1], "first") == 0));
    }
    return 2;
}
