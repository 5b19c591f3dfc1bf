/* SPDX-License-Identifier: Apache-2.0 */
/**
 * nk/arena.h - arenas: where the variable-size parts of one message lie
 *
 * An arena is a buffer of the caller's in which chunks are allocated one behind the other; a chunk
 * is named by an nk_ptr_t, an offset from the start of the arena and a size. One arena serves one
 * direction of one message at a time. Only the used part is ever read or sent, and memory behind it
 * is never touched, so an arena with no buffer (all members NULL) is a valid arena without room.
 *
 * Threads: an arena belongs to one thread at a time. Nothing here blocks or allocates memory.
 * Source of the semantics: KasperskyOS CE 1.1 to 1.4.
 */
#ifndef NK_ARENA_H_
#define NK_ARENA_H_

#include <nk/errno.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct nk_arena - a buffer and how much of it is in use
 * @start:   first byte of the buffer; borrowed for as long as the arena is in use
 * @current: first byte that is not in use
 * @end:     first byte behind the buffer
 */
typedef struct nk_arena {
    void *start;
    void *current;
    void *end;
} nk_arena;

/** NK_ARENA_INITIALIZER() - initialiser of an empty arena over the bytes from @begin_ to before
 * @end_ */
#define NK_ARENA_INITIALIZER(begin_, end_)                                                         \
    {                                                                                              \
        (void *)(begin_), (void *)(begin_), (void *)(end_)                                         \
    }

/**
 * nk_arena_init() - make an empty arena over a buffer
 * @arena: the arena to set up
 * @begin: first byte of the buffer; borrowed
 * @end:   first byte behind the buffer
 */
static inline void nk_arena_init(struct nk_arena *arena, void *begin, void *end)
{
    arena->start = begin;
    arena->current = begin;
    arena->end = end;
}

/** nk_arena_reset() - forget every chunk of @arena; the buffer itself is not touched */
static inline void nk_arena_reset(struct nk_arena *arena)
{
    arena->current = arena->start;
}

/**
 * nk_arena_alloc_() - what nk_arena_alloc() calls
 * @element_size:  bytes of one element, not 0
 * @element_align: alignment of one element, a power of two
 */
void *nk_arena_alloc_(struct nk_arena *arena, nk_ptr_t *chunk, size_t element_size,
                      size_t element_align, size_t count);

/** nk_arena_get_() - what nk_arena_get() calls */
void *nk_arena_get_(const struct nk_arena *arena, const nk_ptr_t *chunk, size_t element_size,
                    size_t *count);

/** nk_arena_store_() - what nk_arena_store() calls */
nk_err_t nk_arena_store_(struct nk_arena *arena, nk_ptr_t *chunk, size_t element_size,
                         size_t element_align, const void *source, size_t count);

/**
 * nk_arena_alloc() - allocate a chunk of @count elements of @type, filled with zeros
 * @type:  type of the elements
 * @arena: struct nk_arena *
 * @chunk: nk_ptr_t *, set to the chunk
 * @count: number of elements
 *
 * The chunk starts at a multiple of the type's alignment, counted from the start of the arena.
 * Return: a pointer to the first element, of type @type *, good until the arena is reset;
 * NULL when @arena is NULL or has no room, and then *@chunk is the empty chunk.
 */
#define nk_arena_alloc(type, arena, chunk, count)                                                  \
    ((type *)nk_arena_alloc_((arena), (chunk), sizeof(type), nk_alignof_(type), (size_t)(count)))

/**
 * nk_arena_store() - allocate a chunk and copy @count elements of @type from @source into it
 *
 * What @source points to need not be declared as @type: text is stored as octets, too.
 *
 * Return: NK_EOK; NK_ENOMEM: no room in @arena.
 */
#define nk_arena_store(type, arena, chunk, source, count)                                          \
    nk_arena_store_((arena), (chunk), sizeof(type), nk_alignof_(type), (source), (size_t)(count))

/**
 * nk_arena_get() - find the elements of a chunk
 * @type:  type of the elements; need not be the type that the chunk was allocated with
 * @arena: const struct nk_arena *; must hold the chunk
 * @chunk: const nk_ptr_t *
 * @count: pointer to any integer type, set to the number of whole elements; 0 on failure
 *
 * Return: a pointer to the first element, of type @type *; NULL when the chunk is empty, reaches
 * beyond the used part of the arena, or @arena is NULL.
 */
#define nk_arena_get(type, arena, chunk, count)                                                    \
    (__extension__({                                                                               \
        size_t nk_count_;                                                                          \
        type *nk_elements_ = (type *)nk_arena_get_((arena), (chunk), sizeof(type), &nk_count_);    \
        *(count) = (__typeof__(*(count)))nk_count_;                                                \
        nk_elements_;                                                                              \
    }))

#ifdef __cplusplus
}
#endif

#endif
