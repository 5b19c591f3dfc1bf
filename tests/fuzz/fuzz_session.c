/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two entities can say to the broker about handles and notices, in any order. Each of them has
 * a listener, an object, a badge, and a channel to the other one. Bytes are steps:
 *
 *     E  bit 0: which entity; the rest: what follows, modulo 4
 *     0: OP INDEX GENERATION INDEX GENERATION  a message of core/session_wire.h about two handles
 *     1: RIID METHOD SIZE BODY                 a call of what the broker serves
 *     2: SIZE BYTES                            anything
 *     3:                                       the entity ends, or loses its session
 *
 * Once both have ended, nothing may be left that was charged to one of them.
 */
#include <services/ocap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/service.h"
#include "core/fd.h"
#include "core/limits.h"
#include "core/session_call.h"
#include "tests/support/small_broker.h"

#define BODY_BYTES_MAX 255

static struct small_broker small;
static int ends[SMALL_ENTITIES];

/* What is left of the input. */
static const uint8_t *next;
static size_t n_left;

static uint8_t take_byte(void)
{
    if (n_left == 0) {
        return 0;
    }
    n_left--;
    return *next++;
}

static size_t take_bytes(uint8_t *to, size_t n)
{
    size_t n_taken = n < n_left ? n : n_left;

    memcpy(to, next, n_taken);
    next += n_taken;
    n_left -= n_taken;
    return n_taken;
}

static void must(int r)
{
    if (r != 0) {
        abort();
    }
}

/* give_channel() - one from @to to a listener of @from */
static void give_channel(struct holder *from, struct holder *to)
{
    struct handles *handles = &small.broker.handles;
    struct handles_wish wish = {.from = from,
                                .needed = OCAP_HANDLE_TRANSFER,
                                .rights = OCAP_IPC_CLIENT,
                                .badge = INVALID_HANDLE,
                                .to = to};
    struct route_peer peer;
    Handle listener;
    Handle given;
    int inbox;
    int fd;

    must(handles_listen(handles, from, &listener, &inbox));
    fd_close(inbox);
    must(handles_connect(handles, from, listener, &wish.handle, &fd));
    must(handles_derive(&wish, &given));
    must(handles_fetch(handles, to, given, &fd));
    fd_close(fd);
    must(route_find_peer(to, given, &peer));
}

static void set_up(void)
{
    const struct handles_resource object = {.rights = OCAP_HANDLE_GENERAL_FULL & ~OCAP_IPC_CALL,
                                            .context = 1,
                                            .listener = INVALID_HANDLE};
    Handle handle;

    must(small_broker_init(&small, "one", "two"));
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        struct entity_run *entity = &small.entities[i];
        int pair[2];
        must(fd_pair(pair));
        ends[i] = pair[1];
        entity->session = (struct loop_source){.fd = pair[0], .ready = session_ready};
        must(loop_add(&small.broker.loop, &entity->session));
        must(session_welcome(entity));
        small.broker.n_running++;
        must(handles_make_resource(&small.broker.holders[i], &object, &handle));
        must(handles_make_badge(&small.broker.holders[i], 2, &handle));
    }
    give_channel(&small.broker.holders[0], &small.broker.holders[1]);
    give_channel(&small.broker.holders[1], &small.broker.holders[0]);
}

/* turn() - what the broker does between two messages, and the entities' answers out of the way */
static void turn(void)
{
    char answer[SESSION_BYTES_MAX];

    handles_settle_lost(&small.broker);
    dynamic_answer(&small.broker);
    (void)backlog_deliver(&small.broker.backlog);
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        small.entities[i].failures = (struct rate){0};
        while (recv(ends[i], answer, sizeof(answer), MSG_DONTWAIT) > 0) {
        }
    }
}

/* say() - a datagram of entity @number, at once */
static void say(size_t number, const void *bytes, size_t size)
{
    struct entity_run *entity = &small.entities[number];

    if (entity->session.fd >= 0 && size > 0 &&
        send(ends[number], bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)size) {
        session_ready(&entity->session);
    }
}

static Handle take_handle(void)
{
    Handle index = take_byte();

    return index == UINT8_MAX ? INVALID_HANDLE : ((Handle)take_byte() + 1) << 16 | index;
}

static void say_message(size_t number)
{
    struct session_head head = {.magic = SESSION_MAGIC, .op = take_byte() % _SESSION_OP_N};

    head.handle = take_handle();
    head.riid = take_handle();
    say(number, &head, sizeof(head));
}

static void say_call(size_t number)
{
    struct frame_head head = {.magic = FRAME_MAGIC, .riid = take_byte() % 5};
    uint8_t bytes[sizeof(head) + BODY_BYTES_MAX];

    head.mid = take_byte();
    head.body_bytes = (uint32_t)take_bytes(bytes + sizeof(head), take_byte());
    memcpy(bytes, &head, sizeof(head));
    say(number, bytes, sizeof(head) + head.body_bytes);
}

static void end(size_t number)
{
    struct entity_run *entity = &small.entities[number];

    if (!small.broker.holders[number].has_ended) {
        broker_entity_ended(entity, 0);
    }
}

static void step(void)
{
    uint8_t bytes[BODY_BYTES_MAX];
    uint8_t what = take_byte();
    size_t number = what % SMALL_ENTITIES;

    switch (what / SMALL_ENTITIES % 4) {
    case 0:
        say_message(number);
        break;
    case 1:
        say_call(number);
        break;
    case 2:
        say(number, bytes, take_bytes(bytes, take_byte()));
        break;
    default:
        end(number);
    }
    turn();
}

/* tear_down() - all that was charged to an entity must have been given back */
static void tear_down(void)
{
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        end(i);
        close(ends[i]);
    }
    for (size_t i = 0; i < SMALL_ENTITIES; i++) {
        const struct holder *holder = &small.broker.holders[i];
        for (size_t to = 0; to < SMALL_ENTITIES; to++) {
            if (holder->n_sent[to] != 0) {
                abort();
            }
        }
        if (holder->lost.n != 0 || holder->n_own_channels != 0 || holder->n_closed_tied != 0 ||
            holder->n_notices != 0 || holder->n_subscriptions != 0 ||
            holder->memory.n_objects != 0 || holder->memory.bytes != 0) {
            abort();
        }
    }
    if (small.broker.handles.n_to_spare != HANDLE_CHANNELS_MAX || !small_broker_deinit(&small)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static FILE *nowhere;

    if (nowhere == NULL) {
        nowhere = stderr = fopen("/dev/null", "we"); /* where the broker complains */
    }
    set_up();
    next = bytes;
    n_left = size;
    while (n_left > 0) {
        step();
    }
    tear_down();
    return 0;
}
