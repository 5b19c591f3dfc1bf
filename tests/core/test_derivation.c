/* SPDX-License-Identifier: Apache-2.0 */
#include "core/derivation.h"

#include <services/ocap.h>
#include <stdbool.h>

#include "core/error.h"
#include "core/holder.h"
#include "core/limits.h"
#include "tests/support/check_main.h"

#define ALL 0xffu

static struct holder holder;
static struct resource resource;
static int n_dead;
static int n_revoked;

static void dead(struct resource *gone)
{
    ck_assert_ptr_eq(gone, &resource);
    n_dead++;
}

static void revoked(struct derivation *node)
{
    ck_assert_ptr_null(node->parent);
    ck_assert_int_eq(node->state, DERIVATION_REVOKED);
    n_revoked++;
}

static const struct resource_class class = {.dead = dead};

static void setup(void)
{
    holder = (struct holder){0};
    resource = (struct resource){.class = &class};
    n_dead = n_revoked = 0;
}

static struct derivation *root(void)
{
    struct derivation *node;

    ck_assert_int_eq(derivation_new(&resource, ALL, &holder, &node), 0);
    return node;
}

static struct derivation *derive(struct derivation *from, struct badge *badge)
{
    struct derivation *node;

    ck_assert_int_eq(derivation_derive(from, from->rights, badge, &holder, &node), 0);
    return node;
}

START_TEST(rights_shrink_and_never_grow)
{
    struct derivation *node = root();

    ck_assert_int_eq(derivation_check(node, 0, ALL), 0);
    ck_assert_int_eq(derivation_check(node, 0, ALL | 0x100), ERROR_DENIED);
    ck_assert_int_eq(derivation_check(node, 0x100, 0), ERROR_DENIED);
    node->rights = OCAP_HANDLE_COPY;
    ck_assert_int_eq(derivation_check(node, OCAP_HANDLE_COPY, OCAP_HANDLE_COPY), 0);
    ck_assert_int_eq(derivation_check(node, OCAP_HANDLE_COPY, ALL), ERROR_DENIED);
    ck_assert_int_eq(derivation_check(node, OCAP_HANDLE_TRANSFER, 0), ERROR_DENIED);
    derivation_close(node);
}
END_TEST

START_TEST(a_resource_dies_with_its_last_handle)
{
    struct derivation *first = root();
    struct derivation *second = derive(first, NULL);
    struct derivation *third = derive(second, NULL);

    derivation_close(first);
    derivation_close(third);
    ck_assert_int_eq(n_dead, 0);
    derivation_close(second);
    ck_assert_int_eq(n_dead, 1);
}
END_TEST

START_TEST(revoking_takes_away_what_was_made_from_a_handle_and_nothing_else)
{
    struct derivation *first = root();
    struct derivation *second = derive(first, NULL);
    struct derivation *sister = derive(first, NULL);
    struct derivation *third = derive(second, NULL);
    struct derivation *fourth = derive(third, NULL);

    derivation_revoke_children(second, revoked);
    ck_assert_int_eq(n_revoked, 2);
    ck_assert_int_eq(derivation_check(third, 0, 0), ERROR_REVOKED);
    ck_assert_int_eq(derivation_check(fourth, 0, 0), ERROR_REVOKED);
    ck_assert_int_eq(derivation_check(first, 0, ALL), 0);
    ck_assert_int_eq(derivation_check(second, 0, ALL), 0);
    ck_assert_int_eq(derivation_check(sister, 0, ALL), 0);
    derivation_close(third);
    derivation_close(fourth);
    derivation_close(first);
    derivation_close(sister);
    ck_assert_int_eq(n_dead, 0);
    derivation_close(second);
    ck_assert_int_eq(n_dead, 1);
}
END_TEST

START_TEST(what_a_closed_handle_left_behind_can_be_revoked_from_above)
{
    struct derivation *first = root();
    struct derivation *second = derive(first, NULL);
    struct derivation *third = derive(second, NULL);
    struct derivation *fourth = derive(second, NULL);

    derivation_close(second);
    ck_assert_int_eq(derivation_check(third, 0, 0), 0);
    derivation_revoke_children(first, revoked);
    ck_assert_int_eq(n_revoked, 2);
    derivation_close(third);
    derivation_close(fourth);
    derivation_close(first);
}
END_TEST

START_TEST(closing_in_between_leaves_no_node_behind)
{
    struct derivation *node = root();

    for (int i = 0; i < 10 * HANDLE_DEPTH_MAX; i++) { /* far deeper, if closed ones stayed */
        struct derivation *next = derive(node, NULL);
        derivation_close(node);
        ck_assert_ptr_null(next->parent);
        node = next;
    }
    derivation_close(node);
    ck_assert_int_eq(n_dead, 1);
}
END_TEST

START_TEST(a_badge_takes_back_what_is_tied_to_it_even_if_that_was_copied_and_closed)
{
    struct derivation *first = root();
    struct badge badge;
    struct badge other;
    badge_init(&badge, &resource);
    badge_init(&other, &resource);
    struct derivation *tied = derive(first, &badge);
    struct derivation *tied_otherwise = derive(first, &other);
    struct derivation *copy = derive(tied, NULL);

    derivation_close(tied);
    ck_assert_uint_eq(holder.n_closed_tied, 1);
    derivation_revoke_tied(first, &badge, revoked);
    ck_assert_uint_eq(holder.n_closed_tied, 0);
    ck_assert_int_eq(derivation_check(copy, 0, 0), ERROR_REVOKED);
    ck_assert_int_eq(derivation_check(tied_otherwise, 0, 0), 0);
    derivation_close(copy);
    derivation_close(tied_otherwise);
    derivation_close(first);
    badge_deinit(&badge);
    badge_deinit(&other);
}
END_TEST

START_TEST(a_badge_takes_back_below_the_handle_only)
{
    struct derivation *first = root();
    struct badge badge;
    badge_init(&badge, &resource);
    struct derivation *left = derive(first, &badge);
    struct derivation *right = derive(first, NULL);
    struct derivation *below_left = derive(left, &badge);
    struct derivation *below_right = derive(right, &badge);

    derivation_revoke_tied(left, &badge, revoked);
    ck_assert_int_eq(derivation_check(left, 0, 0), 0);
    ck_assert_int_eq(derivation_check(below_left, 0, 0), ERROR_REVOKED);
    ck_assert_int_eq(derivation_check(below_right, 0, 0), 0);
    derivation_revoke_tied(first, &badge, revoked); /* what is nested is revoked once */
    ck_assert_int_eq(n_revoked, 3);
    derivation_close(left);
    derivation_close(below_left);
    derivation_close(below_right);
    derivation_close(right);
    derivation_close(first);
    badge_deinit(&badge);
}
END_TEST

START_TEST(closing_a_badge_unties_and_leaves_no_node_behind)
{
    struct derivation *first = root();
    struct badge badge;
    badge_init(&badge, &resource);
    struct derivation *tied = derive(first, &badge);
    struct derivation *copy = derive(tied, NULL);

    derivation_close(tied);
    badge_deinit(&badge);
    ck_assert_uint_eq(holder.n_closed_tied, 0);
    ck_assert_ptr_eq(copy->parent, first);
    derivation_close(copy);
    derivation_close(first);
    ck_assert_int_eq(n_dead, 1);
}
END_TEST

START_TEST(a_chain_of_handles_has_an_end)
{
    struct derivation *nodes[HANDLE_DEPTH_MAX];
    struct derivation *too_deep;

    nodes[0] = root();
    for (int i = 1; i < HANDLE_DEPTH_MAX; i++) {
        nodes[i] = derive(nodes[i - 1], NULL);
    }
    ck_assert_int_eq(derivation_derive(nodes[HANDLE_DEPTH_MAX - 1], 0, NULL, &holder, &too_deep),
                     ERROR_QUOTA);
    for (int i = 0; i < HANDLE_DEPTH_MAX; i++) {
        derivation_close(nodes[i]);
    }
    ck_assert_int_eq(n_dead, 1);
}
END_TEST

START_TEST(who_closes_too_many_that_a_badge_can_take_back_gets_no_more)
{
    static struct derivation *copies[HANDLES_CLOSED_TIED_MAX];
    struct derivation *first = root();
    struct derivation *one_more;
    struct badge badge;
    badge_init(&badge, &resource);

    for (int i = 0; i < HANDLES_CLOSED_TIED_MAX; i++) {
        struct derivation *tied = derive(first, &badge);
        copies[i] = derive(tied, NULL);
        derivation_close(tied);
    }
    ck_assert_int_eq(derivation_derive(first, 0, &badge, &holder, &one_more), ERROR_QUOTA);
    derivation_close(derive(first, NULL)); /* so others can still send what no badge takes back */
    derivation_close(copies[0]);
    copies[0] = derive(first, &badge);
    derivation_revoke_tied(first, &badge, revoked);
    ck_assert_int_eq(n_revoked, HANDLES_CLOSED_TIED_MAX);
    for (int i = 0; i < HANDLES_CLOSED_TIED_MAX; i++) {
        derivation_close(copies[i]);
    }
    derivation_close(first);
    badge_deinit(&badge);
    ck_assert_uint_eq(holder.n_closed_tied, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("derivation");
    TCase *cases = tcase_create("derivation");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, rights_shrink_and_never_grow);
    tcase_add_test(cases, a_resource_dies_with_its_last_handle);
    tcase_add_test(cases, revoking_takes_away_what_was_made_from_a_handle_and_nothing_else);
    tcase_add_test(cases, what_a_closed_handle_left_behind_can_be_revoked_from_above);
    tcase_add_test(cases, closing_in_between_leaves_no_node_behind);
    tcase_add_test(cases, a_badge_takes_back_what_is_tied_to_it_even_if_that_was_copied_and_closed);
    tcase_add_test(cases, a_badge_takes_back_below_the_handle_only);
    tcase_add_test(cases, closing_a_badge_unties_and_leaves_no_node_behind);
    tcase_add_test(cases, a_chain_of_handles_has_an_end);
    tcase_add_test(cases, who_closes_too_many_that_a_badge_can_take_back_gets_no_more);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
