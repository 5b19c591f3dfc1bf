/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules themselves; tests/gen/test_main.c lets make read them.
 */
#include "gen/dependencies.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "gen/emit.h"
#include "gen/scratch.h"
#include "idl/context.h"
#include "tests/support/check_main.h"

#define IMPORTS "tests/gen/golden/imports/in/"
#define NESTED "tests/gen/golden/components_nested/in/"

static struct idl_context *context;
static struct scratch scratch;

static void setup(void)
{
    context = idl_context_new();
    scratch_init(&scratch);
}

static void teardown(void)
{
    idl_context_free(context);
    scratch_deinit(&scratch);
}

/* load() - a file that must be accepted */
static const struct idl_file *load(const char *path)
{
    const struct idl_file *file = NULL;

    ck_assert_int_eq(idl_load(context, path, &file), 0);
    return file;
}

/* rule() - the rule for two outputs of @file; lent until teardown */
static const char *rule(const struct idl_file *file)
{
    struct generated second = {.path = "out dir/B.c"};
    struct generated first = {.path = "out dir/B.h", .next = &second};
    struct emit emit;

    ck_assert_int_eq(emit_init(&emit, &scratch), 0);
    dependencies_emit(&emit, &first, file);
    ck_assert_int_eq(emit_finish(&emit), 0);
    const char *text = scratch_format(&scratch, "%s", emit.text);
    emit_deinit(&emit);
    return text;
}

static const struct {
    const char *path;
    const char *escaped;
} paths[] = {
    {"a/B.idl", "a/B.idl"},
    {"", ""},
    {"my files/B.idl", "my\\ files/B.idl"},
    {"tab\there", "tab\\\there"},
    {"$HOME/$$", "$$HOME/$$$$"},
    {"c#/B.idl", "c\\#/B.idl"},
    {"a:b", "a\\:b"},
    {"back\\slash", "back\\slash"},
    {"two\\\\ and", "two\\\\\\\\\\ and"},
    {"\xC3\xA9%*?", "\xC3\xA9%*?"},
};

START_TEST(paths_are_escaped_for_make)
{
    ck_assert_str_eq(dependencies_escape(&scratch, paths[_i].path), paths[_i].escaped);
}
END_TEST

START_TEST(the_rule_names_every_file_once_and_each_other_one_has_an_empty_rule)
{
    static const char expected[] = "out\\ dir/B.h \\\n"
                                   "out\\ dir/B.c: \\\n"
                                   "    " IMPORTS "club/IClub.idl \\\n"
                                   "    " IMPORTS "base/More.idl \\\n"
                                   "    " IMPORTS "base/Types.idl\n"
                                   "\n" IMPORTS "base/More.idl:\n"
                                   "\n" IMPORTS "base/Types.idl:\n";

    ck_assert_str_eq(rule(load(IMPORTS "club/IClub.idl")), expected);
}
END_TEST

START_TEST(a_file_that_needs_no_other_has_one_rule)
{
    ck_assert_str_eq(rule(load(IMPORTS "base/Types.idl")), "out\\ dir/B.h \\\n"
                                                           "out\\ dir/B.c: \\\n"
                                                           "    " IMPORTS "base/Types.idl\n");
}
END_TEST

START_TEST(it_is_the_same_whatever_was_read_before)
{
    char *alone = strdup(rule(load(NESTED "plant/Control.edl")));

    teardown();
    setup();
    load(NESTED "plant/IValve.idl");
    load(NESTED "plant/CEmpty.cdl");
    ck_assert_str_eq(rule(load(NESTED "plant/Control.edl")), alone);
    ck_assert_ptr_nonnull(strstr(alone, "plant/CEmpty.cdl"));
    ck_assert_ptr_nonnull(strstr(alone, "plant/IValve.idl"));
    free(alone);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("dependencies");
    TCase *tcase = tcase_create("dependencies");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, paths_are_escaped_for_make, 0,
                        (int)(sizeof(paths) / sizeof(paths[0])));
    tcase_add_test(tcase, the_rule_names_every_file_once_and_each_other_one_has_an_empty_rule);
    tcase_add_test(tcase, a_file_that_needs_no_other_has_one_rule);
    tcase_add_test(tcase, it_is_the_same_whatever_was_read_before);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
