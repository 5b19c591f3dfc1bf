/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pool.h"

#include "core/buffer.h"

#define POOL_BLOCK_BYTES ((size_t)16 << 10)

struct pool_block {
    struct pool_block *next;
    size_t size;
    size_t used;
    _Alignas(16) char bytes[];
};

/* pool_allow() - let @pool hand out @bytes more */
void pool_allow(struct pool *pool, size_t bytes)
{
    pool->left += (bytes + 15) & ~(size_t)15;
}

/* pool_free_blocks() - but for the first one */
void pool_free_blocks(struct pool *pool)
{
    while (pool->blocks != NULL) {
        struct pool_block *next = pool->blocks->next;
        buffer_free(pool->blocks);
        pool->blocks = next;
    }
}

/* pool_grow() - put a block with room for @size bytes in front */
static struct pool_block *pool_grow(struct pool *pool, size_t size)
{
    size_t block_size = size > POOL_BLOCK_BYTES ? size : POOL_BLOCK_BYTES;
    struct pool_block *block = buffer_alloc(sizeof(*block) + block_size);

    if (block != NULL) {
        block->next = pool->blocks;
        block->size = block_size;
        block->used = 0;
        pool->blocks = block;
    }
    return block;
}

/* pool_alloc() - @size bytes, aligned to 16. Return: NULL when the cap is reached or memory is
 * short. */
void *pool_alloc(struct pool *pool, size_t size)
{
    if (size > SIZE_MAX - 15) {
        return NULL;
    }
    size = (size + 15) & ~(size_t)15;
    if (size > pool->left) {
        return NULL;
    }
    pool->left -= size;
    if (size <= sizeof(pool->first) - pool->first_used) {
        pool->first_used += size;
        return pool->first + pool->first_used - size;
    }
    struct pool_block *block = pool->blocks;
    if (block == NULL || block->size - block->used < size) {
        block = pool_grow(pool, size);
        if (block == NULL) {
            return NULL;
        }
    }
    block->used += size;
    return block->bytes + block->used - size;
}

static void *pool_allocator_alloc(void *data, size_t size)
{
    return pool_alloc(data, size);
}

/* Single pieces are never given back; protobuf-c calls this all the same. */
static void pool_allocator_free(void *data, void *piece)
{
    (void)data;
    (void)piece;
}

/* pool_unpack() - protobuf_c_message_unpack(), into @pool. Return: NULL, too, when that is used up.
 */
ProtobufCMessage *pool_unpack(struct pool *pool, const ProtobufCMessageDescriptor *type,
                              size_t size, const uint8_t *bytes)
{
    ProtobufCAllocator allocator = {
        .alloc = pool_allocator_alloc, .free = pool_allocator_free, .allocator_data = pool};

    return protobuf_c_message_unpack(type, &allocator, size, bytes);
}
