/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_file.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "tests/support/check_main.h"

static char path[] = "/tmp/capchan-test-XXXXXX";

/* put() - make the test's file, with @text in it */
static void put(const char *text)
{
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_file_is_read_as_a_whole)
{
    CLEANUP(free_p) char *bytes = NULL;
    size_t size;

    put("text");
    int r = init_file_read(path, 4, &bytes, &size);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(r, 0);
    ck_assert_uint_eq(size, 4);
    ck_assert_str_eq(bytes, "text");
}
END_TEST

START_TEST(a_file_that_is_too_large_is_not_read)
{
    char *bytes = NULL;
    size_t size;

    put("text");
    int r = init_file_read(path, 3, &bytes, &size);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(r, INIT_FILE_E_TOO_LARGE);
    ck_assert_ptr_null(bytes);
}
END_TEST

START_TEST(a_file_that_tells_no_size_is_read_up_to_the_limit)
{
    CLEANUP(free_p) char *bytes = NULL;
    size_t size;

    ck_assert_int_eq(init_file_read("/proc/self/status", 16, &bytes, &size), INIT_FILE_E_TOO_LARGE);
    ck_assert_int_eq(init_file_read("/proc/self/status", 65536, &bytes, &size), 0);
    ck_assert_uint_gt(size, 16);
}
END_TEST

START_TEST(only_regular_files_are_read)
{
    char *bytes = NULL;
    size_t size;

    ck_assert_int_eq(init_file_read("/", 10, &bytes, &size), INIT_FILE_E_NOT_REGULAR);
    ck_assert_int_eq(init_file_read("/dev/null", 10, &bytes, &size), INIT_FILE_E_NOT_REGULAR);
    ck_assert_int_eq(init_file_read("/nowhere", 10, &bytes, &size), -ENOENT);
}
END_TEST

/* A folder, a path in it, and the two joined. */
static const char *const joins[][3] = {
    {".", "a", "./a"}, {"/x", "a/b", "/x/a/b"}, {"/x/", "a", "/x/a"},
    {"/", "a", "/a"},  {"/x", "/a", "/a"},      {"x", "../a", "x/../a"},
};

START_TEST(a_path_is_joined_to_its_folder)
{
    CLEANUP(free_p) char *joined = NULL;

    ck_assert_int_eq(init_file_join(joins[_i][0], joins[_i][1], &joined), 0);
    ck_assert_str_eq(joined, joins[_i][2]);
}
END_TEST

START_TEST(folders_are_listed_with_commas)
{
    static const char *const folders[] = {"/a", ".", "b/c"};
    CLEANUP(free_p) char *none = NULL;
    CLEANUP(free_p) char *all = NULL;

    ck_assert_int_eq(init_file_list_folders(folders, 0, &none), 0);
    ck_assert_str_eq(none, "");
    ck_assert_int_eq(init_file_list_folders(folders, 3, &all), 0);
    ck_assert_str_eq(all, "/a, ., b/c");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_file");
    TCase *tc = tcase_create("files");

    tcase_add_test(tc, a_file_is_read_as_a_whole);
    tcase_add_test(tc, a_file_that_is_too_large_is_not_read);
    tcase_add_test(tc, a_file_that_tells_no_size_is_read_up_to_the_limit);
    tcase_add_test(tc, only_regular_files_are_read);
    tcase_add_loop_test(tc, a_path_is_joined_to_its_folder, 0,
                        (int)(sizeof(joins) / sizeof(joins[0])));
    tcase_add_test(tc, folders_are_listed_with_commas);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
