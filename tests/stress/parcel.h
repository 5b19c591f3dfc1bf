/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls whose replies prove that they belong to their requests: both carry a pattern of the size
 * wanted, made from who calls and a number.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <actor/IEcho.idl.h>

#include "core/client.h"
#include "core/decode.h"
#include "core/encode.h"
#include "core/listener.h"
#include "core/request.h"
#include "core/pool.h"

#define PARCEL_BYTES_MAX (256u << 10)

/* A reply that is not the one to the request. */
#define PARCEL_DIFFERENT 1000

/* What a thread needs to make calls, or to answer them. */
struct parcel_room {
    char *in;
    char *out;
};

/* @bytes:       of the request: 0, or at least PARCEL_BYTES_MIN
 * @reply_bytes: of the reply, likewise; 0 if @bytes is */
struct parcel {
    uint32_t caller;
    uint32_t number;
    uint32_t bytes;
    uint32_t reply_bytes;
};

#define PARCEL_BYTES_MIN sizeof(struct parcel)

extern const struct capchan_interface actor_IEcho_interface_stub_;

#define PARCEL_METHOD(mid) (&actor_IEcho_interface_stub_.methods[mid])
#define PARCEL_ARENA(bytes)                                                                        \
    ((struct nk_arena)NK_ARENA_INITIALIZER(bytes, (bytes) + PARCEL_BYTES_MAX))

static inline void parcel_room_init(struct parcel_room *room)
{
    room->in = malloc(PARCEL_BYTES_MAX);
    room->out = malloc(PARCEL_BYTES_MAX);
    if (room->in == NULL || room->out == NULL) {
        abort();
    }
}

static inline void parcel_room_deinit(struct parcel_room *room)
{
    free(room->in);
    free(room->out);
}

/* parcel_word() - the pattern, which differs between requests and replies */
static inline uint32_t parcel_word(const struct parcel *parcel, bool is_reply, size_t i)
{
    uint32_t seed = parcel->caller * 2654435761u ^ parcel->number * 40503u ^ (is_reply ? ~0u : 0);

    return seed + (uint32_t)i * 2246822519u;
}

static inline void parcel_fill(uint8_t *bytes, size_t size, const struct parcel *parcel,
                               bool is_reply)
{
    memcpy(bytes, parcel, sizeof(*parcel));
    for (size_t at = sizeof(*parcel); at < size; at += sizeof(uint32_t)) {
        uint32_t word = parcel_word(parcel, is_reply, at);
        memcpy(bytes + at, &word, size - at < sizeof(word) ? size - at : sizeof(word));
    }
}

static inline bool parcel_is_in(const uint8_t *bytes, size_t size, const struct parcel *parcel,
                                bool is_reply)
{
    bool is_same = size >= sizeof(*parcel) && memcmp(bytes, parcel, sizeof(*parcel)) == 0;

    for (size_t at = sizeof(*parcel); is_same && at < size; at += sizeof(uint32_t)) {
        uint32_t word = parcel_word(parcel, is_reply, at);
        is_same = memcmp(bytes + at, &word, size - at < sizeof(word) ? size - at : 4) == 0;
    }
    return is_same;
}

/* parcel_check() - Return: 0; PARCEL_DIFFERENT. */
static inline int parcel_check(struct parcel_room *room, struct incoming *reply,
                               const struct parcel *parcel)
{
    struct nk_arena arena = PARCEL_ARENA(room->in);
    actor_IEcho_Blob_res res = {0};
    nk_size_t size = 0;

    if ((reply->frame.head.flags & ~FRAME_MEMFD) != FRAME_REPLY) {
        return PARCEL_DIFFERENT;
    }
    if (parcel->bytes == 0) {
        return reply->frame.head.body_bytes == 0 ? 0 : PARCEL_DIFFERENT;
    }
    int r = incoming_decode(reply, PARCEL_METHOD(actor_IEcho_Blob_mid)->res, &res, &arena);
    const nk_uint8_t *bytes = r == 0 ? nk_arena_get(nk_uint8_t, &arena, &res.result, &size) : NULL;
    return bytes != NULL && size == parcel->reply_bytes && parcel_is_in(bytes, size, parcel, true)
               ? 0
               : PARCEL_DIFFERENT;
}

/* What parcel_encode() borrows from. */
struct parcel_request {
    struct nk_arena arena;
    actor_IEcho_Blob_req blob;
    actor_IEcho_Die_req empty;
    struct pool pool;
};

/* parcel_encode() - Return: the method; @ret_encoded lasts until pool_deinit(&request->pool). */
static inline nk_mid_t parcel_encode(struct parcel_room *room, const struct parcel *parcel,
                                     struct parcel_request *request, struct encoded *ret_encoded)
{
    nk_mid_t mid = parcel->bytes == 0 ? actor_IEcho_Die_mid : actor_IEcho_Blob_mid;
    void *object = parcel->bytes == 0 ? (void *)&request->empty : (void *)&request->blob;

    *request = (struct parcel_request){.arena = PARCEL_ARENA(room->out)};
    if (parcel->bytes != 0) {
        nk_uint8_t *bytes =
            nk_arena_alloc(nk_uint8_t, &request->arena, &request->blob.data, parcel->bytes);
        parcel_fill(bytes, parcel->bytes, parcel, false);
    }
    pool_init(&request->pool, SIZE_MAX);
    if (encode(PARCEL_METHOD(mid)->req, object, &request->arena, &request->pool, ret_encoded) !=
        0) {
        abort();
    }
    return mid;
}

/*
 * parcel_call_until() - make a call and look at its reply
 *
 * Return: 0; PARCEL_DIFFERENT; as client_call().
 */
static inline int parcel_call_until(struct parcel_room *room, struct client *client,
                                    const struct parcel *parcel, struct until *until)
{
    struct parcel_request request;
    struct encoded encoded;
    struct incoming reply;

    nk_mid_t mid = parcel_encode(room, parcel, &request, &encoded);
    int r = client_call(client, 0, mid, &encoded, until, &reply);
    if (r == 0) {
        r = parcel_check(room, &reply, parcel);
        incoming_deinit(&reply);
    }
    pool_deinit(&request.pool);
    return r;
}

/* parcel_call() - for as long as it takes */
static inline int parcel_call(struct parcel_room *room, struct client *client,
                              const struct parcel *parcel)
{
    return parcel_call_until(room, client, parcel, NULL);
}

/* parcel_take() - what a request asks for. Return: 0; or what to answer. */
static inline nk_err_t parcel_take(struct parcel_room *room, struct incoming *request,
                                   struct parcel *ret_parcel)
{
    struct nk_arena arena = PARCEL_ARENA(room->in);
    actor_IEcho_Blob_req req = {0};
    nk_size_t size = 0;

    int r = incoming_decode(request, PARCEL_METHOD(actor_IEcho_Blob_mid)->req, &req, &arena);
    const nk_uint8_t *bytes = r == 0 ? nk_arena_get(nk_uint8_t, &arena, &req.data, &size) : NULL;
    if (bytes == NULL || size < PARCEL_BYTES_MIN) {
        return NK_EBADMSG;
    }
    memcpy(ret_parcel, bytes, sizeof(*ret_parcel));
    bool is_right = ret_parcel->bytes == size && ret_parcel->reply_bytes >= PARCEL_BYTES_MIN &&
                    ret_parcel->reply_bytes <= PARCEL_BYTES_MAX &&
                    parcel_is_in(bytes, size, ret_parcel, false);
    return is_right ? NK_EOK : NK_EBADMSG;
}

/*
 * parcel_answer() - answer a request, which is consumed; with NK_EBADMSG if it is no parcel
 *
 * Return: as request_reply().
 */
static inline int parcel_answer(struct parcel_room *room, struct request *request)
{
    nk_mid_t mid = request->incoming.frame.head.mid;
    struct nk_arena arena = PARCEL_ARENA(room->out);
    actor_IEcho_Die_res empty = {0};
    actor_IEcho_Blob_res res = {0};
    struct encoded encoded;
    struct parcel parcel;
    struct pool pool;
    int r;

    pool_init(&pool, SIZE_MAX);
    if (mid == actor_IEcho_Die_mid) {
        r = encode(PARCEL_METHOD(actor_IEcho_Die_mid)->res, &empty, NULL, &pool, &encoded);
    } else {
        r = mid == actor_IEcho_Blob_mid ? parcel_take(room, &request->incoming, &parcel)
                                        : NK_ENOENT;
        if (r == NK_EOK) {
            nk_uint8_t *bytes = nk_arena_alloc(nk_uint8_t, &arena, &res.result, parcel.reply_bytes);
            parcel_fill(bytes, parcel.reply_bytes, &parcel, true);
            r = encode(PARCEL_METHOD(actor_IEcho_Blob_mid)->res, &res, &arena, &pool, &encoded);
        }
    }
    r = r == 0 ? request_reply(request, &encoded, false) : request_fail(request, NK_EBADMSG);
    pool_deinit(&pool);
    return r;
}

/* parcel_serve() - what a thread of a server does: answer requests until the @listener is shut */
static inline void *parcel_serve(void *listener)
{
    struct parcel_room room;
    struct request *request;

    parcel_room_init(&room);
    while (listener_receive(listener, NULL, &request) == 0) {
        (void)parcel_answer(&room, request);
    }
    parcel_room_deinit(&room);
    return NULL;
}
