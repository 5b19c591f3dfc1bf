/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/gen/golden/CASE/in is what idlc reads, CASE/out all that it writes, but for what protoc-c
 * makes. After a change that is meant: `make golden`, and review the diff.
 */
#include <limits.h>

#include "gen/write_file.h"
#include "tests/gen/folder.h"
#include "tests/gen/golden.h"
#include "tests/support/check_main.h"

static struct golden golden;

/* expect_same() - the two files are equal in every byte */
static void expect_same(const char *expected_path, const char *actual_path)
{
    char *expected;
    char *actual;
    size_t size;

    ck_assert_msg(read_file(expected_path, &expected, &size) == 0, "%s is not expected",
                  actual_path);
    ck_assert_msg(read_file(actual_path, &actual, &size) == 0, "%s is missing", expected_path);
    ck_assert_msg(strcmp(expected, actual) == 0,
                  "%s has changed; if that is right, run `make golden` and review the diff",
                  expected_path);
    free(expected);
    free(actual);
}

/* compare() - every file below @from has the same content below @to, unless protoc-c made it */
static void compare(const char *from, const char *to, bool from_is_expected)
{
    struct files files;
    char path[PATH_MAX];

    folder_list(from, &files);
    ck_assert_uint_gt(files.n, 0);
    for (size_t i = 0; i < files.n; i++) {
        if (strstr(files.paths[i], ".pb-c.") != NULL) {
            continue;
        }
        snprintf(path, sizeof(path), "%s%s", to, files.paths[i] + strlen(from));
        expect_same(from_is_expected ? files.paths[i] : path,
                    from_is_expected ? path : files.paths[i]);
    }
    files_free(&files);
}

START_TEST(every_byte_is_as_expected)
{
    char in[PATH_MAX];
    char out[PATH_MAX];
    char *folder = folder_new();

    snprintf(in, sizeof(in), GOLDEN "/%s/in", golden.cases[_i]->d_name);
    snprintf(out, sizeof(out), GOLDEN "/%s/out", golden.cases[_i]->d_name);
    folder_generate(in, folder);
    compare(out, folder, true);
    compare(folder, out, false);
    folder_free(folder);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("golden");
    TCase *tcase = tcase_create("cases");

    tcase_add_loop_test(tcase, every_byte_is_as_expected, 0, golden.n_cases);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    golden = golden_list();
    int status = check_main(suite());

    golden_free(&golden);
    return status;
}
