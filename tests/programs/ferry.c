/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entities of the tests of handles in messages. "dock NAME" serves ferry.IDock and ferry.ILamp
 * over that channel; anything else is the name of what a boat tries with the docks that it is
 * connected to, "dock" and "other". A boat prints what did not go as it should, and ends with 1
 * then.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
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
#include <ferry/Dock.edl.h>

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define SPECIAL OCAP_HANDLE_SPEC(0x8001)
#define HANDLES_MAX 64 /* in one message */
#define CHURN_ROUNDS 300

/* What a dock has. */
static struct {
    Handle listener;
    Handle kept;
    nk_rights_t kept_rights;
    Handle made;
    Handle badge;
    int made_context;
    int badge_context;
    nk_uint32_t total;
} dock = {.kept = INVALID_HANDLE, .made = INVALID_HANDLE, .badge = INVALID_HANDLE};

static void keep(const nk_handle_desc_t *desc)
{
    if (dock.kept != INVALID_HANDLE && dock.kept != dock.made) {
        (void)KnHandleClose(dock.kept);
    }
    dock.kept = nk_get_handle(desc);
    dock.kept_rights = nk_get_rights(desc);
}

static nk_err_t leave(struct ferry_IDock *self, const IDock_Leave_req *req,
                      const struct nk_arena *req_arena, IDock_Leave_res *res,
                      struct nk_arena *res_arena)
{
    nk_badge_t context = 0;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    keep(&req->handle);
    (void)nk_get_badge_op(&req->handle, 0, &context);
    res->rights = nk_get_rights(&req->handle);
    res->isBack = nk_is_handle_dereferenced(&req->handle) != 0;
    res->context = context == (nk_badge_t)&dock.made_context    ? 1
                   : context == (nk_badge_t)&dock.badge_context ? 2
                                                                : context;
    return NK_EOK;
}

static nk_err_t fetch(struct ferry_IDock *self, const IDock_Fetch_req *req,
                      const struct nk_arena *req_arena, IDock_Fetch_res *res,
                      struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->handle = nk_handle_desc(dock.kept, req->rights);
    return NK_EOK;
}

static nk_err_t fetch_typed(struct ferry_IDock *self, const IDock_FetchTyped_req *req,
                            const struct nk_arena *req_arena, IDock_FetchTyped_res *res,
                            struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    res->handle = nk_handle_desc(dock.kept);
    return NK_EOK;
}

static nk_err_t leave_typed(struct ferry_IDock *self, const IDock_LeaveTyped_req *req,
                            const struct nk_arena *req_arena, IDock_LeaveTyped_res *res,
                            struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    keep(&req->handle);
    return NK_EOK;
}

static nk_err_t swap(struct ferry_IDock *self, const IDock_Swap_req *req,
                     const struct nk_arena *req_arena, IDock_Swap_res *res,
                     struct nk_arena *res_arena)
{
    nk_size_t n;

    (void)self;
    res->pairBack[0] = req->pair[1];
    res->pairBack[1] = req->pair[0];
    res->loadBack = req->load;
    if (req->load.tag_ == 2) {
        const IDock_Crate *crates = nk_arena_get(IDock_Crate, req_arena, &req->load.crates, &n);
        (void)nk_arena_store(IDock_Crate, res_arena, &res->loadBack.crates, crates, n);
    }
    const char *note = nk_arena_get(nk_char_t, req_arena, &req->note, &n);
    return note == NULL ? NK_EOK : nk_arena_store(nk_char_t, res_arena, &res->noteBack, note, n);
}

static nk_err_t many(struct ferry_IDock *self, const IDock_Many_req *req,
                     const struct nk_arena *req_arena, IDock_Many_res *res,
                     struct nk_arena *res_arena)
{
    nk_size_t n = 0;
    const nk_handle_desc_t *handles = nk_arena_get(nk_handle_desc_t, req_arena, &req->handles, &n);

    (void)self;
    (void)res_arena;
    res->n = 0;
    for (nk_size_t i = 0; handles != NULL && i < n; i++) {
        res->n += KnHandleClose(nk_get_handle(&handles[i])) == rcOk;
    }
    return NK_EOK;
}

static nk_err_t refuse(struct ferry_IDock *self, const IDock_Refuse_req *req,
                       const struct nk_arena *req_arena, IDock_Refuse_res *res,
                       struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    nk_err_reset(res);
    res->err_.instead = nk_handle_desc(dock.kept);
    return NK_EOK;
}

/* shine_through() - let a lamp shine so often. Return: what the last call did. */
static nk_err_t shine_through(Handle lamp, nk_uint32_t times, nk_uint32_t *ret_total)
{
    NkKosTransport transport;
    ILamp_proxy proxy;
    ILamp_Shine_req req = {.value = 1};
    ILamp_Shine_res res = {.total = 0};
    nk_err_t r = NK_EOK;

    (void)NkKosTransport_Init(&transport, lamp, NK_NULL, 0);
    ILamp_proxy_init(&proxy, &transport.base, INVALID_RIID);
    for (nk_uint32_t i = 0; i < times && r == NK_EOK; i++) {
        r = ILamp_Shine(&proxy.base, &req, NK_NULL, &res, NK_NULL);
    }
    *ret_total = res.total;
    return r;
}

static nk_err_t shine_kept(struct ferry_IDock *self, const IDock_Shine_req *req,
                           const struct nk_arena *req_arena, IDock_Shine_res *res,
                           struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->total = 0;
    res->status = shine_through(dock.kept, req->times, &res->total);
    return NK_EOK;
}

static nk_err_t make(struct ferry_IDock *self, const IDock_Make_req *req,
                     const struct nk_arena *req_arena, IDock_Make_res *res,
                     struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    if (dock.made == INVALID_HANDLE) {
        (void)KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, ALL | SPECIAL, &dock.made_context,
                                       &dock.made);
        (void)KnHandleCreateBadge(NULL, 0, &dock.badge_context, &dock.badge);
    }
    res->handle = req->hasBadge ? nk_handle_desc(dock.made, req->rights, dock.badge)
                                : nk_handle_desc(dock.made, req->rights);
    return NK_EOK;
}

static nk_err_t take_back(struct ferry_IDock *self, const IDock_TakeBack_req *req,
                          const struct nk_arena *req_arena, IDock_TakeBack_res *res,
                          struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    if (req->byBadge != 0) {
        (void)KnHandleRevokeSubtree(dock.made, dock.badge);
    } else {
        (void)KnHandleRevoke(dock.made);
        dock.made = INVALID_HANDLE;
    }
    return NK_EOK;
}

static nk_err_t make_lamp(struct ferry_IDock *self, const IDock_MakeLamp_req *req,
                          const struct nk_arena *req_arena, IDock_MakeLamp_res *res,
                          struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    (void)KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, OCAP_IPC_CALL | ALL,
                                     &dock.made_context, dock.listener, ferry_Dock_lamp_iid,
                                     &dock.made);
    res->lamp = nk_handle_desc(dock.made);
    return NK_EOK;
}

/* weigh_bytes() - the sum of all bytes of a memory object; UINT64_MAX if it cannot be read */
static nk_uint64_t weigh_bytes(Handle memory)
{
    Handle mapping;
    rtl_size_t size = 0;
    void *bytes;
    nk_uint64_t sum = 0;

    if (KnPmmMdlGetSize(memory, &size) != rcOk ||
        KnPmmMdlMap(memory, 0, size, NULL, VMM_FLAG_READ, &bytes, &mapping) != rcOk) {
        return UINT64_MAX;
    }
    for (rtl_size_t i = 0; i < size; i++) {
        sum += ((const unsigned char *)bytes)[i];
    }
    (void)KnHandleClose(mapping);
    return sum;
}

static nk_err_t weigh(struct ferry_IDock *self, const IDock_Weigh_req *req,
                      const struct nk_arena *req_arena, IDock_Weigh_res *res,
                      struct nk_arena *res_arena)
{
    Handle memory = nk_get_handle(&req->memory);
    Handle mapping;
    void *bytes;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    res->weight = weigh_bytes(memory);
    res->writing =
        KnPmmMdlMap(memory, 0, 1, NULL, VMM_FLAG_READ | VMM_FLAG_WRITE, &bytes, &mapping);
    (void)KnHandleClose(memory);
    return NK_EOK;
}

static nk_err_t die(struct ferry_IDock *self, const IDock_Die_req *req,
                    const struct nk_arena *req_arena, IDock_Die_res *res,
                    struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    raise(SIGKILL);
    return NK_EOK;
}

static nk_err_t shine(struct ferry_ILamp *self, const ILamp_Shine_req *req,
                      const struct nk_arena *req_arena, ILamp_Shine_res *res,
                      struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res_arena;
    dock.total += req->value;
    res->total = dock.total;
    return NK_EOK;
}

static void serve_dock(const char *name)
{
    static const struct ferry_IDock_ops dock_ops = {.Leave = leave,
                                                    .Fetch = fetch,
                                                    .FetchTyped = fetch_typed,
                                                    .LeaveTyped = leave_typed,
                                                    .Swap = swap,
                                                    .Many = many,
                                                    .Refuse = refuse,
                                                    .Shine = shine_kept,
                                                    .Make = make,
                                                    .TakeBack = take_back,
                                                    .MakeLamp = make_lamp,
                                                    .Weigh = weigh,
                                                    .Die = die};
    static const struct ferry_ILamp_ops lamp_ops = {.Shine = shine};
    struct ferry_IDock dock_object = {.ops = &dock_ops};
    struct ferry_ILamp lamp_object = {.ops = &lamp_ops};
    Dock_entity entity;
    ServiceId id;

    Dock_entity_init(&entity, &dock_object, &lamp_object);
    dock.listener = ServiceLocatorRegister(name, NULL, 0, &id);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(ferry_Dock, entity);
    NkKosDoDispatch(dock.listener, &info);
}

static bool failed;

static void expect_at(int line, const char *what, long is, long wanted)
{
    if (is != wanted) {
        printf("%d: %s is %ld, not %ld\n", line, what, is, wanted);
        failed = true;
    }
}

#define EXPECT(expression, wanted)                                                                 \
    expect_at(__LINE__, #expression, (long)(expression), (long)(wanted))

/* A channel to a dock. */
struct pier {
    Handle channel;
    NkKosTransport transport;
    IDock_proxy proxy;
};

static struct pier here;
static struct pier there;

static void reach(struct pier *pier, const char *name)
{
    pier->channel = ServiceLocatorConnect(name);
    (void)NkKosTransport_Init(&pier->transport, pier->channel, NK_NULL, 0);
    IDock_proxy_init(&pier->proxy, &pier->transport.base, ferry_Dock_dock_iid);
}

static nk_err_t leave_at(struct pier *pier, nk_handle_desc_t handle, IDock_Leave_res *ret_res)
{
    IDock_Leave_req req = {.handle = handle};

    return IDock_Leave(&pier->proxy.base, &req, NK_NULL, ret_res, NK_NULL);
}

static nk_err_t fetch_from(struct pier *pier, rtl_uint32_t rights, nk_handle_desc_t *ret_desc)
{
    IDock_Fetch_req req = {.rights = rights};
    IDock_Fetch_res res;

    nk_err_t r = IDock_Fetch(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
    *ret_desc = res.handle;
    return r;
}

static nk_err_t made_at(struct pier *pier, rtl_uint32_t rights, bool has_badge,
                        nk_handle_desc_t *ret_desc)
{
    IDock_Make_req req = {.rights = rights, .hasBadge = has_badge};
    IDock_Make_res res;

    nk_err_t r = IDock_Make(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
    *ret_desc = res.handle;
    return r;
}

static nk_err_t taken_back_at(struct pier *pier, bool by_badge)
{
    IDock_TakeBack_req req = {.byBadge = by_badge};
    IDock_TakeBack_res res;

    return IDock_TakeBack(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL);
}

static Handle lamp_from(struct pier *pier)
{
    IDock_MakeLamp_req req = {0};
    IDock_MakeLamp_res res;

    EXPECT(IDock_MakeLamp(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    return nk_get_handle(&res.lamp);
}

/* shone_at() - what a dock hears through the handle that it keeps */
static nk_err_t shone_at(struct pier *pier, nk_uint32_t times, nk_uint32_t *ret_total)
{
    IDock_Shine_req req = {.times = times};
    IDock_Shine_res res;

    EXPECT(IDock_Shine(&pier->proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    *ret_total = res.total;
    return res.status;
}

static int own_context;

static Handle own(rtl_uint32_t rights)
{
    Handle handle = INVALID_HANDLE;

    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, &own_context, &handle), rcOk);
    return handle;
}

static rtl_uint32_t sid_of(Handle handle)
{
    rtl_uint32_t sid = 0;

    EXPECT(KnHandleGetSidByHandle(handle, &sid), rcOk);
    return sid;
}

/* A handle goes to a dock, which gets one of its own, and comes back to where it is from. */
static void try_passing(void)
{
    Handle mine = own(ALL | SPECIAL);
    IDock_Leave_res left;
    nk_handle_desc_t back;
    nk_badge_t context = 0;

    EXPECT(leave_at(&here, nk_handle_desc(mine), &left), NK_EOK);
    EXPECT(left.rights, ALL | SPECIAL);
    EXPECT(left.isBack, 0);
    EXPECT(fetch_from(&here, OCAP_HANDLE_GET_SID | SPECIAL, &back), NK_EOK);
    EXPECT(nk_is_handle_dereferenced(&back), NK_TRUE);
    EXPECT(nk_get_handle(&back), mine);
    EXPECT(nk_get_rights(&back), OCAP_HANDLE_GET_SID | SPECIAL);
    EXPECT(nk_get_badge_op(&back, SPECIAL, &context), NK_EOK);
    EXPECT(context, (nk_badge_t)&own_context);
    EXPECT(nk_get_badge_op(&back, OCAP_HANDLE_COPY, &context), NK_EPERM);
    EXPECT(KnHandleClose(mine), rcOk);
    EXPECT(fetch_from(&here, 0, &back), NK_EOK);
    EXPECT(nk_get_handle(&back), INVALID_HANDLE); /* closed, and yet it came back */
    EXPECT(nk_is_handle_dereferenced(&back), NK_TRUE);
}

/* Rights shrink on each way, and sending takes a right. */
static void try_rights(void)
{
    Handle whole = own(ALL | SPECIAL);
    Handle still = own(ALL & ~OCAP_HANDLE_TRANSFER);
    IDock_Leave_res left;

    for (rtl_uint32_t right = 1; right != 0; right <<= 1) {
        bool has = ((ALL | SPECIAL) & right) != 0;
        bool is_mark = (right & NK_HANDLE_MARKS_) != 0;
        EXPECT(leave_at(&here, nk_handle_desc(whole, right), &left),
               has || is_mark ? NK_EOK : NK_EPERM);
        EXPECT(has ? left.rights : right, right);
    }
    EXPECT(leave_at(&here, nk_handle_desc(whole, 0), &left), NK_EOK);
    EXPECT(left.rights, 0);
    EXPECT(leave_at(&here, nk_handle_desc(still), &left), NK_EPERM);
    EXPECT(leave_at(&here, nk_handle_desc(still + 1000), &left), NK_EINVAL);
    EXPECT(leave_at(&here, nk_handle_desc(here.channel, OCAP_IPC_CALL), &left), NK_EOK);
    EXPECT(leave_at(&here, nk_handle_desc(whole, ALL, whole), &left), NK_EINVAL); /* no badge */
    EXPECT(KnHandleRevoke(whole), rcOk);
    EXPECT(leave_at(&here, nk_handle_desc(whole), &left), NK_EINVAL);
    EXPECT(leave_at(&here, nk_handle_desc(INVALID_HANDLE), &left), NK_EOK);
}

/* What a dock made comes back to it with the context that it gave it, or the badge. */
static void try_badges(void)
{
    rtl_uint32_t sid;
    nk_handle_desc_t plain;
    nk_handle_desc_t tied;
    nk_handle_desc_t again;
    IDock_Leave_res left;

    EXPECT(made_at(&here, ALL | SPECIAL, false, &plain), NK_EOK);
    EXPECT(made_at(&here, ALL, true, &tied), NK_EOK);
    EXPECT(sid_of(nk_get_handle(&plain)), sid_of(nk_get_handle(&tied)));
    EXPECT(leave_at(&here, nk_handle_desc(nk_get_handle(&plain), SPECIAL), &left), NK_EOK);
    EXPECT(left.isBack, 1);
    EXPECT(left.rights, SPECIAL);
    EXPECT(left.context, 1);
    EXPECT(leave_at(&here, nk_handle_desc(nk_get_handle(&tied)), &left), NK_EOK);
    EXPECT(left.context, 2);
    EXPECT(leave_at(&there, nk_handle_desc(nk_get_handle(&tied)), &left), NK_EOK);
    EXPECT(left.isBack, 0); /* that one is of the other dock */
    EXPECT(left.context, 0);
    EXPECT(taken_back_at(&here, true), NK_EOK);
    EXPECT(KnHandleGetSidByHandle(nk_get_handle(&tied), &sid), rcHandleRevoked);
    EXPECT(fetch_from(&there, 0, &again), NK_ENOTCONN); /* and what was made from it */
    EXPECT(KnHandleGetSidByHandle(nk_get_handle(&plain), &sid), rcOk);
    EXPECT(taken_back_at(&here, false), NK_EOK);
    EXPECT(KnHandleGetSidByHandle(nk_get_handle(&plain), &sid), rcHandleRevoked);
}

/* A lamp of one dock is handed on to the other, which calls it directly, until it is taken back. */
static void try_third(void)
{
    Handle lamp = lamp_from(&there);
    IDock_LeaveTyped_req req = {.handle = nk_handle_desc(lamp)};
    IDock_LeaveTyped_res res;
    nk_uint32_t total;

    EXPECT(IDock_LeaveTyped(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    EXPECT(shone_at(&here, 3, &total), NK_EOK);
    EXPECT(total, 3);
    EXPECT(shine_through(lamp, 2, &total), NK_EOK);
    EXPECT(total, 5);
    EXPECT(KnHandleClose(lamp), rcOk); /* which takes nothing from the dock */
    EXPECT(shone_at(&here, 1, &total), NK_EOK);
    EXPECT(total, 6);
    EXPECT(taken_back_at(&there, false), NK_EOK);
    EXPECT(shone_at(&here, 1, &total), NK_ENOTCONN);
}

/* The end of a channel can be handed on and closed before the other one uses it. */
static void try_channel(void)
{
    IDock_Leave_res left;
    nk_handle_desc_t back;
    struct pier again;

    EXPECT(leave_at(&here, nk_handle_desc(there.channel), &left), NK_EOK);
    EXPECT(left.rights, OCAP_IPC_CLIENT);
    EXPECT(KnHandleClose(there.channel), rcOk);
    EXPECT(fetch_from(&here, OCAP_IPC_CLIENT, &back), NK_EOK);
    again.channel = nk_get_handle(&back);
    EXPECT(ServiceLocatorGetRiid(again.channel, "lamp"), ferry_Dock_lamp_iid);
    (void)NkKosTransport_Init(&again.transport, again.channel, NK_NULL, 0);
    IDock_proxy_init(&again.proxy, &again.transport.base, ferry_Dock_dock_iid);
    EXPECT(leave_at(&again, nk_handle_desc(own(ALL)), &left), NK_EOK);
    EXPECT(KnHandleClose(again.channel), rcOk);
    EXPECT(leave_at(&again, nk_handle_desc(own(ALL)), &left), NK_EINVAL);
}

/* Handles in arrays, unions and sequences, there and back, beside text. */
static void try_shapes(void)
{
    char bytes[IDock_Swap_req_arena_size];
    char bytes_back[IDock_Swap_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
    struct nk_arena arena_back = NK_ARENA_INITIALIZER(bytes_back, bytes_back + sizeof(bytes_back));
    Handle handles[4] = {own(ALL), own(ALL), own(ALL), own(ALL)};
    IDock_Swap_req req = {.pair = {nk_handle_desc(handles[0]), nk_handle_desc(handles[1])},
                          .load.tag_ = 2};
    IDock_Swap_res res;
    nk_size_t n = 0;

    IDock_Crate *crates = nk_arena_alloc(IDock_Crate, &arena, &req.load.crates, 3);
    for (nk_uint32_t i = 0; i < 3; i++) {
        crates[i].label = i;
        crates[i].handle = nk_handle_desc(i == 1 ? INVALID_HANDLE : handles[2 + i / 2]);
    }
    EXPECT(nk_arena_store(nk_char_t, &arena, &req.note, "fragile", 8), NK_EOK);
    EXPECT(IDock_Swap(&here.proxy.base, &req, &arena, &res, &arena_back), NK_EOK);
    EXPECT(nk_get_handle(&res.pairBack[0]), handles[1]);
    EXPECT(nk_get_handle(&res.pairBack[1]), handles[0]);
    const IDock_Crate *back = nk_arena_get(IDock_Crate, &arena_back, &res.loadBack.crates, &n);
    EXPECT(n, 3);
    EXPECT(nk_get_handle(&back[0].handle), handles[2]);
    EXPECT(nk_get_handle(&back[1].handle), INVALID_HANDLE);
    EXPECT(nk_get_handle(&back[2].handle), handles[3]);
    EXPECT(strcmp(nk_arena_get(nk_char_t, &arena_back, &res.noteBack, &n), "fragile"), 0);
}

/* sent_many() - so many handles in one message, of which the last one may be none. Return: how many
 * arrived; -1: the message did not. */
static long sent_many(size_t n, bool last_is_bad)
{
    nk_uint64_t bytes[IDock_Many_req_arena_size / sizeof(nk_uint64_t) + 1];
    struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, (char *)bytes + sizeof(bytes));
    Handle mine = own(ALL);
    IDock_Many_req req = {0};
    IDock_Many_res res;

    nk_handle_desc_t *handles = nk_arena_alloc(nk_handle_desc_t, &arena, &req.handles, n);
    for (size_t i = 0; i < n; i++) {
        handles[i] = nk_handle_desc(last_is_bad && i == n - 1 ? mine + 1 : mine);
    }
    nk_err_t r = IDock_Many(&here.proxy.base, &req, &arena, &res, NK_NULL);
    EXPECT(KnHandleClose(mine), rcOk);
    return r == NK_EOK ? (long)res.n : -1;
}

/* All of a message's handles arrive, or none. */
static void try_counts(void)
{
    EXPECT(sent_many(0, false), 0);
    EXPECT(sent_many(1, false), 1);
    EXPECT(sent_many(HANDLES_MAX, false), HANDLES_MAX);
    EXPECT(sent_many(HANDLES_MAX + 1, false), -1);
    EXPECT(sent_many(HANDLES_MAX, true), -1);
    EXPECT(sent_many(HANDLES_MAX, false), HANDLES_MAX);
}

/* Handles come with errors as well. */
static void try_errors(void)
{
    Handle mine = own(ALL);
    IDock_Leave_res left;
    IDock_Refuse_req req = {0};
    IDock_Refuse_res res;

    EXPECT(leave_at(&here, nk_handle_desc(mine), &left), NK_EOK);
    EXPECT(IDock_Refuse(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    EXPECT(nk_get_handle(&res.err_.instead), mine);
}

/* A handle of one interface is none of another one. */
static void try_interfaces(void)
{
    Handle lamp = lamp_from(&here);
    IDock_FetchTyped_req fetch_req = {0};
    IDock_FetchTyped_res fetch_res;
    IDock_LeaveTyped_req leave_req = {.handle = nk_handle_desc(own(ALL))};
    IDock_LeaveTyped_res leave_res;
    IDock_Leave_res left;
    struct pier wrong;
    nk_uint32_t total;

    EXPECT(IDock_LeaveTyped(&here.proxy.base, &leave_req, NK_NULL, &leave_res, NK_NULL), NK_EPERM);
    leave_req.handle = nk_handle_desc(here.channel); /* of no one interface */
    EXPECT(IDock_LeaveTyped(&here.proxy.base, &leave_req, NK_NULL, &leave_res, NK_NULL), NK_EPERM);
    leave_req.handle = nk_handle_desc(lamp);
    EXPECT(IDock_LeaveTyped(&here.proxy.base, &leave_req, NK_NULL, &leave_res, NK_NULL), NK_EOK);
    EXPECT(IDock_FetchTyped(&here.proxy.base, &fetch_req, NK_NULL, &fetch_res, NK_NULL), NK_EPERM);
    (void)NkKosTransport_Init(&wrong.transport, lamp, NK_NULL, 0);
    IDock_proxy_init(&wrong.proxy, &wrong.transport.base, INVALID_RIID);
    EXPECT(leave_at(&wrong, nk_handle_desc(INVALID_HANDLE), &left), NK_EPERM);
    IDock_proxy_init(&wrong.proxy, &wrong.transport.base, ferry_Dock_dock_iid);
    EXPECT(leave_at(&wrong, nk_handle_desc(INVALID_HANDLE), &left), NK_EPERM);
    EXPECT(shine_through(lamp, 1, &total), NK_EOK);
}

/* Whoever dies leaves its handles to nobody, and takes those that it gave only if they were its. */
static void try_dying(void)
{
    IDock_Die_req req = {0};
    IDock_Die_res res;
    IDock_Leave_res left;
    Handle lamp = lamp_from(&there);
    nk_handle_desc_t thing;
    nk_uint32_t total;
    rtl_uint32_t sid;

    EXPECT(made_at(&there, ALL, false, &thing), NK_EOK);
    EXPECT(leave_at(&here, nk_handle_desc(lamp), &left), NK_EOK);
    EXPECT(IDock_Die(&there.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_ENOTCONN);
    EXPECT(shone_at(&here, 1, &total), NK_ENOTCONN);
    EXPECT(shine_through(lamp, 1, &total), NK_ENOTCONN);
    EXPECT(KnHandleGetSidByHandle(nk_get_handle(&thing), &sid), rcOk);
    EXPECT(leave_at(&here, nk_handle_desc(lamp), &left), NK_ENOTCONN);
    EXPECT(leave_at(&here, thing, &left), NK_EOK);
}

/* Memory is written here and read there, without a copy. */
static void try_memory(void)
{
    enum {
        SIZE = 1 << 20
    };
    IDock_Weigh_req req;
    IDock_Weigh_res res;
    Handle memory = INVALID_HANDLE;
    Handle mapping = INVALID_HANDLE;
    void *bytes = NULL;

    EXPECT(KnPmmMdlCreate(SIZE, VMM_FLAG_READ | VMM_FLAG_WRITE, &memory), rcOk);
    EXPECT(KnPmmMdlMap(memory, 0, SIZE, NULL, VMM_FLAG_READ | VMM_FLAG_WRITE, &bytes, &mapping),
           rcOk);
    for (nk_uint64_t round = 1; bytes != NULL && round <= 3; round++) {
        memset(bytes, (int)round, SIZE);
        req.memory = nk_handle_desc(memory);
        EXPECT(IDock_Weigh(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
        EXPECT(res.weight, round * SIZE);
        EXPECT(res.writing, rcSecurityDisallow);
    }
    req.memory = nk_handle_desc(memory, OCAP_HANDLE_GET_SID);
    EXPECT(IDock_Weigh(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    EXPECT(res.weight, UINT64_MAX); /* it may not read */
    EXPECT(KnHandleClose(mapping), rcOk);
    EXPECT(KnHandleClose(memory), rcOk);
}

static void churn(int n_rounds)
{
    for (int i = 0; i < n_rounds; i++) {
        Handle lamp = lamp_from(&there);
        IDock_Leave_res left;
        nk_handle_desc_t back;
        nk_uint32_t total;
        EXPECT(leave_at(&here, nk_handle_desc(lamp), &left), NK_EOK);
        EXPECT(fetch_from(&here, OCAP_IPC_CALL, &back), NK_EOK);
        EXPECT(shine_through(nk_get_handle(&back), 1, &total), NK_EOK);
        EXPECT(KnHandleClose(nk_get_handle(&back)), rcOk);
        EXPECT(sent_many(HANDLES_MAX, i % 2 == 0), i % 2 == 0 ? -1 : HANDLES_MAX);
        EXPECT(leave_at(&here, nk_handle_desc(INVALID_HANDLE), &left), NK_EOK);
        EXPECT(taken_back_at(&there, false), NK_EOK);
        EXPECT(KnHandleClose(lamp), rcOk);
    }
}

/* Waits for a signal before and after, so that somebody can count descriptors. */
static void try_churning(void)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    EXPECT(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    churn(2);
    printf("warm\n");
    EXPECT(sigwait(&set, &number), 0);
    churn(CHURN_ROUNDS);
    printf("churned\n");
    EXPECT(sigwait(&set, &number), 0);
}

static const struct {
    const char *name;
    void (*function)(void);
} trials[] = {
    {"passing", try_passing}, {"rights", try_rights},     {"badges", try_badges},
    {"third", try_third},     {"channel", try_channel},   {"shapes", try_shapes},
    {"counts", try_counts},   {"errors", try_errors},     {"interfaces", try_interfaces},
    {"dying", try_dying},     {"churning", try_churning}, {"memory", try_memory},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 3 && strcmp(argv[1], "dock") == 0) {
        serve_dock(argv[2]);
        return 0;
    }
    reach(&here, "dock");
    reach(&there, "other");
    for (size_t i = 0; argc == 2 && i < sizeof(trials) / sizeof(trials[0]); i++) {
        if (strcmp(trials[i].name, argv[1]) == 0) {
            trials[i].function();
            return failed;
        }
    }
    printf("there is nothing of this name to try\n");
    return 1;
}
