/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/diagnostics.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "idl/limits.h"
#include "idl/source.h"
#include "idl/suggest.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* expect_printed() - a refused IDL text gives exactly this output */
static void expect_printed(const char *text, const char *expected)
{
    struct loaded loaded = load_text(IDL_FILE_IDL, text);
    char *output = printed(loaded.context);

    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    ck_assert_str_eq(output, expected);
    free(output);
    unload(&loaded);
}

/* suggestion_for() - the better of two candidates, or NULL */
static const char *suggestion_for(const char *wanted, const char *one, const char *other)
{
    struct idl_suggestion suggestion;

    idl_suggestion_init(&suggestion, wanted, strlen(wanted));
    idl_suggestion_offer(&suggestion, one);
    idl_suggestion_offer(&suggestion, other);
    return suggestion.best;
}

START_TEST(an_error_shows_its_line_and_a_caret)
{
    expect_printed("package echo.IPing\ninterface {\n    FPing(in UInt31 value);\n}\n",
                   "test.idl:3:14: error: unknown type 'UInt31'; did you mean 'UInt32'?\n"
                   "    FPing(in UInt31 value);\n"
                   "             ^\n");
}
END_TEST

START_TEST(a_note_shows_the_other_place)
{
    expect_printed("package a.B\nconst UInt8 X = 1;\nconst UInt8 X = 2;\n",
                   "test.idl:3:13: error: 'X' is declared twice in this file; rename one of them\n"
                   "const UInt8 X = 2;\n"
                   "            ^\n"
                   "test.idl:2:13: note: the earlier one is here\n"
                   "const UInt8 X = 1;\n"
                   "            ^\n");
}
END_TEST

START_TEST(tabs_and_cyrillic_keep_the_caret_in_its_place)
{
    expect_printed("package a.B\n\ttypedef\t/* \xD0\xB6\xD0\xB6 */ Foo T;\r\n",
                   "test.idl:2:21: error: unknown type 'Foo'\n"
                   "\ttypedef\t/* \xD0\xB6\xD0\xB6 */ Foo T;\n"
                   "\t       \t         ^\n");
}
END_TEST

START_TEST(control_characters_do_not_reach_the_terminal)
{
    expect_printed("package a.B\n/* \x1B[31m \xC2\x9B \x7F */ typedef Foo T;\n",
                   "test.idl:2:26: error: unknown type 'Foo'\n"
                   "/* ?[31m ? ? */ typedef Foo T;\n"
                   "                        ^\n");
}
END_TEST

START_TEST(of_a_long_line_a_part_is_shown)
{
    char *text = repeated("package a.B const UInt8 X = 0", "+1", 300, "+Foo+1+1");
    char *whole = repeated(text, "+1", 300, ";");
    struct loaded loaded = load_text(IDL_FILE_IDL, whole);
    char *output = printed(loaded.context);
    char *line = strchr(output, '\n') + 1;
    char *caret = strchr(line, '\n') + 1;

    ck_assert_ptr_eq(strstr(output, "test.idl:1:631: error: unknown constant 'Foo'"), output);
    ck_assert_uint_eq((size_t)(caret - line) - 1, 160);
    ck_assert_uint_eq(strspn(caret, " "), 80);
    ck_assert_int_eq(strncmp(line + 80, "Foo", 3), 0);
    free(output);
    unload(&loaded);
    free(whole);
    free(text);
}
END_TEST

START_TEST(an_error_at_the_end_of_the_file_has_no_line_to_show)
{
    expect_printed("package a.B\ninterface {\n",
                   "test.idl:3:1: error: expected '}' after the methods, but the file ends here\n");
}
END_TEST

START_TEST(after_20_errors_it_stops_and_says_so)
{
    char *text = repeated("package a.B\ninterface {\n", "M(in Foo x);\n", 30, "}");
    struct loaded loaded = load_text(IDL_FILE_IDL, text);
    char *output = printed(loaded.context);

    ck_assert_uint_eq(idl_n_diagnostics(loaded.context), IDL_DIAGNOSTICS_MAX);
    ck_assert_ptr_nonnull(strstr(output, "stopped after 20 errors; there may be more\n"));
    free(output);
    unload(&loaded);
    free(text);
}
END_TEST

START_TEST(lines_are_found_by_their_number)
{
    const char text[] = "one\ntwo\r\n\nfour";
    struct idl_source source = {.text = text, .size = strlen(text)};
    size_t size;

    ck_assert_int_eq(strncmp(idl_source_line(&source, 1, &size), "one", 3), 0);
    ck_assert_uint_eq(size, 3);
    ck_assert_int_eq(strncmp(idl_source_line(&source, 2, &size), "two", 3), 0);
    ck_assert_uint_eq(size, 3);
    idl_source_line(&source, 3, &size);
    ck_assert_uint_eq(size, 0);
    ck_assert_str_eq(idl_source_line(&source, 4, &size), "four");
    ck_assert_uint_eq(size, 4);
    idl_source_line(&source, 5, &size);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(utf8_is_checked_to_the_letter)
{
    ck_assert_uint_eq(idl_utf8_length("a", 1), 1);
    ck_assert_uint_eq(idl_utf8_length("\xC2\x80", 2), 2);
    ck_assert_uint_eq(idl_utf8_length("\xE0\xA0\x80", 3), 3);
    ck_assert_uint_eq(idl_utf8_length("\xF4\x8F\xBF\xBF", 4), 4);
    ck_assert_uint_eq(idl_utf8_length("\xC1\xBF", 2), 0);
    ck_assert_uint_eq(idl_utf8_length("\xE0\x9F\xBF", 3), 0);
    ck_assert_uint_eq(idl_utf8_length("\xED\xA0\x80", 3), 0);
    ck_assert_uint_eq(idl_utf8_length("\xF4\x90\x80\x80", 4), 0);
    ck_assert_uint_eq(idl_utf8_length("\xF8\x88\x80\x80", 4), 0);
    ck_assert_uint_eq(idl_utf8_length("\x80", 1), 0);
    ck_assert_uint_eq(idl_utf8_length("\xE2\x82", 2), 0);
    ck_assert_uint_eq(idl_utf8_length("\xE2\x82x", 3), 0);
}
END_TEST

START_TEST(a_suggestion_is_near_and_the_first_of_the_nearest)
{
    ck_assert_str_eq(suggestion_for("UInt31", "UInt8", "UInt32"), "UInt32");
    ck_assert_str_eq(suggestion_for("UInt31", "UInt32", "UInt33"), "UInt32");
    ck_assert_str_eq(suggestion_for("uint32", "SInt64", "UInt32"), "UInt32");
    ck_assert_str_eq(suggestion_for("cosnt", "typedef", "const"), "const");
    ck_assert_str_eq(suggestion_for("Strng", "String", "x"), "String");
    ck_assert_ptr_null(suggestion_for("Foo", "Bar", "UInt8"));
    ck_assert_ptr_null(suggestion_for("x", "y", "z"));
    ck_assert_str_eq(suggestion_for("abcd", "abc", "wxyz"), "abc");
    ck_assert_ptr_null(suggestion_for("interface", "inter", "facing"));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl diagnostics");
    TCase *tcase = tcase_create("diagnostics");

    tcase_add_test(tcase, an_error_shows_its_line_and_a_caret);
    tcase_add_test(tcase, a_note_shows_the_other_place);
    tcase_add_test(tcase, tabs_and_cyrillic_keep_the_caret_in_its_place);
    tcase_add_test(tcase, control_characters_do_not_reach_the_terminal);
    tcase_add_test(tcase, of_a_long_line_a_part_is_shown);
    tcase_add_test(tcase, an_error_at_the_end_of_the_file_has_no_line_to_show);
    tcase_add_test(tcase, after_20_errors_it_stops_and_says_so);
    tcase_add_test(tcase, lines_are_found_by_their_number);
    tcase_add_test(tcase, utf8_is_checked_to_the_letter);
    tcase_add_test(tcase, a_suggestion_is_near_and_the_first_of_the_nearest);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
