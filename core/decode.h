/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From protobuf to the published C structures; see encode.h.
 */
#pragma once

#include <capchan/stub.h>

#include "core/frame.h"

int decode(const struct capchan_record *record, const struct frame *frame, void *object,
           struct nk_arena *arena);
