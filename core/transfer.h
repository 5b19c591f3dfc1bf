/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles in messages, on both sides of a channel.
 *
 * The sender asks the broker to make them for the receiver, which labels each in the receiver's
 * control words; the message carries their numbers. The receiver takes what has a label for the
 * channel that the message came over, and tells the broker. So a number is of use to nobody but
 * whom it was made for, and what no message brings belongs to nobody.
 */
#pragma once

#include "core/encode.h"
#include "core/incoming.h"

int transfer_handles(Handle channel, const struct encoded *encoded);
void transfer_take_back(Handle channel, const struct encoded *encoded);
int transfer_take(struct incoming *incoming, Handle source, const struct capchan_record *record,
                  void *object, struct nk_arena *arena);
void transfer_drop(struct incoming *incoming, Handle source);

/* transfer_send() - transfer_handles(), if there are any */
static inline int transfer_send(Handle channel, const struct encoded *encoded)
{
    return encoded->head.n_handles == 0 ? 0 : transfer_handles(channel, encoded);
}

/* transfer_decode() - incoming_decode(), or transfer_take() if handles came along */
static inline int transfer_decode(struct incoming *incoming, Handle source,
                                  const struct capchan_record *record, void *object,
                                  struct nk_arena *arena)
{
    return incoming->frame.head.n_handles == 0
               ? incoming_decode(incoming, record, object, arena)
               : transfer_take(incoming, source, record, object, arena);
}
