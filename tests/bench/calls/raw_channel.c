/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/raw_channel.h"

#include <stdlib.h>
#include <string.h>

#include "tests/bench/calls/raw_line.h"
#include "tests/bench/support/shared_file.h"

#define FILE_NAME "raw"

/* The longer the body, the longer the peer copies before it can answer. */
#define SPIN_NS_PER_BYTE 0.5

/* @payload: of request and reply: the server has copied the former out before it writes the latter
 */
struct raw_channel {
    struct raw_line request;
    struct raw_line reply;
    struct raw_side client;
    struct raw_side server;
    _Alignas(4096) uint8_t payload[];
};

struct raw_connection {
    struct raw_channel *channel;
    size_t payload;
    uint64_t spin_ns;
    uint32_t sequence;
};

static uint64_t spin_ns(const struct bench_case *bench_case, bool may_spin)
{
    return may_spin ? RAW_SPIN_NS + (uint64_t)((double)bench_case->payload * SPIN_NS_PER_BYTE) : 0;
}

static size_t file_size(const struct bench_case *bench_case)
{
    return sizeof(struct raw_channel) + bench_case->payload;
}

/* body() - where a message of that size lies */
static inline uint8_t *body(struct raw_channel *channel, struct raw_line *line, size_t size)
{
    return size <= RAW_INLINE_BYTES ? line->bytes : channel->payload;
}

/* raw_serve() - answer each request with a copy of its copy */
int raw_serve(const struct bench_case *bench_case, void (*ready)(void), bool may_spin)
{
    struct raw_channel *channel =
        shared_file_make(bench_case->folder, FILE_NAME, file_size(bench_case));
    const uint64_t patience_ns = spin_ns(bench_case, may_spin);
    uint8_t *copy = malloc(bench_case->payload);

    if (channel == NULL || copy == NULL) {
        free(copy);
        return -1;
    }
    ready();
    for (uint32_t sequence = 1;; sequence++) {
        raw_line_await(&channel->request, sequence, &channel->server, &channel->client,
                       patience_ns);
        size_t size = channel->request.length;
        if (size > bench_case->payload) {
            free(copy);
            return -1;
        }
        memcpy(copy, body(channel, &channel->request, size), size);
        memcpy(body(channel, &channel->reply, size), copy, size);
        channel->reply.length = (uint32_t)size;
        raw_line_publish(&channel->reply, sequence, &channel->client);
    }
}

/* raw_connect() - Return: the one connection that there can be; NULL. */
void *raw_connect(const struct bench_case *bench_case, bool may_spin)
{
    struct raw_connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL) {
        return NULL;
    }
    connection->channel = shared_file_open(bench_case->folder, FILE_NAME, file_size(bench_case));
    if (connection->channel == NULL) {
        free(connection);
        return NULL;
    }
    connection->payload = bench_case->payload;
    connection->spin_ns = spin_ns(bench_case, may_spin);
    return connection;
}

/* raw_echo() - one call */
int raw_echo(void *connection, const void *out, void *in)
{
    struct raw_connection *raw = connection;
    struct raw_channel *channel = raw->channel;
    const uint32_t sequence = ++raw->sequence;

    memcpy(body(channel, &channel->request, raw->payload), out, raw->payload);
    channel->request.length = (uint32_t)raw->payload;
    raw_line_publish(&channel->request, sequence, &channel->server);
    raw_line_await(&channel->reply, sequence, &channel->client, &channel->server, raw->spin_ns);
    if (channel->reply.length != raw->payload) {
        return -1;
    }
    memcpy(in, body(channel, &channel->reply, raw->payload), raw->payload);
    return 0;
}
