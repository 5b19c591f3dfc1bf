/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate before protobuf-c: it recurses without limit and takes many times the memory of what it
 * reads, so no byte from a peer reaches it before this scanner has passed it.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/*
 * What unpacking a scanned body takes.
 * @bytes:    memory, in all, as handed out by a pool
 * @elements: values of repeated fields that stand by themselves, not packed
 */
struct wire_cost {
    size_t bytes;
    size_t elements;
};

int wire_scan(const ProtobufCMessageDescriptor *type, const void *body, size_t size,
              struct wire_cost *ret_cost);
