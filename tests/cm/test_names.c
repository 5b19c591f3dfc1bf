/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/names.h"

#include <stdio.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

#define N_ENTITIES 3

static struct names *names;

static void setup(void)
{
    ck_assert_int_eq(names_new(N_ENTITIES, &names), 0);
}

static void teardown(void)
{
    names = names_free(names);
}

/* expect_at() - publication @index of @type must be @service of @entity */
static void expect_at(const char *type, size_t index, size_t entity, const char *service)
{
    const char *found_service;
    size_t found;

    ck_assert_int_eq(names_at(names, type, index, &found, &found_service), 0);
    ck_assert_uint_eq(found, entity);
    ck_assert_str_eq(found_service, service);
}

static void expect_none_at(const char *type, size_t index)
{
    const char *service;
    size_t entity;

    ck_assert_int_eq(names_at(names, type, index, &entity, &service), ERROR_NOT_FOUND);
}

START_TEST(services_of_a_type_are_found_in_the_order_in_which_they_were_published)
{
    ck_assert_int_eq(names_publish(names, 1, "p.I", "b"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.J", "a"), 0);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "a"), 0);
    expect_at("p.I", 0, 1, "b");
    expect_at("p.I", 1, 0, "a");
    expect_at("p.I", 2, 1, "a");
    expect_none_at("p.I", 3);
    expect_none_at("p.I", SIZE_MAX);
    expect_at("p.J", 0, 0, "a");
    expect_none_at("p", 0);
}
END_TEST

START_TEST(the_same_cannot_be_published_twice)
{
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), ERROR_EXISTS);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "a"), 0);
}
END_TEST

START_TEST(who_published_can_take_back_and_nobody_else)
{
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "b"), 0);
    ck_assert_int_eq(names_unpublish(names, 1, "p.I", "a"), ERROR_NOT_FOUND);
    ck_assert_int_eq(names_unpublish(names, 0, "p.J", "a"), ERROR_NOT_FOUND);
    ck_assert_int_eq(names_unpublish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_unpublish(names, 0, "p.I", "a"), ERROR_NOT_FOUND);
    expect_at("p.I", 0, 1, "b");
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    expect_at("p.I", 1, 0, "a");
}
END_TEST

START_TEST(everything_of_who_is_gone_vanishes)
{
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "b"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "c"), 0);
    ck_assert_int_eq(names_publish(names, 2, "p.I", "d"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.J", "a"), 0);
    names_gone(names, 0);
    names_gone(names, 0);
    expect_at("p.I", 0, 1, "b");
    expect_at("p.I", 1, 2, "d");
    expect_none_at("p.I", 2);
    expect_none_at("p.J", 0);
}
END_TEST

START_TEST(an_entity_publishes_so_many_and_not_one_more)
{
    char service[16];

    for (int i = 0; i < NS_NAMES_PER_ENTITY_MAX; i++) {
        snprintf(service, sizeof(service), "s%d", i);
        ck_assert_int_eq(names_publish(names, 0, i % 2 == 0 ? "p.I" : service, service), 0);
    }
    ck_assert_int_eq(names_publish(names, 0, "p.I", "more"), ERROR_QUOTA);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "more"), 0);
    ck_assert_int_eq(names_unpublish(names, 0, "p.I", "s0"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "more"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "even more"), ERROR_QUOTA);
    names_gone(names, 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "more"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *cases = tcase_create("names");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, services_of_a_type_are_found_in_the_order_in_which_they_were_published);
    tcase_add_test(cases, the_same_cannot_be_published_twice);
    tcase_add_test(cases, who_published_can_take_back_and_nobody_else);
    tcase_add_test(cases, everything_of_who_is_gone_vanishes);
    tcase_add_test(cases, an_entity_publishes_so_many_and_not_one_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
