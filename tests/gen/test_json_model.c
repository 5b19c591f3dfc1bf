/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc --json: the model of golden inputs (tests/gen/json), and that gen/man/idlc-json.5.scd
 * describes every key. `make golden` refreshes the expected output; review the diff.
 */
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/write_file.h"
#include "tests/support/check_main.h"
#include "tests/support/solution.h"

#define PAGE "gen/man/idlc-json.5.scd"

/* Inputs of tests/gen/golden, each with a JSON file of its name. */
static const char *const inputs[] = {"constants",         "unions", "handles", "nested",
                                     "components_nested", "echo",   "errors",  "imports"};

/* run() - a shell command's output; it must succeed */
static char *run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *run(const char *format, ...)
{
    char command[2 * PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    FILE *in = popen(command, "r");
    FILE *copy = open_memstream(&text, &size);
    for (int c = fgetc(in); c != EOF; c = fgetc(in)) {
        fputc(c, copy);
    }
    fclose(copy);
    ck_assert_int_eq(pclose(in), 0);
    return text;
}

/* model_of() - what idlc prints for all files of a golden input */
static char *model_of(const char *input)
{
    return run("find tests/gen/golden/%s/in -name '*.?dl' | LC_ALL=C sort | "
               "xargs %s/bin/idlc --json -I tests/gen/golden/%s/in",
               input, build_folder(), input);
}

START_TEST(a_model_is_printed_as_expected)
{
    char path[PATH_MAX];
    char *expected;
    size_t size;
    char *model = model_of(inputs[_i]);

    snprintf(path, sizeof(path), "tests/gen/json/%s.json", inputs[_i]);
    ck_assert_int_eq(read_file(path, &expected, &size), 0);
    ck_assert_str_eq(model, expected);
    free(expected);
    free(model);
}
END_TEST

/* is_described() - whether the page has *key* */
static bool is_described(const char *page, const char *key)
{
    char text[80];

    snprintf(text, sizeof(text), "*%s*", key);
    return strstr(page, text) != NULL;
}

/* expect_described() - every key in a value, at any depth */
static void expect_described(const char *page, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, member)
        {
            expect_described(page, member);
        }
    } else if (json_is_object(value)) {
        json_object_foreach((json_t *)value, key, member)
        {
            ck_assert_msg(is_described(page, key), "%s is not in " PAGE, key);
            expect_described(page, member);
        }
    }
}

START_TEST(every_key_is_described)
{
    json_error_t error;
    char *page;
    size_t size;
    char *model = model_of(inputs[_i]);

    ck_assert_int_eq(read_file(PAGE, &page, &size), 0);
    json_t *value = json_loads(model, 0, &error);
    ck_assert_msg(value != NULL, "%s", error.text);
    expect_described(page, value);
    json_decref(value);
    free(page);
    free(model);
}
END_TEST

START_TEST(every_described_key_is_there)
{
    char *all = run("for input in constants unions handles nested components_nested echo errors "
                    "imports; do cat tests/gen/json/$input.json; done");
    char *keys = run("sed -n '/^# OF/,/^# EX/p' " PAGE " | grep -o '^[[:space:]]*\\*[a-z_*, ]*$' | "
                     "grep -o '[a-z_]*'");
    unsigned n_keys = 0;

    for (char *key = strtok(keys, "\n"); key != NULL; key = strtok(NULL, "\n")) {
        char text[80];
        snprintf(text, sizeof(text), "\"%s\": ", key);
        ck_assert_msg(strstr(all, text) != NULL, "nothing has the key %s", key);
        n_keys++;
    }
    ck_assert_uint_gt(n_keys, 20);
    free(keys);
    free(all);
}
END_TEST

START_TEST(a_wrong_file_prints_no_model)
{
    char *text =
        run("! %s/bin/idlc --json tests/idl/corpus/n_const_self.idl 2> /dev/null", build_folder());

    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json model");
    TCase *cases = tcase_create("json model");
    int n = (int)(sizeof(inputs) / sizeof(inputs[0]));

    tcase_add_loop_test(cases, a_model_is_printed_as_expected, 0, n);
    tcase_add_loop_test(cases, every_key_is_described, 0, n);
    tcase_add_test(cases, every_described_key_is_there);
    tcase_add_test(cases, a_wrong_file_prints_no_model);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
