/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate before protobuf-c: it recurses without limit and takes many times the memory of what it
 * reads, so no byte from a peer reaches it before this scanner has passed it.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/* From here on a value is large: to copy it takes longer than to find a way around that. */
#define WIRE_LARGE_BYTES 2048

/*
 * What unpacking a scanned body takes.
 * @bytes:       memory, in all, as handed out by a pool
 * @elements:    values of repeated fields that stand by themselves, not packed
 * @n_large:     large values, strings or bytes, of known fields
 * @large_bytes: in all of those
 */
struct wire_cost {
    size_t bytes;
    size_t elements;
    size_t n_large;
    size_t large_bytes;
};

int wire_scan(const ProtobufCMessageDescriptor *type, const void *body, size_t size,
              struct wire_cost *ret_cost);
