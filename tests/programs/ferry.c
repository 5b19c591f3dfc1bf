/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boat, in the tests of handles in messages: its argument is the name of what it tries with the
 * two docks (dock.c) that it is connected to as "dock" and "other". It prints what did not go as it
 * should, and ends with 1 then.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <nk/handle.h>

#include "tests/programs/lamp.h"
#include "tests/programs/pier.h"
#include "tests/programs/trials.h"

#define ALL (OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL)
#define SPECIAL OCAP_HANDLE_SPEC(0x8001)
#define HANDLES_MAX 64 /* in one message */
#define CHURN_ROUNDS 300
#define PATIENCE_MS 10000
#define LATE_ROUNDS 320 /* with two handles each: more than may wait for this process */
#define LATE_MS 2
#define INDEXES 128 /* of all other handles */

static struct pier here;
static struct pier there;

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
    (void)own(ALL); /* when this is answered, the broker has heard of that, too */
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

/* Who is handed a listener receives what comes to it from then on, until it is taken back. */
static void try_listener(void)
{
    Handle listener;
    Handle server;
    Handle client[2];
    IDock_Serve_req serve_req;
    IDock_Serve_res serve_res;
    IDock_Served_req served_req = {0};
    IDock_Served_res served_res;
    NkKosTransport transport;
    ILamp_proxy lamp;
    ILamp_Shine_req shine_req = {.value = 7};
    ILamp_Shine_res shine_res;

    EXPECT(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client[0]), rcOk);
    serve_req.listener = nk_handle_desc(listener);
    EXPECT(IDock_Serve(&here.proxy.base, &serve_req, NK_NULL, &serve_res, NK_NULL), NK_EOK);
    EXPECT(KnHandleConnect(listener, &listener, &server, &client[1]), rcOk);
    (void)NkKosTransport_Init(&transport, client[1], NK_NULL, 0);
    ILamp_proxy_init(&lamp, &transport.base, ferry_Dock_lamp_iid);
    EXPECT(ILamp_Shine(&lamp.base, &shine_req, NK_NULL, &shine_res, NK_NULL), NK_EOK);
    EXPECT(shine_res.total, 7);
    EXPECT(KnHandleRevoke(listener), rcOk);
    EXPECT(ILamp_Shine(&lamp.base, &shine_req, NK_NULL, &shine_res, NK_NULL), NK_ENOTCONN);
    EXPECT(IDock_Served(&here.proxy.base, &served_req, NK_NULL, &served_res, NK_NULL), NK_EOK);
    EXPECT(served_res.status, NK_ENOTCONN);
}

static nk_uint32_t heard(nk_uint32_t milliseconds)
{
    IDock_Hear_req req = {.milliseconds = milliseconds};
    IDock_Hear_res res;

    EXPECT(IDock_Hear(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    return res.events;
}

/* What a provider says of its resource is heard wherever there is a handle of it. */
static void try_events(void)
{
    Handle mine = own(ALL);
    IDock_Watch_req req = {.handle = nk_handle_desc(mine, OCAP_HANDLE_GET_EVENT),
                           .events = OBJECT_EVENT_USER(0x3) | EVENT_OBJECT_DESTROYED};
    IDock_Watch_res res;

    EXPECT(IDock_Watch(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
    EXPECT(heard(0), 0);
    EXPECT(KnNoticeSetObjectEvent(mine, OBJECT_EVENT_USER(0x1)), rcOk);
    EXPECT(KnNoticeSetObjectEvent(mine, OBJECT_EVENT_USER(0x2)), rcOk);
    EXPECT(KnNoticeSetObjectEvent(mine, OBJECT_EVENT_USER(0x4)), rcOk); /* nobody listens to it */
    EXPECT(heard(PATIENCE_MS), OBJECT_EVENT_USER(0x3));
    EXPECT(heard(0), 0);
    EXPECT(KnHandleRevoke(mine), rcOk);
    EXPECT(heard(PATIENCE_MS), EVENT_OBJECT_DESTROYED | EVENT_HANDLE_REVOKED);
    req.handle = nk_handle_desc(own(ALL), OCAP_HANDLE_COPY);
    EXPECT(IDock_Watch(&here.proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EPERM);
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

/* swapped_late_at() - a call whose time is over before its reply comes, with handles; unless we get
 * no CPU meanwhile, and see both at once. They are closed then. */
static nk_err_t swapped_late_at(struct pier *pier, Handle handle)
{
    nk_uint64_t rooms[2][IDock_Swap_res_arena_size / sizeof(nk_uint64_t) + 1];
    struct nk_arena req_arena = NK_ARENA_INITIALIZER(rooms[0], (char *)rooms[0] + sizeof(rooms[0]));
    struct nk_arena res_arena = NK_ARENA_INITIALIZER(rooms[1], (char *)rooms[1] + sizeof(rooms[1]));
    IDock_Swap_req req = {.pair = {nk_handle_desc(handle), nk_handle_desc(handle)}};
    IDock_Swap_res res;
    NkKosTransportSync transport;
    IDock_proxy proxy;

    (void)NkKosCopyStringToArena(&req_arena, &req.note, "late");
    (void)NkKosTransportSync_Init(&transport, pier->channel, LATE_MS, INVALID_HANDLE);
    IDock_proxy_init(&proxy, &transport.base, ferry_Dock_dock_iid);
    nk_err_t r = IDock_Swap(&proxy.base, &req, &req_arena, &res, &res_arena);
    for (size_t i = 0; r == NK_EOK && i < 2; i++) {
        if (nk_get_handle(&res.pairBack[i]) != handle) {
            (void)KnHandleClose(nk_get_handle(&res.pairBack[i]));
        }
    }
    return r;
}

/* What comes with a reply that nobody waits for any more is closed, and takes no room. */
static void try_late(void)
{
    nk_handle_desc_t made;
    nk_handle_desc_t back;
    IDock_Leave_res left;

    EXPECT(made_at(&there, ALL, false, &made), NK_EOK);
    for (int n_late = 0; n_late < LATE_ROUNDS;) {
        nk_err_t r = swapped_late_at(&here, nk_get_handle(&made));
        EXPECT(r == NK_EOK || r == NK_EAGAIN, true);
        n_late += r == NK_EAGAIN;
        EXPECT(sent_many(1, false), 1);
    }
    EXPECT(leave_at(&here, made, &left), NK_EOK);
    EXPECT(fetch_from(&here, OCAP_HANDLE_TRANSFER, &back), NK_EOK);
    EXPECT((own(ALL) & 0xffff) < INDEXES, true); /* the lowest one that is free */
}

static void try_churning(void)
{
    churn_when_told(churn, CHURN_ROUNDS);
}

static const struct trial trials[] = {
    {"passing", try_passing},   {"rights", try_rights},     {"badges", try_badges},
    {"third", try_third},       {"channel", try_channel},   {"shapes", try_shapes},
    {"counts", try_counts},     {"errors", try_errors},     {"interfaces", try_interfaces},
    {"dying", try_dying},       {"churning", try_churning}, {"memory", try_memory},
    {"listener", try_listener}, {"events", try_events},     {"late", try_late},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    reach(&here, "dock");
    reach(&there, "other");
    return try_one(trials, sizeof(trials) / sizeof(trials[0]), argc == 2 ? argv[1] : NULL);
}
