/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/table.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#include "idl/arena.h"
#include "tests/support/check_main.h"

START_TEST(a_name_is_found_again)
{
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_table table = {0};
    void *existing;
    int value;

    ck_assert_ptr_null(idl_table_find(&table, "a"));
    ck_assert_int_eq(idl_table_add(&table, &arena, "a", &value, &existing), 0);
    ck_assert_ptr_null(existing);
    ck_assert_ptr_eq(idl_table_find(&table, "a"), &value);
    ck_assert_ptr_null(idl_table_find(&table, "b"));
    ck_assert_ptr_null(idl_table_find(&table, ""));
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(a_second_value_of_a_name_is_not_taken)
{
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_table table = {0};
    void *existing;
    int first;
    int second;

    ck_assert_int_eq(idl_table_add(&table, &arena, "a", &first, &existing), 0);
    ck_assert_int_eq(idl_table_add(&table, &arena, "a", &second, &existing), 0);
    ck_assert_ptr_eq(existing, &first);
    ck_assert_ptr_eq(idl_table_find(&table, "a"), &first);
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(many_names_are_all_found)
{
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_table table = {0};
    void *existing;

    for (unsigned i = 0; i < 10000; i++) {
        char *name = idl_arena_printf(&arena, "name%u", i);
        ck_assert_int_eq(idl_table_add(&table, &arena, name, name, &existing), 0);
        ck_assert_ptr_null(existing);
    }
    for (unsigned i = 0; i < 10000; i++) {
        char *name = idl_arena_printf(&arena, "name%u", i);
        ck_assert_str_eq(idl_table_find(&table, name), name);
    }
    ck_assert_ptr_null(idl_table_find(&table, "name10000"));
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(arena_memory_is_zeroed_aligned_and_apart)
{
    struct idl_arena arena = IDL_ARENA_NULL;
    static const char zeros[200000];

    for (size_t size = 0; size < sizeof(zeros); size = size * 2 + 1) {
        char *memory = idl_arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % 16, 0);
        ck_assert_int_eq(memcmp(memory, zeros, size), 0);
        memset(memory, 0xFF, size);
    }
    ck_assert_ptr_null(idl_arena_alloc(&arena, SIZE_MAX));
    idl_arena_deinit(&arena);
    ck_assert_ptr_null(arena.blocks);
}
END_TEST

START_TEST(arena_texts_end_with_a_nul)
{
    struct idl_arena arena = IDL_ARENA_NULL;

    ck_assert_str_eq(idl_arena_copy(&arena, "abcdef", 3), "abc");
    ck_assert_str_eq(idl_arena_copy(&arena, "", 0), "");
    ck_assert_str_eq(idl_arena_printf(&arena, "%s-%d", "x", 12), "x-12");
    idl_arena_deinit(&arena);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl table and arena");
    TCase *tcase = tcase_create("table");

    tcase_add_test(tcase, a_name_is_found_again);
    tcase_add_test(tcase, a_second_value_of_a_name_is_not_taken);
    tcase_add_test(tcase, many_names_are_all_found);
    tcase_add_test(tcase, arena_memory_is_zeroed_aligned_and_apart);
    tcase_add_test(tcase, arena_texts_end_with_a_nul);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
