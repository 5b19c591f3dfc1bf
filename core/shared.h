/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that the two ends of a channel share, and who may write what in it.
 *
 * The client makes it and offers it over the channel's socket with its first call. The server maps
 * it, forbids all further writable mappings and punching of holes (F_SEAL_FUTURE_WRITE), and
 * answers with an eventfd, its doorbell. Until then, and for whatever does not fit, calls take the
 * socket.
 *
 * Neither end trusts the other: a line is copied once and judged by the copy, a body is copied out
 * before anything looks at it, and what the owner of a word keeps for itself is never read back.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/frame.h"
#include "core/limits.h"
#include "core/link.h"

#define SHARED_SLOTS 8
#define SHARED_SLOT_BYTES 8192
#define SHARED_BULK_BYTES MESSAGE_BYTES_MAX
#define CACHE_LINE_BYTES 64

/*
 * A request or a reply: the sequence number that publishes it (stored with release after all else,
 * loaded with acquire before all else), a frame's head without what a slot makes superfluous, and a
 * small payload. A larger one lies in the slot's payload.
 */
struct shared_line {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t sequence;
    uint16_t riid;
    uint16_t mid;
    uint16_t flags;
    uint16_t n_handles;
    int32_t status;
    uint32_t body_bytes;
    uint32_t n_pointers;
    uint32_t arena_bytes;
    uint8_t bytes[SHARED_INLINE_BYTES];
};

/* What a server advises a client with a reply. */
enum shared_advice {
    SHARED_ADVICE_NONE,
    SHARED_ADVICE_PART,  /* not to be on the server's CPU: it has none to spare */
    SHARED_ADVICE_SLEEP, /* for a moment as well, so that others of its own CPU can call */
};

/*
 * What an end says about its thread that uses the slot: hints, which may be lies.
 * @asleep: wake me when you publish
 * @advice: only of the server's side: an enum shared_advice
 * @claim:  only of the client's side, and only if the request has FRAME_CLAIM: its sequence number,
 *          until one of both ends changes it to say that the request is its own. A slot is not used
 *          again before the server has replied, even to what was taken back.
 */
struct shared_side {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t asleep;
    _Atomic uint32_t cpu;
    _Atomic uint32_t claim;
    _Atomic uint32_t advice;
};

/* What a claim says in the end; no sequence number has this bit. */
#define SHARED_CLAIM_SERVED (UINT32_C(1) << 31)
#define SHARED_CLAIM_WITHDRAWN (SHARED_CLAIM_SERVED | 1)

/* One call at a time; the request's payload is copied out before the reply's is written. What one
 * end writes comes first and then what the other one does, as processors like to fetch cache lines
 * in pairs. */
struct shared_slot {
    struct shared_line request; /* written by the client */
    struct shared_side client;
    struct shared_line reply; /* written by the server */
    struct shared_side server;
    uint8_t payload[SHARED_SLOT_BYTES - 4 * CACHE_LINE_BYTES];
};

/*
 * Sequence numbers have 31 bits. With this one added to the number of the last reply, whoever waits
 * for the next one finds that there will be none.
 */
#define SHARED_OVER (UINT32_C(1) << 31)

/* What a client has to do when it has published something. */
enum shared_bell {
    SHARED_BELL_NONE, /* nothing, the server looks by itself */
    SHARED_BELL_RING, /* the server is in epoll: write to its eventfd */
    SHARED_BELL_WAKE, /* the server waits for the word itself to change: wake it */
};

/*
 * A small call in the first slot passes one page: what is at the start, and the slot's lines.
 *
 * @bell:   an enum shared_bell (server sets, client clears before it acts)
 * @others: changes with every request in a slot but the first (client)
 * @mail:   changes with every message over the socket (client)
 * @closed: there will be no more replies (server)
 * @bulk:   payloads that are too large for a slot, of one call at a time; it takes memory as far as
 *          it was ever used
 */
struct shared {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t bell;
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t others;
    _Atomic uint32_t mail;
    _Alignas(CACHE_LINE_BYTES) _Atomic uint32_t closed;
    _Alignas(4 * CACHE_LINE_BYTES) struct shared_slot slots[SHARED_SLOTS];
    _Alignas(4096) uint8_t bulk[SHARED_BULK_BYTES];
};

#define SHARED_PAYLOAD_BYTES sizeof(((struct shared_slot *)NULL)->payload)

/* What the client adds before it offers the memory, and all that there are in the end. */
#define SHARED_SEALS_FIRST (F_SEAL_SHRINK | F_SEAL_GROW)
#define SHARED_SEALS (SHARED_SEALS_FIRST | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* The parts that every process touches at once. The slots behind the first one are backed when they
 * are used: as many bytes, each SHARED_SLOT_BYTES further on. */
#define SHARED_FIRST_BYTES offsetof(struct shared, slots[1])

_Static_assert(sizeof(struct shared_line) == CACHE_LINE_BYTES, "a line is a cache line");
_Static_assert(sizeof(struct shared_slot) == SHARED_SLOT_BYTES, "slots are whole pages apart");
_Static_assert(offsetof(struct shared, slots[0].payload) <= 4096, "a small call passes one page");
_Static_assert(offsetof(struct shared_slot, reply) % (2 * CACHE_LINE_BYTES) == 0,
               "no pair of lines has two writers");

/* Numbers of messages that take the socket: the offer and its answer, and a reply that did not fit
 * into its slot. */
#define SHARED_OFFER_NUMBER (LINK_KEPT | SHARED_SLOTS)
static inline uint32_t shared_elsewhere(uint32_t sequence, unsigned slot)
{
    return LINK_KEPT | (sequence * LINK_KEPT_MAX & ~LINK_KEPT) | slot;
}

/* shared_say_cpu() - where this side runs. It seldom changes, and what is not written stays in both
 * ends' caches. */
static inline void shared_say_cpu(struct shared_side *side, uint32_t cpu)
{
    if (atomic_load_explicit(&side->cpu, memory_order_relaxed) != cpu) {
        atomic_store_explicit(&side->cpu, cpu, memory_order_relaxed);
    }
}

/* shared_advise() - likewise */
static inline void shared_advise(struct shared_side *side, uint32_t advice)
{
    if (atomic_load_explicit(&side->advice, memory_order_relaxed) != advice) {
        atomic_store_explicit(&side->advice, advice, memory_order_relaxed);
    }
}

/* shared_claim() - have a request, as the server or as the client that takes it back. Return:
 * false: the other end was faster. */
static inline bool shared_claim(struct shared_side *client, uint32_t sequence, uint32_t outcome)
{
    return atomic_compare_exchange_strong_explicit(&client->claim, &sequence, outcome,
                                                   memory_order_acq_rel, memory_order_relaxed);
}

/* What a line has of a frame's head: the end of it, after the number of the call. */
#define SHARED_HEAD_START offsetof(struct frame_head, riid)
#define SHARED_HEAD_BYTES (sizeof(struct frame_head) - SHARED_HEAD_START)
_Static_assert(offsetof(struct shared_line, riid) == sizeof(uint32_t) &&
                   offsetof(struct shared_line, bytes) == sizeof(uint32_t) + SHARED_HEAD_BYTES,
               "a line has the end of a head as it is");

/* shared_line_write() - fill in everything but the sequence number and the small payload */
static inline void shared_line_write(struct shared_line *line, const struct frame_head *head)
{
    memcpy((char *)line + sizeof(uint32_t), (const char *)head + SHARED_HEAD_START,
           SHARED_HEAD_BYTES);
}

/* shared_payload() - where a call's payload of @bytes lies: @in_line, if it is small enough to go
 * with the line; NULL: nowhere */
static inline uint8_t *shared_payload(struct shared *memory, unsigned slot, size_t bytes,
                                      bool has_bulk, uint8_t *in_line)
{
    if (bytes <= SHARED_INLINE_BYTES) {
        return in_line;
    }
    if (bytes <= SHARED_PAYLOAD_BYTES) {
        return memory->slots[slot].payload;
    }
    return has_bulk && bytes <= SHARED_BULK_BYTES ? memory->bulk : NULL;
}

bool shared_back(uint8_t *bulk, _Atomic size_t *backed, size_t bytes);
uint32_t shared_line_read(const struct shared_line *line, struct frame_head *ret_head,
                          uint8_t ret_bytes[SHARED_INLINE_BYTES]);
