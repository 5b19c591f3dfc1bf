/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for one message: allocated piece by piece, capped, and given back as a whole.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct pool_block;

/* The first block lies in the pool itself, so that small messages need no malloc. */
struct pool {
    struct pool_block *blocks;
    size_t left; /* how much the pool may still hand out */
    size_t first_used;
    _Alignas(16) char first[2048];
};

/* pool_init() - an empty pool that hands out @bytes_max bytes at most */
static inline void pool_init(struct pool *pool, size_t bytes_max)
{
    pool->blocks = NULL;
    pool->left = bytes_max;
    pool->first_used = 0;
}

void pool_allow(struct pool *pool, size_t bytes);
void pool_free_blocks(struct pool *pool);
void *pool_alloc(struct pool *pool, size_t size);
ProtobufCMessage *pool_unpack(struct pool *pool, const ProtobufCMessageDescriptor *type,
                              size_t size, const uint8_t *bytes);

/* pool_deinit() - give everything back */
static inline void pool_deinit(struct pool *pool)
{
    if (pool->blocks != NULL) {
        pool_free_blocks(pool);
    }
}
