/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the published C structures to protobuf.
 *
 * Arenas are opaque: programs put chunks behind typed ones, share them, order them as they like,
 * and rely on offsets. The *canonical* arena of a message is what decode.c builds from its body
 * alone. Where the sender's arena differs from it in any way, the frame carries the arena and the
 * top-level chunk descriptors as they are. An arena with handles in it cannot be sent like that, as
 * they have other numbers on the other side.
 */
#pragma once

#include <capchan/stub.h>
#include <protobuf-c/protobuf-c.h>

#include "core/few.h"
#include "core/frame.h"
#include "core/pool.h"
#include "core/wire_flat.h"

/* A handle that a message carries; @interface: that it has to lead to, NULL: any or none */
struct encoded_handle {
    nk_handle_desc_t desc;
    const char *interface;
};

/*
 * An encoded message, ready to be packed; borrows from the sender's object and arena and from the
 * pool.
 * @head:    sizes filled in, everything else 0
 * @handles: head.n_handles of them
 * @numbers: what the receiver knows them by, to be filled in before encoded_pack(); as many
 * @has_handles_in_arena: some of them, or what looks like one that came back, are not in the object
 * itself
 * @message: NULL: @flat is the body, and all that there is
 */
struct encoded {
    struct frame_head head;
    struct encoded_handle *handles;
    Handle *numbers;
    bool has_handles_in_arena;
    const ProtobufCMessage *message;
    const void *object;
    const struct capchan_record *record;
    const void *arena;
    struct wire_flat flat;
};

int encode(const struct capchan_record *record, const void *object, const struct nk_arena *arena,
           struct pool *pool, struct encoded *ret_encoded);
void encoded_pack_all(const struct encoded *encoded, uint8_t *payload);

/* encoded_pack() - write the payload, frame_payload_bytes() of it, to where it is sent from */
static inline void encoded_pack(const struct encoded *encoded, uint8_t *payload)
{
    if (encoded->message == NULL && encoded->flat.n_chunks == 0) {
        copy_few(payload, encoded->flat.bytes, encoded->flat.n_bytes);
    } else {
        encoded_pack_all(encoded, payload);
    }
}

/* decode.c walks the same structures */
size_t protobuf_slot_size(const ProtobufCFieldDescriptor *field);
