/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_yaml.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "locator/init_config.h"
#include "tests/support/check_main.h"

static struct init_source *source;
static struct init_yaml_node *root;
static struct init_error error;

static void set_up(void)
{
    source = NULL;
    root = NULL;
    error = (struct init_error){0};
}

static void tear_down(void)
{
    root = init_yaml_free(root);
    source = init_source_free(source);
    init_error_deinit(&error);
}

static int parse(const char *text)
{
    ck_assert_int_eq(init_source_new("f", text, strlen(text), &source, &error), 0);
    return init_yaml_parse(source, &root, &error);
}

static void check_position(struct init_position position, unsigned int line, unsigned int column)
{
    ck_assert_uint_eq(position.line, line);
    ck_assert_uint_eq(position.column, column);
}

START_TEST(a_tree_has_the_order_of_the_text)
{
    ck_assert_int_eq(parse("b: 1\na:\n  - x\n  - {y: z}\nc:\n"), 0);
    ck_assert_int_eq(root->kind, INIT_YAML_MAP);
    ck_assert_uint_eq(root->n_children, 3);
    ck_assert_ptr_null(root->parent);
    ck_assert_ptr_null(root->key);

    const struct init_yaml_node *b = root->children;
    ck_assert_str_eq(b->key, "b");
    ck_assert_str_eq(b->text, "1");
    const struct init_yaml_node *a = b->next;
    ck_assert_str_eq(a->key, "a");
    ck_assert_int_eq(a->kind, INIT_YAML_LIST);
    ck_assert_uint_eq(a->n_children, 2);
    ck_assert_str_eq(a->children->text, "x");
    ck_assert_ptr_null(a->children->key);
    ck_assert_ptr_eq(a->children->parent, a);
    ck_assert_str_eq(a->children->next->children->key, "y");
    ck_assert_int_eq(a->next->kind, INIT_YAML_NOTHING);
    ck_assert_ptr_null(a->next->next);
}
END_TEST

START_TEST(positions_count_bytes_from_one)
{
    ck_assert_int_eq(parse("я: 'q'\nb: [\n  x,\n  \"y\"]\n"), 0);
    const struct init_yaml_node *first = root->children;
    check_position(first->key_position, 1, 1);
    check_position(first->position, 1, 5);
    check_position(first->next->position, 2, 4);
    check_position(first->next->children->position, 3, 3);
    check_position(first->next->children->next->position, 4, 3);
}
END_TEST

START_TEST(what_is_not_written_has_the_place_of_its_key_or_dash)
{
    ck_assert_int_eq(parse("a:\nb:\n  - x\n  # - no\n  -\n  - y\n"), 0);
    check_position(root->children->position, 1, 1);
    const struct init_yaml_node *item = root->children->next->children->next;
    ck_assert_int_eq(item->kind, INIT_YAML_NOTHING);
    check_position(item->position, 5, 3);
}
END_TEST

START_TEST(quoted_nothing_is_a_text)
{
    ck_assert_int_eq(parse("a: ''\nb: \"\"\nc: ~\n"), 0);
    const struct init_yaml_node *first = root->children;
    ck_assert_int_eq(first->kind, INIT_YAML_TEXT);
    ck_assert_str_eq(first->text, "");
    ck_assert_int_eq(first->next->kind, INIT_YAML_TEXT);
    ck_assert_str_eq(first->next->next->text, "~");
}
END_TEST

START_TEST(a_warning_of_the_parser_is_no_error)
{
    ck_assert_int_eq(parse("%FOO bar\n---\na: b\n"), 0);
    ck_assert_str_eq(root->children->text, "b");
}
END_TEST

START_TEST(an_error_after_a_warning_is_the_one_reported)
{
    ck_assert_int_eq(parse("%FOO bar\n---\na: @\n"), INIT_E_INVALID);
    check_position(error.position, 3, 4);
    ck_assert_ptr_null(root);
}
END_TEST

START_TEST(a_version_of_the_future_is_refused)
{
    ck_assert_int_eq(parse("%YAML 3.1\n---\na: b\n"), INIT_E_INVALID);
    check_position(error.position, 1, 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_yaml");
    TCase *tc = tcase_create("tree");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_tree_has_the_order_of_the_text);
    tcase_add_test(tc, positions_count_bytes_from_one);
    tcase_add_test(tc, what_is_not_written_has_the_place_of_its_key_or_dash);
    tcase_add_test(tc, quoted_nothing_is_a_text);
    tcase_add_test(tc, a_warning_of_the_parser_is_no_error);
    tcase_add_test(tc, an_error_after_a_warning_is_the_one_reported);
    tcase_add_test(tc, a_version_of_the_future_is_refused);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
