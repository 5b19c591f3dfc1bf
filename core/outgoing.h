/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frame on its way out: the sender packs the payload straight into the buffer that is sent.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/frame.h"

/*
 * @payload: room for the payload, to be filled before outgoing_send()
 * @memfd:   what @payload maps, if it is too large for a datagram; else -1
 * @token:   of a request that may be taken back, see token.h; borrowed; -1 for none
 */
struct outgoing {
    uint8_t *payload;
    size_t payload_bytes;
    int memfd;
    int token;
};

int outgoing_init(struct outgoing *outgoing, size_t payload_bytes);
void outgoing_deinit(struct outgoing *outgoing);
int outgoing_send(struct outgoing *outgoing, int socket, struct frame_head *head, int flags);
