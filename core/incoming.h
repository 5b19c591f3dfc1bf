/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A received frame, in memory that no peer can change any more.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/frame.h"

#define INCOMING_SMALL_BYTES 256

/*
 * @frame:    the checked frame; its parts point into @datagram, @payload or @small
 * @datagram: owned, from malloc
 * @payload:  owned, from buffer_alloc(), if it came in a memfd or is too large for @small
 * @small:    so that most messages need no malloc; an incoming stays where it was filled in
 */
struct incoming {
    struct frame frame;
    uint8_t *datagram;
    uint8_t *payload;
    uint8_t small[INCOMING_SMALL_BYTES];
};

int incoming_init(struct incoming *incoming, uint8_t *datagram, size_t size, struct fd_list *fds);
int incoming_copy(struct incoming *incoming, const struct frame_head *head,
                  const uint8_t line[SHARED_INLINE_BYTES], const uint8_t *payload);
void incoming_deinit(struct incoming *incoming);
