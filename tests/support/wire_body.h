/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies put together field by field, as no encoder would; the caller sees to it that there is
 * room.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BODY_BYTES (2u << 20)

struct body {
    uint8_t bytes[BODY_BYTES];
    size_t size;
};

void body_add_varint(struct body *to, uint64_t value, size_t width);
void body_add_wide(struct body *to, unsigned field, const void *bytes, size_t size, size_t width);
void body_add(struct body *to, unsigned field, const void *bytes, size_t size);
void body_add_filled(struct body *to, unsigned field, char character, size_t size);
