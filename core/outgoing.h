/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frame on its way out: in a datagram, or the payload in a memfd behind it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/encode.h"
#include "core/frame.h"

/*
 * @payload: room for the payload, to be filled before outgoing_seal()
 * @memfd:   its final copy, from then on, if it is too large for a datagram; else -1
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
int outgoing_seal(struct outgoing *outgoing);
int outgoing_pack(struct outgoing *outgoing, const struct encoded *encoded);
int outgoing_send(struct outgoing *outgoing, int socket, struct frame_head *head, int flags);
