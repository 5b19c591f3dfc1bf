/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A received frame, in memory that no peer can change any more.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/frame.h"

/*
 * @frame:    the checked frame; its parts point into @datagram or @payload
 * @datagram: owned, from malloc
 * @payload:  owned, from malloc, if it came in a memfd
 */
struct incoming {
    struct frame frame;
    uint8_t *datagram;
    uint8_t *payload;
};

int incoming_init(struct incoming *incoming, uint8_t *datagram, size_t size, struct fd_list *fds);
void incoming_deinit(struct incoming *incoming);
