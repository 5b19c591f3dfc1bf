/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/folder.h"
#include "tests/support/check_main.h"

static char *folder;
static char path[256];
static struct init_error error;

static void set_up(void)
{
    folder = folder_new();
    (void)snprintf(path, sizeof(path), "%s/init.yaml", folder);
    error = (struct init_error){.file = strdup(path),
                                .message = strdup("it is wrong"),
                                .source_line = strdup("x"),
                                .position = {2, 7}};
}

static void tear_down(void)
{
    init_error_deinit(&error);
    folder_free(folder);
}

static void write_map(const char *text)
{
    char name[300];

    (void)snprintf(name, sizeof(name), "%s.map", path);
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

/* expect() - what the error says; @expanded is what follows the path of the expanded file */
static void expect(const char *file, unsigned int line, const char *expanded)
{
    char message[400];

    (void)snprintf(message, sizeof(message), "it is wrong (expanded: %s%s)", path, expanded);
    ck_assert_int_eq(init_origin_show(path, &error), 0);
    ck_assert_str_eq(error.file, file);
    ck_assert_str_eq(error.message, message);
    ck_assert_uint_eq(error.position.line, line);
    ck_assert_uint_eq(error.position.column, 7);
}

static void expect_no_change(void)
{
    ck_assert_int_eq(init_origin_show(path, &error), 0);
    ck_assert_str_eq(error.message, "it is wrong");
    ck_assert_uint_eq(error.position.line, 2);
}

START_TEST(an_error_names_the_line_of_the_template)
{
    write_map("/src/init.yaml.in\n4\n17\n5\n");
    expect("/src/init.yaml.in", 17, ":2");
}
END_TEST

START_TEST(the_last_line_may_have_no_end)
{
    write_map("/src/init.yaml.in\n4\n17");
    expect("/src/init.yaml.in", 17, ":2");
}
END_TEST

START_TEST(a_line_that_the_map_has_not_leaves_the_file)
{
    write_map("/src/init.yaml.in\n4\n");
    expect("/src/init.yaml.in", 0, ":2");
    ck_assert_ptr_null(error.source_line);
}
END_TEST

START_TEST(an_error_about_the_whole_file_stays_one)
{
    error.position.line = 0;
    write_map("/src/init.yaml.in\n4\n");
    expect("/src/init.yaml.in", 0, "");
}
END_TEST

START_TEST(without_a_map_nothing_changes)
{
    expect_no_change();
    write_map("");
    expect_no_change();
}
END_TEST

START_TEST(an_error_about_another_file_stays_as_it_is)
{
    write_map("/src/init.yaml.in\n4\n17\n");
    free(error.file);
    error.file = strdup("/src/channels.h");
    expect_no_change();
    ck_assert_str_eq(error.file, "/src/channels.h");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("init_origin");
    TCase *cases = tcase_create("init_origin");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, an_error_names_the_line_of_the_template);
    tcase_add_test(cases, the_last_line_may_have_no_end);
    tcase_add_test(cases, a_line_that_the_map_has_not_leaves_the_file);
    tcase_add_test(cases, an_error_about_the_whole_file_stays_one);
    tcase_add_test(cases, without_a_map_nothing_changes);
    tcase_add_test(cases, an_error_about_another_file_stays_as_it_is);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
