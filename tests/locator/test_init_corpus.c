/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus: y_*.yaml load; n_*.yaml are refused in the line that says `# error: MESSAGE`, or as
 * the file beside them (n_x.expect) says with `LINE:COLUMN: MESSAGE`; MESSAGE is a part of the
 * whole one.
 */
#include "locator/init_config.h"

#include <check.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "locator/init_file.h"
#include "tests/support/check_main.h"

#define CORPUS "tests/locator/corpus"
#define FILE_BYTES_MAX 65536

static glob_t good;
static glob_t bad;

static const char *const include_dirs[] = {CORPUS "/include"};
static const struct init_options options = {.include_dirs = include_dirs, .n_include_dirs = 1};

/* What is expected of a file that is refused. */
struct expected {
    unsigned int line;
    unsigned int column; /* 0: any */
    char message[512];
};

static char *read_text(const char *path)
{
    char *text = NULL;
    size_t size;

    ck_assert_msg(init_file_read(path, FILE_BYTES_MAX, &text, &size) == 0, "%s", path);
    return text;
}

/* expected_in_text() - from `# error: MESSAGE` in the file itself; false if it is not there */
static bool expected_in_text(const char *text, struct expected *expected)
{
    static const char mark[] = "# error: ";
    const char *found = strstr(text, mark);

    if (found == NULL) {
        return false;
    }
    expected->line = 1;
    for (const char *p = text; p < found; p++) {
        expected->line += *p == '\n';
    }
    found += strlen(mark);
    ck_assert_uint_lt(strcspn(found, "\n"), sizeof(expected->message));
    memcpy(expected->message, found, strcspn(found, "\n"));
    return true;
}

/* expected_beside() - from the file n_x.expect */
static void expected_beside(const char *path, struct expected *expected)
{
    char beside[256];

    ck_assert_uint_lt(strlen(path) + strlen(".expect"), sizeof(beside));
    (void)snprintf(beside, sizeof(beside), "%.*s.expect", (int)(strlen(path) - strlen(".yaml")),
                   path);
    CLEANUP(free_p) char *text = read_text(beside);
    ck_assert_int_eq(
        sscanf(text, "%u:%u: %511[^\n]", &expected->line, &expected->column, expected->message), 3);
}

START_TEST(a_y_file_loads)
{
    const char *path = good.gl_pathv[_i];
    CLEANUP(init_config_free_p) struct init_config *config = NULL;
    CLEANUP(init_error_deinit) struct init_error error = {0};
    int r = init_config_load(path, &options, &config, &error);

    ck_assert_msg(r == 0, "%s:%u: %s", path, error.position.line, error.message);
    ck_assert_uint_gt(config->n_entities, 0);
}
END_TEST

START_TEST(an_n_file_is_refused_where_it_says)
{
    const char *path = bad.gl_pathv[_i];
    CLEANUP(init_config_free_p) struct init_config *config = NULL;
    CLEANUP(init_error_deinit) struct init_error error = {0};
    CLEANUP(free_p) char *text = read_text(path);
    struct expected expected = {0};

    if (!expected_in_text(text, &expected)) {
        expected_beside(path, &expected);
    }
    ck_assert_msg(init_config_load(path, &options, &config, &error) == INIT_E_INVALID, "%s", path);
    ck_assert_ptr_null(config);
    ck_assert_str_eq(error.file, path);
    ck_assert_msg(error.position.line == expected.line, "%s: line %u instead of %u: %s", path,
                  error.position.line, expected.line, error.message);
    ck_assert_msg(expected.column == 0 || error.position.column == expected.column,
                  "%s: column %u instead of %u: %s", path, error.position.column, expected.column,
                  error.message);
    ck_assert_msg(strstr(error.message, expected.message) != NULL, "%s: '%s' instead of '%s'", path,
                  error.message, expected.message);
    ck_assert_ptr_nonnull(error.source_line);
}
END_TEST

START_TEST(the_corpus_is_there)
{
    ck_assert_uint_ge(good.gl_pathc, 20);
    ck_assert_uint_ge(bad.gl_pathc, 60);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_corpus");
    TCase *tc = tcase_create("corpus");

    tcase_add_test(tc, the_corpus_is_there);
    tcase_add_loop_test(tc, a_y_file_loads, 0, (int)good.gl_pathc);
    tcase_add_loop_test(tc, an_n_file_is_refused_where_it_says, 0, (int)bad.gl_pathc);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    (void)glob(CORPUS "/y_*.yaml", 0, NULL, &good);
    (void)glob(CORPUS "/n_*.yaml", 0, NULL, &bad);
    int status = check_main(suite());
    globfree(&good);
    globfree(&bad);
    return status;
}
