/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of generated interfaces, encoded, packed and decoded again, with nothing in between. */
#pragma once

#include <stdbool.h>

#include "core/decode.h"
#include "core/encode.h"

/*
 * @interface: whose requests
 * @sent, @received: arenas, which start at @sent_bytes and @received_bytes
 * @frame:     what codec_send() made; its parts are in @payload
 */
struct codec {
    const struct capchan_interface *interface;
    struct nk_arena sent;
    struct nk_arena received;
    char *sent_bytes;
    char *received_bytes;
    uint8_t *payload;
    struct frame frame;
};

extern struct codec codec;

void codec_setup(const struct capchan_interface *interface);
void codec_teardown(void);
const struct capchan_record *codec_record(nk_mid_t mid);
int codec_send(nk_mid_t mid, const void *object);
int codec_receive(nk_mid_t mid, void *object);
bool codec_is_verbatim(void);
