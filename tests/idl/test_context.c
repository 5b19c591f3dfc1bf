/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/context.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idl/limits.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

#define PING "package echo.IPing interface { FPing(in UInt32 value, out UInt32 result); }"
#define COMPONENT "component echo.CPing endpoints { ping : echo.IPing }"
#define SERVER "entity echo.Server components { cserver : echo.CPing }"

static char folder[] = "/tmp/idl-context-XXXXXX";
static struct idl_context *context;
static const struct idl_file *file;

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    context = idl_context_new();
    ck_assert_ptr_nonnull(context);
    file = NULL;
}

static void teardown(void)
{
    char command[100];

    context = idl_context_free(context);
    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* put_bytes() - write a file below the folder; its directories are made */
static void put_bytes(const char *path, const char *text, size_t size)
{
    char directory[256];

    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path), path);
        mkdir(directory, 0777);
    }
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(text, 1, size, out), size);
    fclose(out);
}

static void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

/* expect_message() - the last load failed, and the first error contains @message */
static void expect_message(int r, const char *message)
{
    ck_assert_int_eq(r, IDL_E_INVALID);
    const struct idl_diagnostic *first = first_error(context);
    ck_assert_ptr_nonnull(first);
    ck_assert_msg(strstr(first->message, message) != NULL, "\"%s\"", first->message);
}

START_TEST(the_echo_example_loads_with_all_that_it_needs)
{
    put("echo/IPing.idl", PING);
    put("echo/CPing.cdl", COMPONENT);
    put("echo/Server.edl", SERVER);
    ck_assert_int_eq(idl_load(context, "echo/Server.edl", &file), 0);
    ck_assert_str_eq(file->prefix, "echo_Server");
    const struct idl_component *component = file->component->components->file->component;
    ck_assert_str_eq(component->endpoints->file->interface->methods->name, "FPing");
}
END_TEST

START_TEST(files_are_listed_after_those_that_they_need)
{
    put("echo/IPing.idl", PING);
    put("echo/CPing.cdl", COMPONENT);
    put("echo/Server.edl", SERVER);
    ck_assert_int_eq(idl_load(context, "echo/Server.edl", &file), 0);
    const struct idl_file *listed = idl_context_files(context);
    ck_assert_str_eq(listed->name, "echo.IPing");
    ck_assert_str_eq(idl_file_path(listed), "echo/IPing.idl");
    ck_assert_str_eq(listed->next->name, "echo.CPing");
    ck_assert_ptr_eq(listed->next->next, file);
    ck_assert_ptr_null(file->next);
}
END_TEST

START_TEST(import_directories_are_searched_in_order)
{
    put("one/a/T.idl", "package a.T const UInt8 X = 1;");
    put("two/a/T.idl", "package a.T const UInt8 X = 2;");
    put("two/a/U.idl", "package a.U const UInt8 Y = 3;");
    put("main.idl", "package a.Main import a.T import a.U const UInt8 Z = X + Y;");
    ck_assert_int_eq(idl_context_add_import_dir(context, "one/"), 0);
    ck_assert_int_eq(idl_context_add_import_dir(context, "two"), 0);
    ck_assert_int_eq(idl_load(context, "main.idl", &file), 0);
    ck_assert_uint_eq(file->declarations->value, 4);
    ck_assert_str_eq(idl_file_path(file->imports->file), "one/a/T.idl");
    ck_assert_str_eq(idl_file_path(file->imports->next->file), "two/a/U.idl");
}
END_TEST

START_TEST(a_file_in_its_packages_folder_makes_that_a_root)
{
    put("x/y/a/T.idl", "package a.T typedef UInt8 T;");
    put("x/y/a/Main.idl", "package a.Main import a.T typedef T U;");
    ck_assert_int_eq(idl_load(context, "x/y/a/Main.idl", &file), 0);
    ck_assert_str_eq(idl_file_path(file->imports->file), "x/y/a/T.idl");
}
END_TEST

START_TEST(so_does_a_file_named_from_within_that_folder)
{
    put("x/a/T.idl", "package a.T typedef UInt8 T;");
    put("x/a/Main.idl", "package a.Main import a.T typedef T U;");
    ck_assert_int_eq(chdir("x/a"), 0);
    ck_assert_int_eq(idl_load(context, "Main.idl", &file), 0);
}
END_TEST

START_TEST(given_directories_go_before_the_files_own_root)
{
    put("own/a/T.idl", "package a.T const UInt8 X = 1;");
    put("given/a/T.idl", "package a.T const UInt8 X = 2;");
    put("own/a/Main.idl", "package a.Main import a.T const UInt8 Y = X;");
    ck_assert_int_eq(idl_context_add_import_dir(context, "given"), 0);
    ck_assert_int_eq(idl_load(context, "own/a/Main.idl", &file), 0);
    ck_assert_uint_eq(file->declarations->value, 2);
}
END_TEST

START_TEST(what_comes_with_idlc_is_looked_for_last)
{
    put("shipped/k/Own.idl", "package k.Own const UInt8 X = 1;");
    put("shipped/k/Root.idl", "package k.Root const UInt8 Y = 1;");
    put("shipped/k/Given.idl", "package k.Given import k.Own const UInt8 Z = 1;");
    put("shipped/k/Only.idl", "package k.Only import k.Given const UInt8 W = 1;");
    put("root/k/Root.idl", "package k.Root const UInt8 Y = 2;");
    put("given/k/Given.idl", "package k.Given const UInt8 Z = 2;");
    put("root/a/M.idl", "package a.M import k.Only import k.Root import k.Given import k.Own");
    ck_assert_int_eq(idl_context_set_shipped_dir(context, "shipped"), 0);
    ck_assert_int_eq(idl_context_add_import_dir(context, "given"), 0);
    ck_assert_int_eq(idl_load(context, "root/a/M.idl", &file), 0);

    static const char *const paths[] = {"shipped/k/Only.idl", "root/k/Root.idl",
                                        "given/k/Given.idl", "shipped/k/Own.idl"};
    const struct idl_import *import = file->imports;
    for (size_t i = 0; i < 4; i++, import = import->next) {
        ck_assert_str_eq(idl_file_path(import->file), paths[i]);
        ck_assert_int_eq(idl_file_is_shipped(import->file), paths[i][0] == 's');
    }
    ck_assert(!idl_file_is_shipped(file));
}
END_TEST

START_TEST(a_folder_that_only_starts_like_the_shipped_one_is_not_shipped)
{
    put("shipped2/k/Own.idl", "package k.Own const UInt8 X = 1;");
    put("main.idl", "package a.Main import k.Own");
    ck_assert_int_eq(idl_context_set_shipped_dir(context, "shipped"), 0);
    ck_assert_int_eq(idl_context_add_import_dir(context, "shipped2"), 0);
    ck_assert_int_eq(idl_load(context, "main.idl", &file), 0);
    ck_assert(!idl_file_is_shipped(file->imports->file));
}
END_TEST

START_TEST(files_in_one_folder_find_each_other_by_what_they_declare)
{
    put("flat/T.idl", "package a.T typedef UInt8 T;");
    put("flat/I.idl", "package b.I import a.T interface { M(in T t); }");
    put("flat/C.cdl", "component c.C endpoints { i : b.I }");
    put("flat/E.edl", "entity d.E components { c : c.C }");
    ck_assert_int_eq(idl_load(context, "flat/E.edl", &file), 0);
    put("flat/Main.idl", "package a.Main import wrong.T");
    expect_message(idl_load(context, "flat/Main.idl", &file), "cannot find wrong/T.idl");
}
END_TEST

START_TEST(a_file_elsewhere_has_no_root)
{
    put("a/T.idl", "package a.T typedef UInt8 T;");
    put("b/Main.idl", "package a.Main import a.T");
    expect_message(idl_load(context, "b/Main.idl", &file),
                   "cannot find a/T.idl: no directory to look in, add one with -I");
}
END_TEST

START_TEST(what_cannot_be_found_names_the_directories)
{
    put("a/Main.idl", "package a.Main import b.T");
    expect_message(idl_load(context, "a/Main.idl", &file), "cannot find b/T.idl in .; add");
    context = idl_context_free(context);
    context = idl_context_new();
    idl_context_add_import_dir(context, "given");
    expect_message(idl_load(context, "a/Main.idl", &file),
                   "cannot find b/T.idl in . and the other directories given; add");
}
END_TEST

START_TEST(a_file_is_loaded_once)
{
    const struct idl_file *again;

    put("a/T.idl", "package a.T typedef UInt8 T;");
    put("a/Main.idl", "package a.Main import a.T typedef T U;");
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &file), 0);
    ck_assert_int_eq(idl_load(context, "./a/../a/T.idl", &again), 0);
    ck_assert_ptr_eq(again, file->imports->file);
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &again), 0);
    ck_assert_ptr_eq(again, file);
}
END_TEST

START_TEST(a_bad_file_is_reported_once)
{
    put("a/T.idl", "package a.T typedef Foo T;");
    put("a/Main.idl", "package a.Main import a.T typedef T U;");
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &file), IDL_E_INVALID);
    ck_assert_int_eq(idl_load(context, "a/T.idl", &file), IDL_E_INVALID);
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &file), IDL_E_INVALID);
    ck_assert_uint_eq(idl_n_errors(context), 1);
    ck_assert_ptr_null(file);
}
END_TEST

START_TEST(two_files_of_one_name_are_refused)
{
    put("one.idl", "package a.T");
    put("two.idl", "package a.T");
    ck_assert_int_eq(idl_load(context, "one.idl", &file), 0);
    expect_message(idl_load(context, "two.idl", &file), "another file has the name 'a.T'");
}
END_TEST

START_TEST(two_files_of_one_name_in_c_are_refused)
{
    put("one.idl", "package a_b.T");
    put("two.idl", "package a.b_T");
    ck_assert_int_eq(idl_load(context, "one.idl", &file), 0);
    expect_message(idl_load(context, "two.idl", &file),
                   "another file has the name 'a_b.T', which is 'a_b_T' in C too");
}
END_TEST

START_TEST(a_component_may_be_named_as_an_interface_but_not_as_a_task_class)
{
    put("T.idl", "package a.T");
    put("T.cdl", "component a.T");
    put("T.edl", "entity a.T");
    ck_assert_int_eq(idl_load(context, "T.idl", &file), 0);
    ck_assert_int_eq(idl_load(context, "T.cdl", &file), 0);
    expect_message(idl_load(context, "T.edl", &file), "another file has the name 'a.T'");
}
END_TEST

START_TEST(the_given_file_may_have_any_name)
{
    put("whatever.idl", PING);
    ck_assert_int_eq(idl_load(context, "whatever.idl", &file), 0);
    ck_assert_str_eq(file->name, "echo.IPing");
}
END_TEST

START_TEST(other_suffixes_are_refused)
{
    put("IPing.txt", PING);
    expect_message(idl_load(context, "IPing.txt", &file), "must end in .idl, .cdl or .edl");
}
END_TEST

START_TEST(a_given_file_that_cannot_be_read_is_an_errno)
{
    ck_assert_int_eq(idl_load(context, "none.idl", &file), -ENOENT);
    ck_assert_int_eq(mkdir("folder.idl", 0777), 0);
    ck_assert_int_eq(idl_load(context, "folder.idl", &file), -EISDIR);
    ck_assert_int_eq(mkfifo("fifo.idl", 0666), 0);
    ck_assert_int_eq(idl_load(context, "fifo.idl", &file), -EINVAL);
    ck_assert_uint_eq(idl_n_errors(context), 0);
}
END_TEST

START_TEST(an_import_that_cannot_be_read_is_an_error_at_the_import)
{
    put("a/T.idl/x", "");
    put("a/Main.idl", "package a.Main import a.T");
    expect_message(idl_load(context, "a/Main.idl", &file), "cannot read a/T.idl: Is a directory");
    ck_assert_uint_eq(context->diagnostics.first->position.column, 23);
}
END_TEST

START_TEST(a_file_has_at_most_1_mib)
{
    char *text = repeated("package a.B\n", " ", IDL_FILE_BYTES_MAX - 12, "");

    ck_assert_uint_eq(strlen(text), IDL_FILE_BYTES_MAX);
    put("fits.idl", text);
    ck_assert_int_eq(idl_load(context, "fits.idl", &file), 0);
    free(text);
    text = repeated("package a.C\n", " ", IDL_FILE_BYTES_MAX - 11, "");
    put("large.idl", text);
    expect_message(idl_load(context, "large.idl", &file), "larger than 1048576 bytes");
    ck_assert_int_eq(
        idl_load_memory(context, IDL_FILE_IDL, "large", text, IDL_FILE_BYTES_MAX + 1, &file),
        IDL_E_INVALID);
    free(text);
}
END_TEST

START_TEST(an_empty_file_is_an_error_in_line_1)
{
    put("empty.idl", "");
    expect_message(idl_load(context, "empty.idl", &file), "expected 'package'");
    ck_assert_uint_eq(context->diagnostics.first->position.line, 1);
    ck_assert_uint_eq(context->diagnostics.first->position.column, 1);
}
END_TEST

START_TEST(nul_bytes_and_broken_utf8_have_their_places)
{
    put_bytes("nul.idl", "package a.B\n// \0", 16);
    expect_message(idl_load(context, "nul.idl", &file), "a NUL byte");
    ck_assert_uint_eq(context->diagnostics.first->position.line, 2);
    ck_assert_uint_eq(context->diagnostics.first->position.column, 4);
    put("utf8.idl", "package a.B\n// \xD0");
    ck_assert_int_eq(idl_load(context, "utf8.idl", &file), IDL_E_INVALID);
    ck_assert_str_eq(context->diagnostics.latest->message,
                     "byte 0xD0 is not valid UTF-8; save the file as UTF-8");
    ck_assert_uint_eq(context->diagnostics.latest->position.column, 4);
}
END_TEST

START_TEST(a_long_chain_of_imports_is_refused)
{
    char path[32];
    char text[64];

    for (unsigned i = 0; i <= IDL_IMPORT_DEPTH_MAX; i++) {
        snprintf(path, sizeof(path), "a/T%u.idl", i);
        snprintf(text, sizeof(text), "package a.T%u import a.T%u", i, i + 1);
        put(path, text);
    }
    put("a/T65.idl", "package a.T65");
    ck_assert_int_eq(idl_load(context, "a/T2.idl", &file), 0);
    context = idl_context_free(context);
    context = idl_context_new();
    expect_message(idl_load(context, "a/T1.idl", &file), "more than 64 files wait");
}
END_TEST

START_TEST(too_many_files_are_refused)
{
    char name[32];

    for (unsigned i = 0; i < IDL_FILES_MAX; i++) {
        snprintf(name, sizeof(name), "package a.T%u", i);
        ck_assert_int_eq(
            idl_load_memory(context, IDL_FILE_IDL, "memory", name, strlen(name), &file), 0);
    }
    expect_message(idl_load_memory(context, IDL_FILE_IDL, "memory", "package a.U", 11, &file),
                   "more than 4096 files in one run");
}
END_TEST

START_TEST(files_from_memory_see_one_another)
{
    ck_assert_int_eq(idl_load_memory(context, IDL_FILE_IDL, "memory", PING, strlen(PING), &file),
                     0);
    ck_assert_int_eq(
        idl_load_memory(context, IDL_FILE_CDL, "memory", COMPONENT, strlen(COMPONENT), &file), 0);
    ck_assert_str_eq(file->component->endpoints->file->name, "echo.IPing");
}
END_TEST

START_TEST(warnings_are_about_files_that_are_given)
{
    put("a/T.idl", "package a.T const UInt8 X = 1; interface {}");
    put("a/Main.idl", "package a.Main import a.T const UInt8 Y = X;");
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &file), 0);
    ck_assert_uint_eq(idl_n_warnings(context), 0);
    ck_assert_int_eq(idl_load(context, "a/T.idl", &file), 0);
    ck_assert_uint_eq(idl_n_warnings(context), 1);
    ck_assert_int_eq(idl_load(context, "a/T.idl", &file), 0);
    ck_assert_uint_eq(idl_n_warnings(context), 1);
}
END_TEST

START_TEST(a_file_with_warnings_that_are_errors_fails_each_time_it_is_given)
{
    put("T.idl", "package T interface {}");
    idl_context_set_warnings_are_errors(context);
    ck_assert_int_eq(idl_load(context, "T.idl", &file), IDL_E_INVALID);
    ck_assert_int_eq(idl_load(context, "T.idl", &file), IDL_E_INVALID);
    ck_assert_uint_eq(idl_n_errors(context), 1);
}
END_TEST

START_TEST(a_wrong_handle_is_found_in_a_file_that_is_given_after_its_import)
{
    put("a/T.idl", "package a.T const UInt8 X = 1; struct S { handle<a.T> h; }");
    put("a/Main.idl", "package a.Main import a.T const UInt8 Y = X;");
    ck_assert_int_eq(idl_load(context, "a/Main.idl", &file), 0);
    expect_message(idl_load(context, "a/T.idl", &file), "package 'a.T' has no interface");
}
END_TEST

START_TEST(after_20_errors_nothing_is_accepted)
{
    char *text = repeated("package a.B ", "typedef Foo T;", IDL_DIAGNOSTICS_MAX, "");

    ck_assert_int_eq(idl_load_memory(context, IDL_FILE_IDL, "memory", text, strlen(text), &file),
                     IDL_E_INVALID);
    ck_assert_int_eq(idl_load_memory(context, IDL_FILE_IDL, "memory", PING, strlen(PING), &file),
                     IDL_E_INVALID);
    ck_assert_ptr_null(file);
    ck_assert_uint_eq(idl_n_errors(context), IDL_DIAGNOSTICS_MAX);
    free(text);
}
END_TEST

START_TEST(nothing_is_freed_twice)
{
    ck_assert_ptr_null(idl_context_free(NULL));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl context");
    TCase *tcase = tcase_create("context");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_echo_example_loads_with_all_that_it_needs);
    tcase_add_test(tcase, files_are_listed_after_those_that_they_need);
    tcase_add_test(tcase, import_directories_are_searched_in_order);
    tcase_add_test(tcase, a_file_in_its_packages_folder_makes_that_a_root);
    tcase_add_test(tcase, so_does_a_file_named_from_within_that_folder);
    tcase_add_test(tcase, given_directories_go_before_the_files_own_root);
    tcase_add_test(tcase, what_comes_with_idlc_is_looked_for_last);
    tcase_add_test(tcase, a_folder_that_only_starts_like_the_shipped_one_is_not_shipped);
    tcase_add_test(tcase, files_in_one_folder_find_each_other_by_what_they_declare);
    tcase_add_test(tcase, a_file_elsewhere_has_no_root);
    tcase_add_test(tcase, what_cannot_be_found_names_the_directories);
    tcase_add_test(tcase, a_file_is_loaded_once);
    tcase_add_test(tcase, a_bad_file_is_reported_once);
    tcase_add_test(tcase, two_files_of_one_name_are_refused);
    tcase_add_test(tcase, two_files_of_one_name_in_c_are_refused);
    tcase_add_test(tcase, a_component_may_be_named_as_an_interface_but_not_as_a_task_class);
    tcase_add_test(tcase, the_given_file_may_have_any_name);
    tcase_add_test(tcase, other_suffixes_are_refused);
    tcase_add_test(tcase, a_given_file_that_cannot_be_read_is_an_errno);
    tcase_add_test(tcase, an_import_that_cannot_be_read_is_an_error_at_the_import);
    tcase_add_test(tcase, a_file_has_at_most_1_mib);
    tcase_add_test(tcase, an_empty_file_is_an_error_in_line_1);
    tcase_add_test(tcase, nul_bytes_and_broken_utf8_have_their_places);
    tcase_add_test(tcase, a_long_chain_of_imports_is_refused);
    tcase_add_test(tcase, too_many_files_are_refused);
    tcase_add_test(tcase, files_from_memory_see_one_another);
    tcase_add_test(tcase, warnings_are_about_files_that_are_given);
    tcase_add_test(tcase, a_file_with_warnings_that_are_errors_fails_each_time_it_is_given);
    tcase_add_test(tcase, a_wrong_handle_is_found_in_a_file_that_is_given_after_its_import);
    tcase_add_test(tcase, after_20_errors_nothing_is_accepted);
    tcase_add_test(tcase, nothing_is_freed_twice);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
