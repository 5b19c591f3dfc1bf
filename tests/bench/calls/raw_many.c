/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The raw reference for many clients of one server thread. The server looks at the channels that
 * were used a moment ago, and at one word of its own: a client whose channel it does not look at
 * leaves a mark for it and changes that word, in which the server sleeps.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/support/board.h"
#include "tests/bench/calls/mechanisms.h"
#include "tests/bench/calls/raw_line.h"
#include "tests/bench/support/shared_file.h"

#define FILE_NAME "many"
#define CHANNELS BOARD_CLIENTS_MAX
#define MARKS_PER_WORD 64

/* Looks in vain after which a channel is not looked at any more. */
#define IDLE_LOOKS_MAX 4096

/* @bell: the client has to ring (the server sets it, the client clears it) */
struct many_channel {
    struct raw_line request;
    struct raw_line reply;
    struct raw_side client;
    _Alignas(RAW_LINE_BYTES) _Atomic uint32_t bell;
};

/*
 * @rung:        not 0: somebody left a mark
 * @marks:       who did
 * @n_connected: channels that were given away
 */
struct many {
    _Alignas(RAW_LINE_BYTES) _Atomic uint32_t rung;
    _Alignas(RAW_LINE_BYTES) _Atomic uint64_t marks[CHANNELS / MARKS_PER_WORD];
    _Atomic uint32_t n_connected;
    struct raw_side server;
    struct many_channel channels[CHANNELS];
};

/*
 * What the server keeps for itself.
 * @hot:    channels to look at
 * @served: the last request of each channel
 * @idle:   looks in vain at each
 */
struct many_server {
    struct many *many;
    uint32_t hot[CHANNELS];
    uint32_t n_hot;
    uint32_t served[CHANNELS];
    uint32_t idle[CHANNELS];
};

struct many_connection {
    struct many *many;
    struct many_channel *channel;
    uint32_t index;
    uint32_t sequence;
    size_t payload;
};

static bool has_request(const struct many_server *server, uint32_t index)
{
    return raw_line_is_there(&server->many->channels[index].request, server->served[index] + 1);
}

static void answer(struct many_server *server, uint32_t index)
{
    struct many_channel *channel = &server->many->channels[index];
    uint8_t copy[RAW_INLINE_BYTES];
    uint32_t length = channel->request.length;

    length = length <= RAW_INLINE_BYTES ? length : RAW_INLINE_BYTES;
    memcpy(copy, channel->request.bytes, length);
    memcpy(channel->reply.bytes, copy, length);
    channel->reply.length = length;
    raw_line_publish(&channel->reply, ++server->served[index], &channel->client);
}

/* heat() - look at the channels that left a mark from now on */
static void heat(struct many_server *server)
{
    if (atomic_load_explicit(&server->many->rung, memory_order_acquire) == 0) {
        return;
    }
    atomic_store(&server->many->rung, 0);
    for (uint32_t word = 0; word < CHANNELS / MARKS_PER_WORD; word++) {
        uint64_t marks = atomic_exchange(&server->many->marks[word], 0);
        for (; marks != 0; marks &= marks - 1) {
            uint32_t index = word * MARKS_PER_WORD + (uint32_t)__builtin_ctzll(marks);
            server->idle[index] = 0;
            server->hot[server->n_hot++] = index;
        }
    }
}

/* cool() - have the client ring again; false if it has made a request in the meantime */
static bool cool(struct many_server *server, uint32_t index)
{
    struct many_channel *channel = &server->many->channels[index];
    uint32_t expected = 1;

    atomic_store(&channel->bell, 1);
    atomic_thread_fence(memory_order_seq_cst);
    /* whoever clears it first has the channel: the client, which rings, or we, who keep it */
    return !has_request(server, index) ||
           !atomic_compare_exchange_strong(&channel->bell, &expected, 0);
}

/* look() - at all hot channels once. Return: whether anybody had a request. */
static bool look(struct many_server *server)
{
    bool has_found = false;

    for (uint32_t i = 0; i < server->n_hot;) {
        const uint32_t index = server->hot[i];
        if (has_request(server, index)) {
            answer(server, index);
            server->idle[index] = 0;
            has_found = true;
        } else if (++server->idle[index] > IDLE_LOOKS_MAX && server->n_hot > 1 &&
                   cool(server, index)) {
            server->hot[i] = server->hot[--server->n_hot];
            continue;
        }
        i++;
    }
    return has_found;
}

/* cool_all() - before sleeping. Return: whether there is nothing left to look at. */
static bool cool_all(struct many_server *server)
{
    for (uint32_t i = 0; i < server->n_hot;) {
        if (cool(server, server->hot[i])) {
            server->hot[i] = server->hot[--server->n_hot];
        } else {
            i++;
        }
    }
    return server->n_hot == 0;
}

/* may_spin() - whether any hot client is on another CPU */
static bool may_spin(const struct many_server *server)
{
    uint32_t cpu = raw_side_tell_cpu(&server->many->server);

    for (uint32_t i = 0; i < server->n_hot; i++) {
        const struct raw_side *client = &server->many->channels[server->hot[i]].client;
        if (atomic_load_explicit(&client->cpu, memory_order_relaxed) != cpu) {
            return true;
        }
    }
    return false;
}

/* look_for_a_while() - until there is something to do, or it has taken long enough */
static bool look_for_a_while(struct many_server *server)
{
    const uint64_t deadline_ns = clock_ns() + RAW_SPIN_NS;

    do {
        for (unsigned round = 0; round < RAW_ROUNDS_PER_CLOCK; round++) {
            heat(server);
            if (look(server)) {
                return true;
            }
            raw_pause();
        }
    } while (clock_ns() < deadline_ns);
    return false;
}

static int serve(const struct bench_case *bench_case, void (*ready)(void))
{
    static struct many_server server;

    server.many = shared_file_make(bench_case->folder, FILE_NAME, sizeof(*server.many));
    if (server.many == NULL || bench_case->payload > RAW_INLINE_BYTES) {
        return -1;
    }
    for (uint32_t i = 0; i < CHANNELS; i++) {
        atomic_store(&server.many->channels[i].bell, 1);
    }
    ready();
    for (;;) {
        heat(&server);
        if (look(&server) || (may_spin(&server) && look_for_a_while(&server))) {
            continue;
        }
        if (cool_all(&server)) {
            futex_word_wait(&server.many->rung, 0, NULL);
        }
    }
}

static void *connect_to(const struct bench_case *bench_case)
{
    struct many_connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL) {
        return NULL;
    }
    connection->many = shared_file_open(bench_case->folder, FILE_NAME, sizeof(struct many));
    if (connection->many == NULL) {
        free(connection);
        return NULL;
    }
    connection->index = atomic_fetch_add(&connection->many->n_connected, 1) % CHANNELS;
    connection->channel = &connection->many->channels[connection->index];
    connection->payload = bench_case->payload;
    return connection;
}

/* ring() - if the server does not look at this channel */
static void ring(const struct many_connection *connection)
{
    struct many *many = connection->many;
    uint32_t expected = 1;

    if (atomic_load_explicit(&connection->channel->bell, memory_order_relaxed) == 0 ||
        !atomic_compare_exchange_strong(&connection->channel->bell, &expected, 0)) {
        return;
    }
    atomic_fetch_or(&many->marks[connection->index / MARKS_PER_WORD],
                    UINT64_C(1) << connection->index % MARKS_PER_WORD);
    if (atomic_exchange(&many->rung, 1) == 0) {
        futex_word_wake(&many->rung);
    }
}

static int echo(void *connection_, const void *out, void *in)
{
    struct many_connection *connection = connection_;
    struct many_channel *channel = connection->channel;
    const uint32_t sequence = ++connection->sequence;

    memcpy(channel->request.bytes, out, connection->payload);
    channel->request.length = (uint32_t)connection->payload;
    atomic_store_explicit(&channel->request.sequence, sequence, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    ring(connection);
    raw_line_await(&channel->reply, sequence, &channel->client, &connection->many->server,
                   RAW_SPIN_NS);
    if (channel->reply.length != connection->payload) {
        return -1;
    }
    memcpy(in, channel->reply.bytes, connection->payload);
    return 0;
}

const struct mechanism mechanism_raw_many = {
    .name = "raw many", .serve = serve, .connect = connect_to, .echo = echo};
