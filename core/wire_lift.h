/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Large values stay where they are: protobuf-c, which copies whatever it reads, is given a skeleton
 * of the body, and the decoder copies from the body itself what the skeleton refers to.
 *
 * A skeleton is the same message, but for strings and bytes of LIFT_BYTES and more: in their place
 * are references of exactly LIFT_BYTES. So a value of that length is a reference, and no other is.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/wire_scan.h"

#define LIFT_BYTES 12

bool wire_lift_pays(const struct wire_cost *cost, size_t size);
size_t wire_lift_room(const struct wire_cost *cost, size_t size);
size_t wire_lift(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size,
                 uint8_t *skeleton, size_t room);
bool wire_lift_find(const void *reference, const uint8_t *body, size_t size, const void **ret_bytes,
                    size_t *ret_size);
