/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dock, in the tests of handles in messages: serves ferry.IDock and ferry.ILamp over the channel
 * that its argument names.
 */
#include <pthread.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <nk/handle.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ferry/Dock.edl.h>

#include "tests/programs/lamp.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define SPECIAL OCAP_HANDLE_SPEC(0x8001)
#define LATE_MS 8

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
    if (note != NULL && strcmp(note, "late") == 0) {
        (void)poll(NULL, 0, LATE_MS);
    }
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

/* Receives from a listener that somebody handed over, until it is taken back. */
static struct {
    pthread_t thread;
    Handle listener;
    NkKosDispatchInfo *info;
    nk_err_t status;
} taken_over;

static void *serve_taken_over(void *unused)
{
    taken_over.status = NkKosDoDispatch(taken_over.listener, taken_over.info);
    return unused;
}

static nk_err_t serve(struct ferry_IDock *self, const IDock_Serve_req *req,
                      const struct nk_arena *req_arena, IDock_Serve_res *res,
                      struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    taken_over.listener = nk_get_handle(&req->listener);
    return pthread_create(&taken_over.thread, NULL, serve_taken_over, NULL) == 0 ? NK_EOK
                                                                                 : NK_ENOMEM;
}

static nk_err_t served(struct ferry_IDock *self, const IDock_Served_req *req,
                       const struct nk_arena *req_arena, IDock_Served_res *res,
                       struct nk_arena *res_arena)
{
    (void)self;
    (void)req;
    (void)req_arena;
    (void)res_arena;
    (void)pthread_join(taken_over.thread, NULL);
    res->status = taken_over.status;
    return NK_EOK;
}

static Notice notice;

static nk_err_t watch(struct ferry_IDock *self, const IDock_Watch_req *req,
                      const struct nk_arena *req_arena, IDock_Watch_res *res,
                      struct nk_arena *res_arena)
{
    (void)self;
    (void)req_arena;
    (void)res;
    (void)res_arena;
    if (notice == NULL) {
        (void)KnNoticeCreate(&notice);
    }
    return KnNoticeSubscribeToObject(notice, nk_get_handle(&req->handle), req->events, 0) == rcOk
               ? NK_EOK
               : NK_EPERM;
}

static nk_err_t hear(struct ferry_IDock *self, const IDock_Hear_req *req,
                     const struct nk_arena *req_arena, IDock_Hear_res *res,
                     struct nk_arena *res_arena)
{
    EventDesc event = {0};
    rtl_size_t n;

    (void)self;
    (void)req_arena;
    (void)res_arena;
    (void)KnNoticeGetEvent(notice, req->milliseconds, 1, &event, &n);
    res->events = event.eventMask;
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

int main(int argc, char **argv)
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
                                                    .Serve = serve,
                                                    .Served = served,
                                                    .Watch = watch,
                                                    .Hear = hear,
                                                    .Die = die};
    static const struct ferry_ILamp_ops lamp_ops = {.Shine = shine};
    struct ferry_IDock dock_object = {.ops = &dock_ops};
    struct ferry_ILamp lamp_object = {.ops = &lamp_ops};
    Dock_entity entity;
    ServiceId id;

    Dock_entity_init(&entity, &dock_object, &lamp_object);
    dock.listener = ServiceLocatorRegister(argc == 2 ? argv[1] : "", NULL, 0, &id);
    NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(ferry_Dock, entity);
    taken_over.info = &info;
    return NkKosDoDispatch(dock.listener, &info) != NK_ENOTCONN;
}
