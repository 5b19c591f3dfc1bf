/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of every golden input is as in tests/gen/json, and gen/man/idlc-json.5.scd describes
 * its keys. After a change that is meant: `make golden`, and review the diff.
 */
#include "gen/json_model.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>

#include "gen/write_file.h"
#include "idl/builtin.h"
#include "tests/gen/folder.h"
#include "tests/gen/golden.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

#define PAGE "gen/man/idlc-json.5.scd"

static struct golden golden;

/* A model is printed into memory. */
struct print {
    int r;
    char *text;
};

/* print_files() - what json_model_print() makes of these; release the text with free() */
static struct print print_files(const struct idl_file *const files[], size_t n_files)
{
    struct print print;
    size_t size;
    FILE *out = open_memstream(&print.text, &size);

    ck_assert_ptr_nonnull(out);
    print.r = json_model_print(out, files, n_files);
    fclose(out);
    print.text = take_stream(print.text);
    return print;
}

/* print_one() - the same for one file, which must go well */
static char *print_one(const struct idl_file *file)
{
    struct print print = print_files(&file, 1);

    ck_assert_int_eq(print.r, 0);
    return print.text;
}

/* print_case() - the model of all files of a golden input */
static char *print_case(const char *name)
{
    struct idl_context *context = idl_context_new();
    const struct idl_file *files[FILES_MAX];
    struct files paths;
    char in[PATH_MAX];

    snprintf(in, sizeof(in), GOLDEN "/%s/in", name);
    ck_assert_ptr_nonnull(context);
    ck_assert_int_eq(idl_context_add_import_dir(context, in), 0);
    folder_list(in, &paths);
    for (size_t i = 0; i < paths.n; i++) {
        ck_assert_int_eq(idl_load(context, paths.paths[i], &files[i]), 0);
    }
    struct print print = print_files(files, paths.n);
    ck_assert_int_eq(print.r, 0);
    files_free(&paths);
    idl_context_free(context);
    return print.text;
}

START_TEST(a_model_is_printed_as_expected)
{
    const char *name = golden.cases[_i]->d_name;
    char path[PATH_MAX];
    char *expected;
    size_t size;
    char *text = print_case(name);

    snprintf(path, sizeof(path), "tests/gen/json/%s.json", name);
    ck_assert_msg(read_file(path, &expected, &size) == 0, "%s is missing; `make golden`", path);
    ck_assert_msg(strcmp(text, expected) == 0,
                  "%s has changed; if that is right, run `make golden` and review the diff", path);
    free(expected);
    free(text);
}
END_TEST

/* add_key() - to a set of keys */
static void add_key(json_t *keys, const char *key)
{
    ck_assert_int_eq(json_object_set_new(keys, key, json_true()), 0);
}

/* describe() - add the keys that a section of the page describes: lines such as "*in*, *out*" */
static void describe(json_t *keys, const char *title)
{
    char *line = NULL;
    size_t size = 0;
    bool is_inside = false;
    FILE *page = fopen(PAGE, "r");

    ck_assert_ptr_nonnull(page);
    while (getline(&line, &size, page) > 0) {
        if (line[0] == '#') {
            is_inside = strstr(line, title) != NULL;
        }
        size_t n_tabs = strspn(line, "\t");
        if (is_inside && line[n_tabs] == '*' && strchr(line, ' ') == strstr(line, " *")) {
            for (char *key = strtok(line, "\t\n*, "); key != NULL; key = strtok(NULL, "\t\n*, ")) {
                add_key(keys, key);
            }
        }
    }
    free(line);
    fclose(page);
}

/* collect() - add the keys of a value to @parts, at any depth, but those of types to @types */
static void collect(const json_t *value, json_t *parts, json_t *types)
{
    const char *key;
    json_t *member;
    size_t i;

    json_array_foreach(value, i, member)
    {
        collect(member, parts, types);
    }
    json_object_foreach((json_t *)value, key, member)
    {
        bool is_type = strcmp(key, "type") == 0 || strcmp(key, "element") == 0;
        add_key(parts, key);
        collect(member, is_type ? types : parts, types);
    }
}

/* take_common() - remove what every file has, and must have, from the model of one */
static void take_common(json_t *file)
{
    json_t *common = json_object();
    const char *key;
    json_t *member;

    describe(common, "OF EVERY FILE");
    ck_assert_uint_gt(json_object_size(common), 0);
    json_object_foreach(common, key, member)
    {
        ck_assert_msg(json_object_del(file, key) == 0, "a file has no %s", key);
    }
    json_decref(common);
}

/* collect_all() - from the expected models of all IDL files, or of all others */
static void collect_all(bool is_idl, json_t *parts, json_t *types)
{
    for (int i = 0; i < golden.n_cases; i++) {
        char path[PATH_MAX];
        json_t *file;
        size_t j;
        snprintf(path, sizeof(path), "tests/gen/json/%s.json", golden.cases[i]->d_name);
        json_t *files = json_load_file(path, 0, NULL);
        ck_assert_msg(json_is_array(files), "%s", path);
        json_array_foreach(files, j, file)
        {
            const char *kind = json_string_value(json_object_get(file, "kind"));
            ck_assert_ptr_nonnull(kind);
            if ((strcmp(kind, "idl") == 0) == is_idl) {
                take_common(file);
                collect(file, parts, types);
            }
        }
        json_decref(files);
    }
}

/* expect_described() - exactly these keys are described in the section, or for all that has a name
 */
static void expect_described(json_t *keys, const char *title, const char *more)
{
    json_t *described = json_object();

    describe(described, title);
    if (more != NULL) {
        describe(described, more);
    }
    char *expected = json_dumps(described, JSON_SORT_KEYS);
    char *actual = json_dumps(keys, JSON_SORT_KEYS);
    ck_assert_str_eq(actual, expected);
    free(actual);
    free(expected);
    json_decref(described);
    json_decref(keys);
}

START_TEST(the_page_describes_each_key_where_it_is_and_no_other)
{
    json_t *parts = json_object();
    json_t *types = json_object();
    json_t *no_types = json_object();

    collect_all(true, parts, types);
    expect_described(parts, "OF AN IDL FILE", "DESCRIPTION");
    expect_described(types, "OF A TYPE", NULL);
    parts = json_object();
    collect_all(false, parts, no_types);
    expect_described(parts, "OF A CDL OR EDL FILE", "DESCRIPTION");
    ck_assert_uint_eq(json_object_size(no_types), 0);
    json_decref(no_types);
}
END_TEST

START_TEST(the_page_names_every_kind_of_type)
{
    const struct idl_builtin *builtin;
    char text[80];
    char *page;
    size_t size;

    ck_assert_int_eq(read_file(PAGE, &page, &size), 0);
    for (size_t i = 0; (builtin = idl_builtin_at(i)) != NULL; i++) {
        snprintf(text, sizeof(text), "\"%s\"", idl_builtin_of_kind(builtin->kind)->name);
        ck_assert_msg(strstr(page, text) != NULL, "%s is not in " PAGE, text);
    }
    free(page);
}
END_TEST

START_TEST(a_path_that_is_not_utf8_is_printed_as_far_as_it_is)
{
    static const char path[] = "caf\xE9/\xD1\x8F\"\n\xE2\x82.idl";
    static const char text[] = "package test.Test";
    struct idl_context *context = idl_context_new();
    const struct idl_file *file;

    ck_assert_int_eq(idl_load_memory(context, IDL_FILE_IDL, path, text, sizeof(text) - 1, &file),
                     0);
    char *model = print_one(file);
    ck_assert_ptr_nonnull(
        strstr(model, "\"path\": \"caf\xEF\xBF\xBD/\xD1\x8F\\\"\\n\xEF\xBF\xBD\xEF\xBF\xBD.idl\""));
    free(model);
    idl_context_free(context);
}
END_TEST

START_TEST(a_model_that_cannot_be_written_is_an_error)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package test.Test");
    FILE *full = fopen("/dev/full", "w");

    ck_assert_ptr_nonnull(full);
    ck_assert_int_eq(json_model_print(full, &loaded.file, 1), -ENOSPC);
    fclose(full);
    unload(&loaded);
}
END_TEST

/* How many blocks of memory jansson asked for, and which of them, from 0, it did not get. */
static size_t n_blocks;
static size_t missing_block;

static void *allocate_all_but_one(size_t size)
{
    return n_blocks++ == missing_block ? NULL : malloc(size);
}

START_TEST(without_memory_nothing_is_printed)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package test.Test\n"
                                "const UInt8 C = 1;\n"
                                "typedef UInt8 U8;\n"
                                "union U { UInt8 a; array<string<3>, 2> b; U8 c; U8 d; U8 e; "
                                "U8 f; U8 g; U8 h; U8 i; }\n"
                                "interface { M(in U u, out Handle h); }\n");
    struct print print = {.r = -ENOMEM};

    json_set_alloc_funcs(allocate_all_but_one, free);
    for (missing_block = 0; print.r == -ENOMEM; missing_block++) {
        n_blocks = 0;
        print = print_files(&loaded.file, 1);
        ck_assert_int_eq(print.r == 0, n_blocks <= missing_block);
        ck_assert_int_eq(print.r == 0, print.text[0] != '\0');
        free(print.text);
    }
    json_set_alloc_funcs(malloc, free);
    ck_assert_int_eq(print.r, 0);
    unload(&loaded);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("json model");
    TCase *tcase = tcase_create("json model");

    tcase_add_loop_test(tcase, a_model_is_printed_as_expected, 0, golden.n_cases);
    tcase_add_test(tcase, the_page_describes_each_key_where_it_is_and_no_other);
    tcase_add_test(tcase, the_page_names_every_kind_of_type);
    tcase_add_test(tcase, a_path_that_is_not_utf8_is_printed_as_far_as_it_is);
    tcase_add_test(tcase, a_model_that_cannot_be_written_is_an_error);
    tcase_add_test(tcase, without_memory_nothing_is_printed);
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
