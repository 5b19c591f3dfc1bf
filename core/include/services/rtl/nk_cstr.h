/* SPDX-License-Identifier: Apache-2.0 */
/**
 * services/rtl/nk_cstr.h - strings in arenas
 *
 * Source of the semantics: KasperskyOS CE 1.1.
 */
#ifndef SERVICES_RTL_NK_CSTR_H_
#define SERVICES_RTL_NK_CSTR_H_

#include <nk/arena.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * RtlArenaGetCStr() - find a string in an arena
 * @arena:  borrowed
 * @chunk:  of a message that came with @arena; borrowed
 * @string: set on success: good until @arena is reset
 *
 * Context: any thread; does not block.
 * Return:  rcOk; rcInvalidArgument: the chunk is empty, reaches beyond the used part of @arena, or
 * does not end with a NUL.
 */
static inline Retcode RtlArenaGetCStr(const struct nk_arena *arena, const nk_ptr_t *chunk,
                                      const nk_char_t **string)
{
    size_t size = 0;
    const nk_char_t *text = (const nk_char_t *)nk_arena_get_(arena, chunk, 1, &size);

    if (text == NK_NULL || text[size - 1] != '\0') {
        return rcInvalidArgument;
    }
    *string = text;
    return rcOk;
}

#ifdef __cplusplus
}
#endif

#endif
