/* SPDX-License-Identifier: Apache-2.0 */
#include "cm/names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

#define N_ENTITIES 3

static struct names *names;
static const struct names_view all = {.is_visible = NULL};

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

    ck_assert_int_eq(names_at(names, &all, type, index, &found, &found_service), 0);
    ck_assert_uint_eq(found, entity);
    ck_assert_str_eq(found_service, service);
}

static void expect_none_at(const char *type, size_t index)
{
    const char *service;
    size_t entity;

    ck_assert_int_eq(names_at(names, &all, type, index, &entity, &service), ERROR_NOT_FOUND);
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

/* is_even() - show what even entities publish, but for "hidden" */
static bool is_even(void *data, size_t publisher, const char *service)
{
    (*(size_t *)data)++;
    return publisher % 2 == 0 && strcmp(service, "hidden") != 0;
}

/* expect_seen() - number @index of "p.I", as entity 1 sees it; NULL: there are not so many */
static void expect_seen(size_t index, const char *service, size_t *n_looks)
{
    const struct names_view view = {.entity = 1, .is_visible = is_even, .data = n_looks};
    const char *found_service;
    size_t found;

    int r = names_at(names, &view, "p.I", index, &found, &found_service);
    ck_assert_int_eq(r, service != NULL ? 0 : ERROR_NOT_FOUND);
    if (service != NULL) {
        ck_assert_str_eq(found_service, service);
    }
}

START_TEST(what_somebody_may_not_see_is_not_even_counted)
{
    size_t n_looks = 0;

    ck_assert_int_eq(names_publish(names, 1, "p.I", "odd"), 0);
    expect_seen(0, NULL, &n_looks);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "a"), 0);
    ck_assert_int_eq(names_publish(names, 0, "p.I", "hidden"), 0);
    ck_assert_int_eq(names_publish(names, 1, "p.I", "odder"), 0);
    ck_assert_int_eq(names_publish(names, 2, "p.I", "b"), 0);
    for (int i = 0; i < 2; i++) {
        expect_seen(0, "a", &n_looks);
        expect_seen(0, "a", &n_looks);
        expect_seen(1, "b", &n_looks);
        expect_seen(2, NULL, &n_looks);
        expect_seen(SIZE_MAX, NULL, &n_looks);
        expect_seen(1, "b", &n_looks);
    }
    ck_assert_int_eq(names_publish(names, 0, "p.I", "c"), 0);
    expect_seen(2, "c", &n_looks);
    ck_assert_int_eq(names_unpublish(names, 0, "p.I", "a"), 0);
    expect_seen(1, "c", &n_looks);
    expect_seen(0, "b", &n_looks);
    names_gone(names, 2);
    expect_seen(0, "c", &n_looks);
    expect_seen(1, NULL, &n_looks);
}
END_TEST

START_TEST(looking_through_everything_looks_at_each_service_about_once)
{
    char service[16];
    size_t n_looks = 0;

    for (int i = 0; i < NS_NAMES_PER_ENTITY_MAX; i++) {
        snprintf(service, sizeof(service), "s%d", i);
        ck_assert_int_eq(names_publish(names, 1, "p.I", service), 0);
        ck_assert_int_eq(names_publish(names, 0, "p.I", service), 0);
    }
    for (int i = 0; i < NS_NAMES_PER_ENTITY_MAX; i++) {
        snprintf(service, sizeof(service), "s%d", i);
        expect_seen((size_t)i, service, &n_looks);
    }
    expect_seen(NS_NAMES_PER_ENTITY_MAX, NULL, &n_looks);
    ck_assert_uint_le(n_looks, 3 * NS_NAMES_PER_ENTITY_MAX + 1);
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
    tcase_add_test(cases, what_somebody_may_not_see_is_not_even_counted);
    tcase_add_test(cases, looking_through_everything_looks_at_each_service_about_once);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
