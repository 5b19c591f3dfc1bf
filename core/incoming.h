/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A received frame: in memory that no peer can change any more, or still where one can, to be
 * decoded from there in a single pass, or else copied first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/frame.h"

struct capchan_record;
struct nk_arena;

#define INCOMING_SMALL_BYTES 256

/*
 * @frame:    the checked frame; its parts point into @datagram, @payload or @small, or nowhere
 * @shared:   its payload, where a peer may be changing it; NULL: @frame has it
 * @give_back: to be called in the end, with @lender and @slot, as the peer may use @shared again;
 *            NULL: nobody waits for it
 * @datagram: owned, from malloc
 * @payload:  owned, from buffer_alloc(), if it came in a memfd or is too large for @small
 * @small:    so that most messages need no malloc; an incoming stays where it was filled in
 */
struct incoming {
    struct frame frame;
    const uint8_t *shared;
    void (*give_back)(void *lender, unsigned slot);
    void *lender;
    unsigned slot;
    uint8_t *datagram;
    uint8_t *payload;
    uint8_t small[INCOMING_SMALL_BYTES];
};

void incoming_clear(struct incoming *incoming);
int incoming_init(struct incoming *incoming, uint8_t *datagram, size_t size, struct fd_list *fds);
int incoming_take(struct incoming *incoming, size_t payload_bytes, const uint8_t *payload);
int incoming_own(struct incoming *incoming);
int incoming_decode(struct incoming *incoming, const struct capchan_record *record, void *object,
                    struct nk_arena *arena);
void incoming_deinit(struct incoming *incoming);
