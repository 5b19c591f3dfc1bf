/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/codec.h"

#include <stdlib.h>

#define ARENA_BYTES (4u << 20)

static char sent_bytes[ARENA_BYTES] __attribute__((aligned(16)));
static char received_bytes[ARENA_BYTES] __attribute__((aligned(16)));

struct codec codec;

void codec_setup(const struct capchan_interface *interface)
{
    codec = (struct codec){
        .interface = interface, .sent_bytes = sent_bytes, .received_bytes = received_bytes};
    nk_arena_init(&codec.sent, sent_bytes, sent_bytes + ARENA_BYTES);
    nk_arena_init(&codec.received, received_bytes, received_bytes + ARENA_BYTES);
}

void codec_teardown(void)
{
    free(codec.payload);
}

const struct capchan_record *codec_record(nk_mid_t mid)
{
    return codec.interface->methods[mid].req;
}

/* codec_send() - encode and pack a request into codec.frame. Return: as encode(). */
int codec_send(nk_mid_t mid, const void *object)
{
    struct encoded encoded;
    struct pool pool;

    pool_init(&pool, SIZE_MAX);
    int r = encode(codec_record(mid), object, &codec.sent, &pool, &encoded);
    if (r == 0) {
        free(codec.payload);
        codec.payload = malloc(frame_payload_bytes(&encoded.head) + 1);
        encoded_pack(&encoded, codec.payload);
        frame_split(&encoded.head, codec.payload, &codec.frame);
    }
    pool_deinit(&pool);
    return r;
}

/* codec_receive() - decode codec.frame. Return: as decode(). */
int codec_receive(nk_mid_t mid, void *object)
{
    return decode(codec_record(mid), &codec.frame, object, &codec.received);
}

/* codec_is_verbatim() - whether codec.frame carries the sender's arena as it is */
bool codec_is_verbatim(void)
{
    return codec.frame.head.n_pointers > 0 || codec.frame.head.arena_bytes > 0;
}
