/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of two docks (tests/programs/dock.c), "dock" and "other", that speaks to them and to
 * the broker without the library's transport: `smuggler TRIAL` sends numbers of handles that it
 * should not, and says things to the broker that are not true. It prints what did not go as it
 * should, and ends with 1 then. Whatever it does, a proper message has to arrive afterwards.
 */
#include <coresrv/handle/handle_api.h>
#include <coresrv/thread/thread_api.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nk/handle.h>

#include <ferry/Dock.edl.h>

#include "core/error.h"
#include "core/frame.h"
#include "core/handle_question.h"
#include "core/limits.h"
#include "core/session.h"
#include "tests/programs/trials.h"

#define RIGHTS (OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | OCAP_HANDLE_GET_SID)
#define INDEXES 48 /* of the handles that a dock has, and more */
#define GENERATIONS 4
#define NOBODYS_MID 99
#define SLACK_MS 20 /* of clocks */
#define UNKNOWN_ROUNDS (2 * HANDLES_ARRIVING_MAX)

/* An end of a channel to a dock. */
struct pier {
    Handle channel;
    int fd;
    uint32_t last_call;
};

static struct pier here;
static struct pier there;
static Handle thing; /* that is sent, over and over */

static void reach(struct pier *pier, const char *id)
{
    struct session_message reply;

    EXPECT(session_request(SESSION_CONNECT, INVALID_HANDLE, 0, id, &reply, &pier->fd), 0);
    pier->channel = reply.head.handle;
}

/* reach_again() - another channel to where @pier leads */
static struct pier reach_again(const struct pier *pier)
{
    static char room[capchan_Handles_Copy_res_arena_size];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, room + sizeof(room));
    capchan_Handles_Copy_req req = {
        .handle = pier->channel, .rights = OCAP_IPC_CLIENT, .badge = INVALID_HANDLE};
    capchan_Handles_Copy_res res;
    struct question question;

    nk_err_t e = capchan_Handles_Copy(question_ask(&question), &req, NULL, &res, &arena);
    EXPECT(question_answer(&question, e, &res.base_, res.err_.code), rcOk);
    return (struct pier){.channel = res.copy, .fd = question.transport.fd};
}

/* leave_pier() - close a channel, of which the library knows nothing */
static void leave_pier(const struct pier *pier)
{
    struct session_message reply;
    int fd;

    EXPECT(session_request(SESSION_CLOSE, pier->channel, 0, NULL, &reply, &fd), 0);
    close(pier->fd);
}

/* announce() - something about @number to the broker */
static void announce(enum session_op op, Handle handle, Handle number)
{
    session_announce(op, handle, number, NULL);
}

/* send_things() - ask for numbers for so many handles over @channel. Return: the broker's answer.
 */
static Retcode send_things(Handle channel, size_t n, Handle *numbers)
{
    uint64_t room[SESSION_BYTES_MAX / sizeof(uint64_t)];
    struct nk_arena arena = NK_ARENA_INITIALIZER(room, (char *)room + sizeof(room));
    struct nk_arena res_arena =
        NK_ARENA_INITIALIZER(numbers, (char *)numbers + HANDLES_PER_MESSAGE_MAX * sizeof(Handle));
    capchan_Handles_Send_req req = {.channel = channel};
    capchan_Handles_Send_res res;
    struct question question;

    capchan_Handles_Sent *sent = nk_arena_alloc(capchan_Handles_Sent, &arena, &req.handles, n);
    for (size_t i = 0; i < n; i++) {
        sent[i] = (capchan_Handles_Sent){
            .handle = thing, .rights = capchan_Handles_AllRights, .badge = INVALID_HANDLE};
    }
    nk_err_t e = capchan_Handles_Send(question_ask(&question), &req, &arena, &res, &res_arena);
    return question_answer(&question, e, &res.base_, res.err_.code);
}

static Handle send_thing(const struct pier *pier)
{
    Handle numbers[HANDLES_PER_MESSAGE_MAX] = {0};

    EXPECT(send_things(pier->channel, 1, numbers), rcOk);
    return numbers[0];
}

/* What is sent: a method, a body, an arena as it is, and numbers behind it. @n_claimed: how many
 * the header says */
struct cargo {
    nk_mid_t mid;
    const char *body;
    size_t body_bytes;
    Handle numbers[HANDLES_PER_MESSAGE_MAX + 1];
    size_t n_numbers;
    size_t n_claimed;
    nk_iid_t riid;
    const void *arena;
    size_t arena_bytes;
};

/* ship() - send a message, whatever it is, and wait for the answer. Return: its status. */
static nk_err_t ship(struct pier *pier, const struct cargo *cargo)
{
    struct frame_head head = {.magic = FRAME_MAGIC,
                              .call = ++pier->last_call,
                              .riid = cargo->riid,
                              .mid = cargo->mid,
                              .n_handles = (uint16_t)cargo->n_claimed,
                              .n_pointers = cargo->arena_bytes > 0,
                              .arena_bytes = (uint32_t)cargo->arena_bytes,
                              .body_bytes = (uint32_t)cargo->body_bytes};
    const nk_ptr_t all = {.offset = 0, .size = (nk_uint32_t)cargo->arena_bytes};
    struct iovec parts[] = {{&head, sizeof(head)},
                            {(void *)cargo->body, cargo->body_bytes},
                            {(void *)&all, cargo->arena_bytes > 0 ? sizeof(all) : 0},
                            {(void *)cargo->arena, cargo->arena_bytes},
                            {(void *)cargo->numbers, cargo->n_numbers * sizeof(Handle)}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 5};
    char reply[4096];

    EXPECT(sendmsg(pier->fd, &message, MSG_NOSIGNAL) > 0, true);
    EXPECT(recv(pier->fd, reply, sizeof(reply), 0) >= (ssize_t)sizeof(head), true);
    memcpy(&head, reply, sizeof(head));
    EXPECT(head.call, pier->last_call);
    return head.status;
}

/* leave_thing() - the message of IDock.Leave() with @number in it */
static nk_err_t leave_thing(struct pier *pier, Handle number)
{
    const struct cargo cargo = {.mid = ferry_IDock_Leave_mid,
                                .body = "\x08\x01",
                                .body_bytes = 2,
                                .numbers = {number},
                                .n_numbers = 1,
                                .n_claimed = 1};

    return ship(pier, &cargo);
}

/* two_things() - that of IDock.Many() with two numbers, and where the body says that they are */
static struct cargo two_things(const char *places, Handle first, Handle second)
{
    return (struct cargo){.mid = ferry_IDock_Many_mid,
                          .body = places,
                          .body_bytes = 4,
                          .numbers = {first, second},
                          .n_numbers = 2,
                          .n_claimed = 2};
}

/* fetch_kept() - whether the dock still has what was left there */
static nk_err_t fetch_kept(struct pier *pier)
{
    const struct cargo cargo = {.mid = ferry_IDock_Fetch_mid, .body = "", .body_bytes = 0};

    return ship(pier, &cargo);
}

/* Numbers that were never sent, that are for somebody else, or that came already. */
static void try_numbers(void)
{
    struct pier again = reach_again(&here);
    Handle number;

    for (Handle generation = 0; generation < GENERATIONS; generation++) {
        for (Handle index = 0; index < INDEXES; index++) {
            EXPECT(leave_thing(&here, generation << 16 | index), NK_EBADMSG);
        }
    }
    EXPECT(leave_thing(&here, INVALID_HANDLE), NK_EBADMSG);
    EXPECT(leave_thing(&here, thing), NK_EBADMSG);
    EXPECT(leave_thing(&here, here.channel), NK_EBADMSG);

    number = send_thing(&again); /* to the same dock, over another channel */
    EXPECT(leave_thing(&here, number), NK_EBADMSG);
    EXPECT(leave_thing(&again, number), NK_EOK);
    EXPECT(leave_thing(&again, number), NK_EBADMSG);
    EXPECT(fetch_kept(&here), NK_EOK);

    number = send_thing(&there); /* to the other dock */
    EXPECT(leave_thing(&here, number), NK_EBADMSG);
    EXPECT(leave_thing(&there, number), NK_EOK);
    leave_pier(&again);
}

/* The same number twice, in one message and in two. */
static void try_twice(void)
{
    Handle number = send_thing(&here);
    Handle other = send_thing(&here);
    const struct cargo twice = two_things("\x0a\x02\x01\x02", number, number);
    const struct cargo mixed = two_things("\x0a\x02\x01\x02", other, number);

    EXPECT(ship(&here, &twice), NK_EBADMSG);
    EXPECT(ship(&here, &mixed), NK_EBADMSG); /* nothing is left of the first */
    EXPECT(leave_thing(&here, number), NK_EBADMSG);
    EXPECT(leave_thing(&here, other), NK_EBADMSG); /* it went with the message */
}

/* Counts and places that are not what comes along. */
static void try_lies(void)
{
    static const char *const places[] = {"\x0a\x02\x02\x01", "\x0a\x02\x01\x01", "\x0a\x02\x01\x03",
                                         "\x0a\x02\x02\x03", "\x0a\x02\x00\x01", "\x0a\x02\x01\x00",
                                         "\x0a\x02\x00\x00"};
    struct cargo cargo;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        cargo = two_things(places[i], send_thing(&here), send_thing(&here));
        EXPECT(ship(&here, &cargo), NK_EBADMSG);
    }
    for (size_t claimed = 0; claimed <= HANDLES_PER_MESSAGE_MAX + 1; claimed++) {
        cargo = two_things("\x0a\x02\x01\x02", send_thing(&here), send_thing(&here));
        cargo.n_claimed = claimed;
        EXPECT(ship(&here, &cargo), claimed == 2 ? NK_EOK : NK_EBADMSG);
    }
    cargo = two_things("\x0a\x02\x01\x02", send_thing(&here), send_thing(&here));
    cargo.n_numbers = cargo.n_claimed = HANDLES_PER_MESSAGE_MAX + 1;
    EXPECT(ship(&here, &cargo), NK_EBADMSG);
}

/* Handles, and what came back with them, in an arena that comes along as it is. */
static void try_forged(void)
{
    const nk_handle_desc_t made_up[] = {{INVALID_HANDLE, 0, 0},
                                        {INVALID_HANDLE, NK_HANDLE_DEREFERENCED_, 1},
                                        {0, NK_HANDLE_DEREFERENCED_, 1},
                                        {0x00010001, 0, 0},
                                        {thing, 0, 0}};
    struct cargo cargo = {
        .mid = ferry_IDock_Many_mid, .body = "", .arena_bytes = sizeof(made_up[0])};

    for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++) {
        cargo.arena = &made_up[i];
        EXPECT(ship(&here, &cargo), i == 0 ? NK_EOK : NK_EBADMSG);
    }
    cargo.numbers[0] = send_thing(&here);
    cargo.n_numbers = cargo.n_claimed = 1;
    EXPECT(ship(&here, &cargo), NK_EBADMSG);
}

/* Messages that no method takes do not use up what may wait. */
static void try_unknown(void)
{
    for (int i = 0; i < UNKNOWN_ROUNDS; i++) {
        struct cargo cargo = two_things("\x0a\x02\x01\x02", send_thing(&here), send_thing(&here));
        cargo.mid = i % 2 == 0 ? NOBODYS_MID : cargo.mid;
        cargo.riid = i % 2 == 0 ? 0 : NOBODYS_MID;
        EXPECT(ship(&here, &cargo), NK_ENOENT);
    }
}

/* What is told to the broker about handles that are somebody else's. */
static void try_claims(void)
{
    Handle number = send_thing(&here);
    struct pier again = reach_again(&here);
    Handle numbers[HANDLES_PER_MESSAGE_MAX];

    announce(SESSION_TAKEN, number, 0);
    announce(SESSION_NOT_SENT, again.channel, number);
    announce(SESSION_NOT_SENT, there.channel, number);
    announce(SESSION_NOT_SENT, INVALID_HANDLE, number);
    announce(SESSION_NOT_SENT, thing, number);
    EXPECT(leave_thing(&here, number), NK_EOK);
    announce(SESSION_NOT_SENT, here.channel, number); /* it was */
    for (Handle generation = 0; generation < GENERATIONS; generation++) {
        for (Handle index = 0; index < INDEXES; index++) {
            announce(SESSION_NOT_SENT, here.channel, generation << 16 | index);
        }
    }
    EXPECT(fetch_kept(&again), NK_EOK);
    leave_pier(&again);
    EXPECT(send_things(again.channel, 1, numbers), rcNoCapability);
    EXPECT(send_things(thing, 1, numbers), rcNoCapability);
    for (Handle index = 0; index < INDEXES; index++) {
        EXPECT(send_things(0x00ff0000 | index, 1, numbers), rcNoCapability);
    }
}

/* fill_pier() - let so many handles wait at the end of a channel. Return: the last answer. */
static Retcode fill_pier(const struct pier *pier, size_t n, Handle *ret_last)
{
    Handle numbers[HANDLES_PER_MESSAGE_MAX];
    Retcode r = rcOk;

    while (n > 0 && r == rcOk) {
        size_t n_now = n < HANDLES_PER_MESSAGE_MAX ? n : HANDLES_PER_MESSAGE_MAX;
        r = send_things(pier->channel, n_now, numbers);
        *ret_last = numbers[n_now - 1];
        n -= n_now;
    }
    return r;
}

/* fill_later() - the same, once the broker has heard what the dock says about earlier ones */
static void fill_later(const struct pier *pier, size_t n, Handle *ret_last)
{
    Retcode r;

    do {
        r = fill_pier(pier, n, ret_last);
    } while (r == rcQuotaExceeded);
    EXPECT(r, rcOk);
}

/* Messages that are never sent: one channel takes so many, and others are none the worse. */
static void try_arriving(void)
{
    struct pier again = reach_again(&here);
    Handle last;
    Handle none;

    EXPECT(fill_pier(&again, HANDLES_ARRIVING_MAX, &last), rcOk);
    EXPECT(fill_pier(&again, 1, &none), rcQuotaExceeded);
    EXPECT(leave_thing(&here, send_thing(&here)), NK_EOK);
    EXPECT(leave_thing(&there, send_thing(&there)), NK_EOK);
    announce(SESSION_NOT_SENT, again.channel, last);
    EXPECT(fill_pier(&again, 2, &none), rcQuotaExceeded); /* all or none */
    EXPECT(leave_thing(&again, last), NK_EBADMSG);
    EXPECT(fill_pier(&again, 1, &last), rcOk);
    EXPECT(leave_thing(&again, last), NK_EOK);
    fill_later(&again, 1, &last);
    EXPECT(fill_pier(&again, 1, &none), rcQuotaExceeded);
    leave_pier(&again);
}

/* All channels of one sender to one receiver together, who takes none: others are none the worse.
 * What is given back when one is closed. */
static void try_sent(void)
{
    enum {
        PIERS = HANDLES_SENT_MAX / HANDLES_ARRIVING_MAX
    };
    struct pier piers[PIERS];
    Handle last;
    Handle none;

    for (size_t i = 0; i < PIERS; i++) {
        piers[i] = reach_again(&here);
        EXPECT(fill_pier(&piers[i], HANDLES_ARRIVING_MAX, &last), rcOk);
    }
    EXPECT(fill_pier(&here, 1, &none), rcQuotaExceeded);
    EXPECT(fill_pier(&there, HANDLES_ARRIVING_MAX, &last), rcOk);
    EXPECT(fill_pier(&there, 1, &none), rcQuotaExceeded);
    EXPECT(leave_thing(&there, last), NK_EOK);
    leave_pier(&piers[0]);
    fill_later(&here, 1, &last);
    EXPECT(fill_pier(&here, HANDLES_ARRIVING_MAX - 1, &last), rcOk);
    EXPECT(fill_pier(&here, 1, &none), rcQuotaExceeded);
    EXPECT(leave_thing(&here, last), NK_EOK);
    for (size_t i = 1; i < PIERS; i++) {
        leave_pier(&piers[i]);
    }
    fill_later(&here, 1, &last);
    EXPECT(leave_thing(&here, last), NK_EOK);
}

/* Numbers of a receiver that nothing arrives under, one after the other: each is used up for good,
 * so who does that has to wait. */
static void try_unsent(void)
{
    const rtl_size_t start_ms = KnGetMSecSinceStart();

    for (int i = 0; i < FAILURES_AT_ONCE_MAX + FAILURES_PER_SECOND_MAX; i++) {
        announce(SESSION_NOT_SENT, here.channel, send_thing(&here));
    }
    EXPECT(leave_thing(&here, send_thing(&here)), NK_EOK);
    EXPECT(KnGetMSecSinceStart() - start_ms >= 1000 - SLACK_MS, true);
}

static const struct {
    const char *name;
    void (*function)(void);
} trials[] = {
    {"numbers", try_numbers}, {"twice", try_twice},   {"lies", try_lies},
    {"unknown", try_unknown}, {"claims", try_claims}, {"arriving", try_arriving},
    {"sent", try_sent},       {"forged", try_forged}, {"unsent", try_unsent},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    reach(&here, "dock");
    reach(&there, "other");
    EXPECT(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, RIGHTS, &thing, &thing), rcOk);
    for (size_t i = 0; argc == 2 && i < sizeof(trials) / sizeof(trials[0]); i++) {
        if (strcmp(trials[i].name, argv[1]) == 0) {
            trials[i].function();
            if (strcmp(argv[1], "sent") != 0) { /* which leaves no room on one of them */
                EXPECT(leave_thing(&here, send_thing(&here)), NK_EOK);
                EXPECT(leave_thing(&there, send_thing(&there)), NK_EOK);
            }
            return failed;
        }
    }
    printf("there is nothing of this name to try\n");
    return 1;
}
