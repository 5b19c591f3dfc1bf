/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a skeleton, references followed, is still the message that it was made from.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool skeleton_is_faithful(const ProtobufCMessageDescriptor *type, const uint8_t *body, size_t size);
