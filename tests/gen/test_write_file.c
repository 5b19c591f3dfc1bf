/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/write_file.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/gen/folder.h"
#include "tests/support/check_main.h"

static char *folder;
static char path[PATH_MAX];

static void setup(void)
{
    folder = folder_new();
    snprintf(path, sizeof(path), "%s/a/b/file", folder);
}

static void teardown(void)
{
    folder_free(folder);
}

static void expect_content(const char *expected)
{
    char *text;
    size_t size;

    ck_assert_int_eq(read_file(path, &text, &size), 0);
    ck_assert_uint_eq(size, strlen(expected));
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(folders_are_made_on_the_way)
{
    ck_assert_int_eq(write_file(path, "text", 4), 0);
    expect_content("text");
}
END_TEST

START_TEST(a_new_content_replaces_the_old_one)
{
    ck_assert_int_eq(write_file(path, "a long text", 11), 0);
    ck_assert_int_eq(write_file(path, "short", 5), 0);
    expect_content("short");
    ck_assert_int_eq(write_file(path, "", 0), 0);
    expect_content("");
}
END_TEST

START_TEST(a_reader_of_the_old_file_keeps_it)
{
    char buffer[8] = "";

    ck_assert_int_eq(write_file(path, "old", 3), 0);
    FILE *reader = fopen(path, "r");
    ck_assert_ptr_nonnull(reader);
    ck_assert_int_eq(write_file(path, "new", 3), 0);
    ck_assert_uint_eq(fread(buffer, 1, sizeof(buffer) - 1, reader), 3);
    ck_assert_str_eq(buffer, "old");
    fclose(reader);
}
END_TEST

START_TEST(an_unchanged_file_is_not_touched)
{
    struct stat before;
    struct stat after;

    ck_assert_int_eq(write_file(path, "text", 4), 0);
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_int_eq(write_file(path, "text", 4), 0);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
}
END_TEST

START_TEST(nothing_else_is_left_behind)
{
    struct files files;

    ck_assert_int_eq(write_file(path, "text", 4), 0);
    folder_list(folder, &files);
    ck_assert_uint_eq(files.n, 1);
    files_free(&files);
}
END_TEST

START_TEST(a_failure_leaves_the_old_file_and_says_why)
{
    char below[PATH_MAX + 8];

    ck_assert_int_eq(write_file(path, "text", 4), 0);
    snprintf(below, sizeof(below), "%s/below", path);
    ck_assert_int_eq(write_file(below, "text", 4), -ENOTDIR);
    snprintf(below, sizeof(below), "%s/a", folder);
    ck_assert_int_eq(write_file(below, "text", 4), -EISDIR);
    expect_content("text");
}
END_TEST

START_TEST(a_missing_file_cannot_be_read)
{
    char *text;
    size_t size;

    ck_assert_int_eq(read_file(path, &text, &size), -ENOENT);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("write_file");
    TCase *tcase = tcase_create("write_file");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, folders_are_made_on_the_way);
    tcase_add_test(tcase, a_new_content_replaces_the_old_one);
    tcase_add_test(tcase, a_reader_of_the_old_file_keeps_it);
    tcase_add_test(tcase, an_unchanged_file_is_not_touched);
    tcase_add_test(tcase, nothing_else_is_left_behind);
    tcase_add_test(tcase, a_failure_leaves_the_old_file_and_says_why);
    tcase_add_test(tcase, a_missing_file_cannot_be_read);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
