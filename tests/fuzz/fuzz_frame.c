/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer can send on a channel: bytes 0 to 2 choose a method and how the rest is cut into
 * body, chunk descriptors, arena and handles, or that it is a whole datagram. What is accepted must
 * encode again, and decode to the same. What the scanner passes must be the same message as a
 * skeleton, and what is read without protobuf-c what that reads. There are no handles in a message
 * but those that came along, each once.
 */
#include <stdlib.h>
#include <string.h>

#include <capchan/stub.h>

#include "core/decode.h"
#include "core/encode.h"
#include "core/incoming.h"
#include "core/limits.h"
#include "core/record.h"
#include "core/wire_scan.h"
#include "tests/support/skeleton.h"

#define OBJECT_BYTES 4096
#define ARENA_BYTES (1u << 20)

extern const struct capchan_interface types_IAll_interface_stub_;
extern const struct capchan_interface types_IHandles_interface_stub_;

/* What the handles of a message turn out to be. */
static nk_handle_desc_t parcels[HANDLES_PER_MESSAGE_MAX];

static _Alignas(16) char object[OBJECT_BYTES];
static _Alignas(16) char again[OBJECT_BYTES];
static _Alignas(16) char arena_bytes[ARENA_BYTES];
static _Alignas(16) char arena_again_bytes[ARENA_BYTES];

/* check_handles() - they must be those that came with @frame */
static void check_handles(const struct frame *frame, const struct encoded *encoded)
{
    if (encoded->head.n_handles != frame->head.n_handles) {
        abort();
    }
    for (size_t i = 0; i < encoded->head.n_handles; i++) {
        if (encoded->handles[i].desc.handle != parcels[i].handle) {
            abort();
        }
        encoded->numbers[i] = parcels[i].handle;
    }
}

/* check_round_trip() - what was decoded into `object` must survive another trip unchanged */
static void check_round_trip(const struct capchan_record *record, const struct frame *received,
                             const struct nk_arena *arena)
{
    struct nk_arena arena_again =
        NK_ARENA_INITIALIZER(arena_again_bytes, arena_again_bytes + ARENA_BYTES);
    struct encoded encoded;
    struct frame frame;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    if (encode(record, object, arena, &pool, &encoded) != 0) {
        abort();
    }
    check_handles(received, &encoded);
    uint8_t *payload = malloc(frame_payload_bytes(&encoded.head) + 1);
    encoded_pack(&encoded, payload);
    frame_split(&encoded.head, payload, &frame);
    frame.parcels = parcels;
    size_t used = (size_t)((char *)arena->current - (char *)arena->start);
    if (decode(record, &frame, again, &arena_again) != 0 ||
        (char *)arena_again.current != arena_again_bytes + used ||
        memcmp(arena_bytes, arena_again_bytes, used) != 0 ||
        memcmp(object + sizeof(struct nk_message), again + sizeof(struct nk_message),
               record->size - sizeof(struct nk_message)) != 0) {
        abort();
    }
    free(payload);
    pool_deinit(&pool);
}

/* An unknown field, which is allowed and unusual. */
static const uint8_t unknown[] = {0xa0, 0x06, 0x01};

/* check_flat() - what is read in a single pass is what protobuf-c reads */
static void check_flat(const struct capchan_record *record, const struct frame *frame)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(arena_bytes, arena_bytes + ARENA_BYTES);
    struct nk_arena arena_again =
        NK_ARENA_INITIALIZER(arena_again_bytes, arena_again_bytes + ARENA_BYTES);
    size_t size = frame->head.body_bytes;

    memset(object, 0, sizeof(object));
    memset(again, 0, sizeof(again));
    if (!decode_flat(record, &frame->head, frame->body, again, &arena_again)) {
        return;
    }
    uint8_t *longer = malloc(size + sizeof(unknown));
    const struct frame unusual = {.head.body_bytes = (uint32_t)(size + sizeof(unknown)),
                                  .body = longer};
    memcpy(longer, frame->body, size);
    memcpy(longer + size, unknown, sizeof(unknown));
    size_t used = (size_t)((char *)arena_again.current - arena_again_bytes);
    if (decode(record, &unusual, object, &arena) != 0 ||
        memcmp(object, again, sizeof(object)) != 0 || (char *)arena.current != arena_bytes + used ||
        memcmp(arena_bytes, arena_again_bytes, used) != 0) {
        abort();
    }
    free(longer);
}

static void decode_frame(const struct capchan_record *record, const struct frame *frame)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(arena_bytes, arena_bytes + ARENA_BYTES);
    struct wire_cost cost;

    if (wire_scan(record->proto, frame->body, frame->head.body_bytes, &cost) == 0 &&
        !skeleton_is_faithful(record->proto, frame->body, frame->head.body_bytes)) {
        abort();
    }
    check_flat(record, frame);
    memset(object, 0, sizeof(object));
    memset(again, 0, sizeof(again));
    if (decode(record, frame, object, &arena) == 0) {
        check_round_trip(record, frame, &arena);
    }
}

/* decode_datagram() - the bytes are a frame, header and all */
static void decode_datagram(const struct capchan_record *record, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    struct fd_list none = {0};
    struct incoming incoming;

    memcpy(copy, bytes, size);
    if (incoming_init(&incoming, copy, size, &none) == 0 &&
        (incoming.frame.head.flags & FRAME_STATUS) == 0) {
        incoming.frame.parcels = parcels;
        decode_frame(record, &incoming.frame);
    }
    incoming_deinit(&incoming);
}

/* choose_record() - requests of both interfaces */
static const struct capchan_record *choose_record(unsigned number)
{
    const struct capchan_interface *all = &types_IAll_interface_stub_;
    const struct capchan_interface *handles = &types_IHandles_interface_stub_;

    number %= all->n_methods + handles->n_methods;
    return number < all->n_methods ? all->methods[number].req
                                   : handles->methods[number - all->n_methods].req;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 4) {
        return 0;
    }
    for (size_t i = 0; i < HANDLES_PER_MESSAGE_MAX; i++) {
        parcels[i] = (nk_handle_desc_t){.handle = (Handle)(i + 1), .rights = (nk_rights_t)i};
    }
    const struct capchan_record *record = choose_record(bytes[0]);
    size_t arena = bytes[1] == 0 ? 0 : bytes[1] - 1u;
    bool whole = bytes[1] == UINT8_MAX;

    /* those that are always there, and some for what unions may hold */
    memset(object, 0, sizeof(object));
    size_t n_pointers = bytes[1] == 0 ? 0 : record_count_chunks(record, object) + bytes[2] % 4;
    size_t n_handles = bytes[2] / 4;
    size_t tail = arena + n_pointers * sizeof(nk_ptr_t) + n_handles * sizeof(Handle);

    bytes += 3;
    size -= 3;
    if (whole) {
        decode_datagram(record, bytes, size);
    } else if (tail <= size) {
        const struct frame_head head = {.body_bytes = (uint32_t)(size - tail),
                                        .n_pointers = (uint32_t)n_pointers,
                                        .n_handles = (uint16_t)n_handles,
                                        .arena_bytes = (uint32_t)arena};
        uint8_t *copy = malloc(size + 1);
        struct frame frame;
        memcpy(copy, bytes, size);
        frame_split(&head, copy, &frame);
        frame.parcels = parcels;
        decode_frame(record, &frame);
        free(copy);
    }
    return 0;
}
