/* SPDX-License-Identifier: Apache-2.0 */
/* The channels of a listener, by key. */
#include "core/served_table.h"

#include "tests/support/check_main.h"

#define CHANNELS 100

static struct served_table table;
static struct served channels[CHANNELS];

static void setup(void)
{
    table = (struct served_table){0};
    for (size_t i = 0; i < CHANNELS; i++) {
        channels[i] = (struct served){.fd = -1};
        ck_assert_int_eq(served_table_add(&table, &channels[i]), 0);
    }
}

static void teardown(void)
{
    served_table_deinit(&table);
}

START_TEST(each_channel_is_found_by_its_own_key)
{
    ck_assert_uint_eq(table.n_channels, CHANNELS);
    for (size_t i = 0; i < CHANNELS; i++) {
        ck_assert_ptr_eq(served_table_find(&table, channels[i].key), &channels[i]);
    }
    ck_assert_ptr_null(served_table_find(&table, 0));
    ck_assert_ptr_null(served_table_find(&table, UINT64_MAX));
}
END_TEST

START_TEST(what_ended_is_not_found_also_when_its_place_is_taken)
{
    uint64_t key = channels[7].key;

    ck_assert(served_table_remove(&table, &channels[7]));
    ck_assert(!served_table_remove(&table, &channels[7]));
    ck_assert_ptr_null(served_table_find(&table, key));
    ck_assert_int_eq(served_table_add(&table, &channels[7]), 0);
    ck_assert_uint_eq(channels[7].index, 7);
    ck_assert_ptr_null(served_table_find(&table, key));
    ck_assert_ptr_eq(served_table_find(&table, channels[7].key), &channels[7]);
    ck_assert_uint_eq(table.n_channels, CHANNELS);
}
END_TEST

START_TEST(places_are_used_again_before_there_are_more)
{
    size_t n_places = table.n_places;

    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < CHANNELS; i += 2) {
            ck_assert(served_table_remove(&table, &channels[i]));
        }
        for (size_t i = 0; i < CHANNELS; i += 2) {
            ck_assert_int_eq(served_table_add(&table, &channels[i]), 0);
        }
    }
    ck_assert_uint_eq(table.n_places, n_places);
    ck_assert_uint_eq(table.n_channels, CHANNELS);
}
END_TEST

START_TEST(a_key_is_neither_odd_nor_small_also_after_very_many_channels)
{
    table.generation = UINT32_MAX - 1;
    for (int i = 0; i < 4; i++) {
        ck_assert(served_table_remove(&table, &channels[0]));
        ck_assert_int_eq(served_table_add(&table, &channels[0]), 0);
        ck_assert_uint_gt(channels[0].key, UINT32_MAX);
        ck_assert_uint_eq(channels[0].key & 1, 0);
        ck_assert_ptr_eq(served_table_find(&table, channels[0].key), &channels[0]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("served_table");
    TCase *cases = tcase_create("served_table");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, each_channel_is_found_by_its_own_key);
    tcase_add_test(cases, what_ended_is_not_found_also_when_its_place_is_taken);
    tcase_add_test(cases, places_are_used_again_before_there_are_more);
    tcase_add_test(cases, a_key_is_neither_odd_nor_small_also_after_very_many_channels);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
