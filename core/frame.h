/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fixed header before every message of a channel, and the layout of what follows it:
 *
 *     frame_head | protobuf body | n_pointers x nk_ptr_t | arena bytes | n_handles x Handle
 *
 * Pointers and arena are there only when the receiver could not rebuild the sender's arena from the
 * body; see encode.h. The handles are the receiver's, as the broker numbered them for it; see
 * transfer.h. What exceeds MESSAGE_INLINE_BYTES_MAX travels in a sealed memfd instead, behind the
 * same header.
 */
#pragma once

#include <handle/handletype.h>
#include <nk/types.h>
#include <stddef.h>
#include <stdint.h>

/* A payload of up to this size has room beside its header in a cache line of shared memory. */
#define SHARED_INLINE_BYTES 36

#define FRAME_MAGIC                                                                                \
    UINT32_C(0x31434343) /* "CCC1" in memory; a foreign byte order does not match                  \
                          */

enum frame_flags {
    FRAME_REPLY = 0x1,      /* from server to client */
    FRAME_ERROR = 0x2,      /* the body is the method's error response */
    FRAME_STATUS = 0x4,     /* no body: the call failed with `status` */
    FRAME_MEMFD = 0x8,      /* the payload is in the descriptor that comes along */
    FRAME_OFFER = 0x10,     /* no payload: memory to share comes along; in the reply, its bell */
    FRAME_ELSEWHERE = 0x20, /* only in shared memory: the reply takes the socket */
    FRAME_BULK = 0x40,      /* only in shared memory: large payloads of this call lie in its bulk */
    FRAME_CLAIM = 0x80, /* its client may take the request back: who serves it claims it first */
    FRAME_FLAGS_ALL = 0xff,
};

struct frame_head {
    uint32_t magic;
    uint32_t call; /* chosen by the client, repeated in the reply */
    uint16_t riid;
    uint16_t mid;
    uint16_t flags;
    uint16_t n_handles;
    int32_t status;
    uint32_t body_bytes;
    uint32_t n_pointers;
    uint32_t arena_bytes;
};

_Static_assert(sizeof(struct frame_head) == 32, "the header is part of the wire format");

/* frame_payload_bytes() - what follows the header; exact, since 64 bits hold any sum of the fields
 */
static inline size_t frame_payload_bytes(const struct frame_head *head)
{
    return (size_t)head->body_bytes + (size_t)head->n_pointers * sizeof(nk_ptr_t) +
           (size_t)head->arena_bytes + (size_t)head->n_handles * sizeof(Handle);
}

/*
 * A received frame, checked; the payload's parts are borrowed from wherever it was received to.
 * @parcels: what the handles turned out to be, as many as there are; NULL: none may be taken
 */
struct frame {
    struct frame_head head;
    const uint8_t *body;
    const uint8_t *pointers;
    const uint8_t *arena;
    const uint8_t *handles;
    const nk_handle_desc_t *parcels;
};

int frame_check_head(const struct frame_head *head, size_t payload_bytes);
int frame_parse_head(const void *bytes, size_t size, int n_fds, struct frame_head *ret_head);
void frame_split(const struct frame_head *head, const uint8_t *payload, struct frame *ret_frame);
