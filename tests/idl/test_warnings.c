/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names and settings of warnings, and whom they are for. What each of them finds is in the
 * files w_* of tests/idl/corpus.
 */
#include "idl/warnings.h"

#include <check.h>
#include <string.h>

#include "idl/limits.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

#define EMPTY "package a.B interface {}"

/* settled() - a run in which one warning is off, or none if it has no name */
static struct loaded settled(const char *off, bool are_errors)
{
    struct loaded loaded = {.context = idl_context_new()};

    ck_assert_ptr_nonnull(loaded.context);
    if (off != NULL) {
        ck_assert_int_eq(idl_context_set_warning(loaded.context, off, false), 0);
    }
    if (are_errors) {
        idl_context_set_warnings_are_errors(loaded.context);
    }
    return loaded;
}

START_TEST(the_list_is_sorted_and_can_be_searched)
{
    enum idl_warning warning;
    size_t n = 0;

    for (; idl_warning_at(n) != NULL; n++) {
        const struct idl_warning_info *info = idl_warning_at(n);
        ck_assert_ptr_nonnull(info->summary);
        ck_assert(idl_warning_find(info->name, &warning));
        ck_assert_uint_eq(warning, n);
        ck_assert(n == 0 || strcmp(idl_warning_at(n - 1)->name, info->name) < 0);
    }
    ck_assert_uint_eq(n, IDL_N_WARNINGS);
    ck_assert(!idl_warning_find("shado", &warning));
}
END_TEST

START_TEST(the_nearest_name_is_found)
{
    ck_assert_str_eq(idl_warning_nearest("unused-imports"), "unused-import");
    ck_assert_str_eq(idl_warning_nearest("shado"), "shadow");
    ck_assert_ptr_null(idl_warning_nearest("everything"));
}
END_TEST

START_TEST(a_warning_does_not_fail_the_load)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, EMPTY);

    ck_assert_uint_eq(idl_n_warnings(loaded.context), 1);
    ck_assert_uint_eq(idl_n_errors(loaded.context), 0);
    ck_assert_ptr_nonnull(loaded.file->interface);
    unload(&loaded);
}
END_TEST

START_TEST(each_can_be_switched_off_and_on_again)
{
    struct loaded loaded = settled("empty-interface", false);

    load_more(&loaded, IDL_FILE_IDL, EMPTY);
    ck_assert_uint_eq(idl_n_warnings(loaded.context), 0);
    ck_assert_int_eq(idl_context_set_warning(loaded.context, "empty-interface", true), 0);
    load_more(&loaded, IDL_FILE_IDL, "package a.C interface {}");
    ck_assert_uint_eq(idl_n_warnings(loaded.context), 1);
    unload(&loaded);
}
END_TEST

START_TEST(an_unknown_name_is_refused)
{
    struct loaded loaded = settled(NULL, false);

    ck_assert_int_eq(idl_context_set_warning(loaded.context, "empty", false), IDL_E_INVALID);
    ck_assert_int_eq(idl_context_set_warning(loaded.context, "", true), IDL_E_INVALID);
    unload(&loaded);
}
END_TEST

START_TEST(warnings_can_be_errors)
{
    struct loaded loaded = settled(NULL, true);

    load_more(&loaded, IDL_FILE_IDL, "package a.B\ninterface {}");
    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    ck_assert_uint_eq(idl_n_errors(loaded.context), 1);
    ck_assert_uint_eq(idl_n_warnings(loaded.context), 0);
    char *output = printed(loaded.context);
    ck_assert_str_eq(output,
                     "test.idl:2:1: error: this interface has no methods, so that nobody can "
                     "call it; add one, or remove the interface [-Werror=empty-interface]\n"
                     "interface {}\n"
                     "^~~~~~~~~\n");
    free(output);
    unload(&loaded);
}
END_TEST

START_TEST(one_that_is_off_is_no_error)
{
    struct loaded loaded = settled("empty-interface", true);

    load_more(&loaded, IDL_FILE_IDL, EMPTY);
    ck_assert_int_eq(loaded.r, 0);
    ck_assert_uint_eq(idl_n_errors(loaded.context), 0);
    unload(&loaded);
}
END_TEST

START_TEST(a_file_with_warnings_that_are_errors_does_not_spoil_others)
{
    struct loaded loaded = settled(NULL, true);

    load_more(&loaded, IDL_FILE_IDL, "package a.B const UInt8 N = 4; interface {}");
    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    load_more(&loaded, IDL_FILE_IDL, "package a.C import a.B typedef bytes<N> Data;");
    ck_assert_int_eq(loaded.r, 0);
    unload(&loaded);
}
END_TEST

START_TEST(a_bad_file_has_no_warnings)
{
    struct loaded loaded = load_text(IDL_FILE_IDL, "package a.B typedef Foo T; interface {}");

    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    ck_assert_uint_eq(idl_n_errors(loaded.context), 1);
    ck_assert_uint_eq(idl_n_warnings(loaded.context), 0);
    unload(&loaded);
}
END_TEST

START_TEST(however_many_there_are_they_are_counted)
{
    char *text = repeated("package a.B interface { M(in ", "sequence<", 31, "UInt8");
    char *whole = repeated(text, ", 0>", 31, " x); }");
    struct loaded loaded = load_good(IDL_FILE_IDL, whole);
    char *output = printed(loaded.context);

    ck_assert_uint_eq(idl_n_warnings(loaded.context), IDL_DIAGNOSTICS_MAX);
    ck_assert_ptr_nonnull(strstr(output, "\n11 more warnings;"));
    free(output);
    unload(&loaded);
    free(whole);
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl warnings");
    TCase *tcase = tcase_create("warnings");

    tcase_add_test(tcase, the_list_is_sorted_and_can_be_searched);
    tcase_add_test(tcase, the_nearest_name_is_found);
    tcase_add_test(tcase, a_warning_does_not_fail_the_load);
    tcase_add_test(tcase, each_can_be_switched_off_and_on_again);
    tcase_add_test(tcase, an_unknown_name_is_refused);
    tcase_add_test(tcase, warnings_can_be_errors);
    tcase_add_test(tcase, one_that_is_off_is_no_error);
    tcase_add_test(tcase, a_file_with_warnings_that_are_errors_does_not_spoil_others);
    tcase_add_test(tcase, a_bad_file_has_no_warnings);
    tcase_add_test(tcase, however_many_there_are_they_are_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
