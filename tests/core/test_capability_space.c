/* SPDX-License-Identifier: Apache-2.0 */
#include "core/capability_space.h"

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

static struct capability_space space;
static int things[2];

static Handle add(void *object)
{
    Handle handle;

    ck_assert_int_eq(
        capability_space_add(&space, (struct capability){.kind = 1, .object = object}, &handle), 0);
    return handle;
}

START_TEST(a_handle_finds_what_it_was_made_for)
{
    Handle first = add(&things[0]);
    Handle second = add(&things[1]);

    ck_assert_uint_ne(first, second);
    ck_assert_ptr_eq(capability_space_find(&space, first)->object, &things[0]);
    ck_assert_ptr_eq(capability_space_find(&space, second)->object, &things[1]);
    capability_space_deinit(&space);
}
END_TEST

START_TEST(a_stale_handle_never_finds_its_successor)
{
    Handle before = add(&things[0]);

    for (unsigned i = 0; i < check_rounds(100000); i++) {
        capability_space_remove(&space, before);
        ck_assert_ptr_null(capability_space_find(&space, before));
        Handle next = add(&things[1]);
        ck_assert_uint_ne(next, before);
        ck_assert_ptr_null(capability_space_find(&space, before));
        before = next;
    }
    capability_space_deinit(&space);
}
END_TEST

START_TEST(guessed_numbers_find_nothing)
{
    Handle real = add(&things[0]);
    unsigned hits = 0;

    for (uint64_t guess = 0; guess < check_rounds(1u << 22); guess++) {
        Handle handle = (Handle)(guess * 1021u);
        hits += handle != real && capability_space_find(&space, handle) != NULL;
    }
    ck_assert_uint_eq(hits, 0);
    ck_assert_ptr_null(capability_space_find(&space, 0));
    ck_assert_ptr_null(capability_space_find(&space, INVALID_HANDLE));
    capability_space_remove(&space, INVALID_HANDLE);
    capability_space_deinit(&space);
}
END_TEST

START_TEST(the_last_handle_can_be_had_and_not_one_more)
{
    Handle handle = INVALID_HANDLE;

    for (int i = 0; i < HANDLES_PER_ENTITY_MAX; i++) {
        handle = add(&things[0]);
    }
    ck_assert_int_eq(capability_space_add(&space, (struct capability){.kind = 1}, &(Handle){0}),
                     ERROR_QUOTA);
    capability_space_remove(&space, handle);
    ck_assert_uint_ne(add(&things[0]), handle);
    capability_space_deinit(&space);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capability_space");
    TCase *cases = tcase_create("capability_space");

    tcase_add_test(cases, a_handle_finds_what_it_was_made_for);
    tcase_add_test(cases, a_stale_handle_never_finds_its_successor);
    tcase_add_test(cases, guessed_numbers_find_nothing);
    tcase_add_test(cases, the_last_handle_can_be_had_and_not_one_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
