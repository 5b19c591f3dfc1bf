/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From protobuf to the published C structures; see encode.h.
 */
#pragma once

#include <capchan/stub.h>
#include <stdbool.h>

#include "core/frame.h"

bool decode_flat(const struct capchan_record *record, const struct frame_head *head,
                 const uint8_t *body, void *object, struct nk_arena *arena);
int decode(const struct capchan_record *record, const struct frame *frame, void *object,
           struct nk_arena *arena);
