/* SPDX-License-Identifier: Apache-2.0 */
#include <nk/arena.h>

#include <stdint.h>

#include "tests/support/check_main.h"

static char buffer[64] __attribute__((aligned(16)));
static struct nk_arena global_arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));

START_TEST(a_chunk_is_zeroed_aligned_and_found_again)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    nk_ptr_t byte;
    nk_ptr_t words;
    nk_uint32_t n32;
    uint64_t n64;

    memset(buffer, 0x55, sizeof(buffer));
    ck_assert_ptr_eq(nk_arena_alloc(nk_uint8_t, &arena, &byte, 1), buffer);
    nk_uint64_t *allocated = nk_arena_alloc(nk_uint64_t, &arena, &words, 2);
    ck_assert_uint_eq(words.offset, 8);
    ck_assert_uint_eq(words.size, 16);
    ck_assert_uint_eq(allocated[0], 0);
    ck_assert_ptr_eq(nk_arena_get(nk_uint64_t, &arena, &words, &n32), allocated);
    ck_assert_uint_eq(n32, 2);
    ck_assert_ptr_eq(nk_arena_get(nk_uint8_t, &arena, &words, &n64), allocated);
    ck_assert_uint_eq(n64, 16);
}
END_TEST

START_TEST(the_last_byte_can_be_allocated_and_not_one_more)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    nk_ptr_t chunk;

    ck_assert_ptr_null(nk_arena_alloc(nk_uint8_t, &arena, &chunk, sizeof(buffer) + 1));
    ck_assert_uint_eq(chunk.size, 0);
    ck_assert_ptr_nonnull(nk_arena_alloc(nk_uint8_t, &arena, &chunk, sizeof(buffer)));
    ck_assert_ptr_null(nk_arena_alloc(nk_uint8_t, &arena, &chunk, 1));
    nk_arena_reset(&arena);
    ck_assert_ptr_nonnull(nk_arena_alloc(nk_uint8_t, &arena, &chunk, 1));
}
END_TEST

START_TEST(a_count_that_overflows_is_refused)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    nk_ptr_t chunk;

    ck_assert_ptr_null(nk_arena_alloc(nk_uint64_t, &arena, &chunk, SIZE_MAX / 4));
    ck_assert_ptr_null(nk_arena_alloc(nk_uint64_t, &arena, &chunk, SIZE_MAX));
    ck_assert_ptr_eq(arena.current, arena.start);
}
END_TEST

START_TEST(chunks_outside_the_used_part_are_not_found)
{
    struct nk_arena arena = NK_ARENA_INITIALIZER(buffer, buffer + sizeof(buffer));
    nk_ptr_t chunk;
    nk_size_t count = 7;

    ck_assert_ptr_nonnull(nk_arena_alloc(nk_uint8_t, &arena, &chunk, 8));
    const nk_ptr_t bad[] = {{0, 0}, {0, 9}, {8, 1}, {1, 8}, {UINT32_MAX, 8}, {4, UINT32_MAX}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_ptr_null(nk_arena_get(nk_uint8_t, &arena, &bad[i], &count));
        ck_assert_uint_eq(count, 0);
    }
    ck_assert_ptr_null(nk_arena_get(nk_uint8_t, (const nk_arena *)NULL, &chunk, &count));
}
END_TEST

START_TEST(an_arena_without_a_buffer_has_no_room)
{
    struct nk_arena zero = {0};
    nk_ptr_t chunk;

    ck_assert_ptr_null(nk_arena_alloc(nk_uint8_t, &zero, &chunk, 1));
    ck_assert_ptr_null(nk_arena_alloc(nk_uint8_t, (nk_arena *)NULL, &chunk, 1));
    ck_assert_int_eq(nk_arena_store(nk_uint8_t, &zero, &chunk, (const nk_uint8_t *)"x", 1),
                     NK_ENOMEM);
}
END_TEST

START_TEST(a_bogus_end_is_believed_but_memory_behind_the_chunk_is_not_touched)
{
    char memory[32];
    struct nk_arena arena = NK_ARENA_INITIALIZER(memory, memory + 16);
    nk_ptr_t chunk;

    arena.end = (void *)((uintptr_t)arena.end + (1 << 20));
    memset(memory, 0x55, sizeof(memory));
    ck_assert_ptr_nonnull(nk_arena_alloc(nk_uint8_t, &arena, &chunk, 16));
    for (size_t i = 16; i < sizeof(memory); i++) {
        ck_assert_int_eq(memory[i], 0x55);
    }
}
END_TEST

START_TEST(store_copies_its_elements)
{
    const nk_uint16_t source[] = {1, 2, 3};
    nk_ptr_t chunk;
    nk_size_t n;

    nk_arena_reset(&global_arena);
    ck_assert_int_eq(nk_arena_store(nk_uint16_t, &global_arena, &chunk, source, 3), NK_EOK);
    const nk_uint16_t *stored = nk_arena_get(nk_uint16_t, &global_arena, &chunk, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert_mem_eq(stored, source, sizeof(source));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *cases = tcase_create("arena");

    tcase_add_test(cases, a_chunk_is_zeroed_aligned_and_found_again);
    tcase_add_test(cases, the_last_byte_can_be_allocated_and_not_one_more);
    tcase_add_test(cases, a_count_that_overflows_is_refused);
    tcase_add_test(cases, chunks_outside_the_used_part_are_not_found);
    tcase_add_test(cases, an_arena_without_a_buffer_has_no_room);
    tcase_add_test(cases, a_bogus_end_is_believed_but_memory_behind_the_chunk_is_not_touched);
    tcase_add_test(cases, store_copies_its_elements);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
