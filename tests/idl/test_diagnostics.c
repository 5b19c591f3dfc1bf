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
                   "             ^~~~~~\n");
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

START_TEST(an_error_at_the_end_of_the_file_shows_the_brace_that_is_not_closed)
{
    expect_printed("package a.B\ninterface {\n",
                   "test.idl:3:1: error: expected '}' after the methods, but the file ends here\n"
                   "test.idl:2:11: note: the '{' is here\n"
                   "interface {\n"
                   "          ^\n");
}
END_TEST

START_TEST(what_is_missing_at_the_end_is_reported_once)
{
    expect_printed("package a.B\ninterface {\n    M(in);\n",
                   "test.idl:3:9: error: expected a type, found ')'\n"
                   "    M(in);\n"
                   "        ^\n");
}
END_TEST

START_TEST(a_missing_semicolon_belongs_behind_what_is_there)
{
    expect_printed("package a.B\nstruct S { UInt8 a UInt8 b; }\nconst UInt8 X = 1 // one\n",
                   "test.idl:2:19: error: expected ';' after the field, found 'UInt8'\n"
                   "struct S { UInt8 a UInt8 b; }\n"
                   "                  ^\n");
    expect_printed("package a.B\nconst UInt8 X = 1 // one\nconst UInt8 Y = 1;\n",
                   "test.idl:2:18: error: expected ';' after the constant\n"
                   "const UInt8 X = 1 // one\n"
                   "                 ^\n");
}
END_TEST

START_TEST(behind_an_error_the_rest_of_the_entry_is_not_looked_at)
{
    expect_printed("package a.B\ntypedef UInt8 T[4];\n",
                   "test.idl:2:16: error: unexpected character '['; an array is written "
                   "array<UInt8, 16>\n"
                   "typedef UInt8 T[4];\n"
                   "               ^\n");
}
END_TEST

START_TEST(the_token_behind_a_skipped_entry_is_looked_at)
{
    expect_printed("package a.B\ntypedef UInt8 ; ] typedef UInt8 T;\n",
                   "test.idl:2:15: error: expected the new type's name, found ';'\n"
                   "typedef UInt8 ; ] typedef UInt8 T;\n"
                   "              ^\n"
                   "test.idl:2:17: error: unexpected character ']'\n"
                   "typedef UInt8 ; ] typedef UInt8 T;\n"
                   "                ^\n");
}
END_TEST

START_TEST(a_warning_has_its_name_behind_it_and_a_note_of_its_own)
{
    struct loaded loaded =
        load_text(IDL_FILE_IDL, "package a.B\nstruct S {\n  UInt8 one;\n  UInt8 One;\n}\n");
    char *output = printed(loaded.context);

    ck_assert_int_eq(loaded.r, 0);
    ck_assert_str_eq(output, "test.idl:4:9: warning: 'one' and 'One' differ only in case and are "
                             "easily mixed up; rename one [-Wcase-clash]\n"
                             "  UInt8 One;\n"
                             "        ^~~\n"
                             "test.idl:3:9: note: the other one is here\n"
                             "  UInt8 one;\n"
                             "        ^~~\n");
    free(output);
    unload(&loaded);
}
END_TEST

/* report() - an error, or a warning, at a place */
static void report(struct idl_diagnostics *diagnostics, const struct idl_source *source,
                   bool is_error, uint32_t line, uint32_t column)
{
    struct idl_position position = {source, line, column};

    if (is_error) {
        ck_assert_int_eq(idl_diagnose(diagnostics, position, "wrong"), IDL_E_INVALID);
    } else {
        ck_assert_int_eq(idl_warn(diagnostics, IDL_WARN_SHADOW, position, "odd"), 0);
    }
}

START_TEST(those_of_a_file_are_together_and_in_its_order)
{
    const struct idl_source one = {.path = "one", .text = ""};
    const struct idl_source two = {.path = "two", .text = ""};
    static const uint32_t lines[] = {1, 2, 2, 3, 1};
    static const uint32_t columns[] = {7, 4, 5, 1, 1};
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_diagnostics diagnostics;
    size_t i = 0;

    idl_diagnostics_init(&diagnostics, &arena);
    report(&diagnostics, &one, true, 2, 5);
    report(&diagnostics, &two, true, 1, 1);
    report(&diagnostics, &one, false, 3, 1);
    report(&diagnostics, &one, false, 1, 7);
    report(&diagnostics, &one, true, 2, 4);
    for (const struct idl_diagnostic *diagnostic = diagnostics.first; diagnostic != NULL;
         diagnostic = diagnostic->next, i++) {
        ck_assert_str_eq(diagnostic->position.source->path, i < 4 ? "one" : "two");
        ck_assert_uint_eq(diagnostic->position.line, lines[i]);
        ck_assert_uint_eq(diagnostic->position.column, columns[i]);
    }
    ck_assert_uint_eq(i, 5);
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(a_note_is_for_what_was_reported_last)
{
    const struct idl_source source = {.path = "one", .text = ""};
    struct idl_position position = {&source, 5, 1};
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_diagnostics diagnostics;

    idl_diagnostics_init(&diagnostics, &arena);
    report(&diagnostics, &source, true, 9, 1);
    report(&diagnostics, &source, false, 2, 1);
    ck_assert_int_eq(idl_diagnose_note(&diagnostics, position, "here"), 0);
    ck_assert_str_eq(diagnostics.first->note, "here");
    diagnostics.settings.is_off[IDL_WARN_SHADOW] = true;
    report(&diagnostics, &source, false, 3, 1);
    ck_assert_int_eq(idl_diagnose_note(&diagnostics, position, "lost"), 0);
    ck_assert_str_eq(diagnostics.first->note, "here");
    ck_assert_ptr_null(diagnostics.first->next->note);
    report(&diagnostics, &source, true, 1, 1);
    ck_assert_int_eq(idl_diagnose_note(&diagnostics, position, "there"), IDL_E_INVALID);
    ck_assert_str_eq(diagnostics.first->note, "there");
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(of_many_warnings_20_are_shown_and_errors_beside_them)
{
    const struct idl_source source = {.path = "one", .text = ""};
    struct idl_arena arena = IDL_ARENA_NULL;
    struct idl_diagnostics diagnostics;
    char *text = NULL;
    size_t size;

    idl_diagnostics_init(&diagnostics, &arena);
    for (uint32_t i = 1; i <= IDL_DIAGNOSTICS_MAX + 2; i++) {
        report(&diagnostics, &source, false, i, 1);
    }
    ck_assert(!idl_diagnostics_is_full(&diagnostics));
    report(&diagnostics, &source, true, 1, 2);
    ck_assert_uint_eq(diagnostics.n_warnings, IDL_DIAGNOSTICS_MAX);
    ck_assert_uint_eq(diagnostics.n_errors, 1);
    FILE *out = open_memstream(&text, &size);
    idl_diagnostics_print(&diagnostics, out);
    fclose(out);
    text = take_stream(text);
    ck_assert_ptr_nonnull(strstr(text, "one:1:2: error: wrong\n"));
    ck_assert_ptr_null(strstr(text, "one:21:1:"));
    ck_assert_ptr_nonnull(strstr(text,
                                 "\n2 more warnings; mend those above, or switch them off with "
                                 "-Wno-NAME\n"));
    free(text);
    idl_arena_deinit(&arena);
}
END_TEST

START_TEST(after_20_errors_it_stops_and_says_so)
{
    char *text = repeated("package a.B\ninterface {\n", "M(in Foo x);\n", 30, "}");
    struct loaded loaded = load_text(IDL_FILE_IDL, text);
    char *output = printed(loaded.context);

    ck_assert_uint_eq(idl_n_errors(loaded.context), IDL_DIAGNOSTICS_MAX);
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
    ck_assert_str_eq(suggestion_for("uint32_t", "SInt32", "UInt32"), "UInt32");
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
    tcase_add_test(tcase, an_error_at_the_end_of_the_file_shows_the_brace_that_is_not_closed);
    tcase_add_test(tcase, what_is_missing_at_the_end_is_reported_once);
    tcase_add_test(tcase, a_missing_semicolon_belongs_behind_what_is_there);
    tcase_add_test(tcase, behind_an_error_the_rest_of_the_entry_is_not_looked_at);
    tcase_add_test(tcase, the_token_behind_a_skipped_entry_is_looked_at);
    tcase_add_test(tcase, a_warning_has_its_name_behind_it_and_a_note_of_its_own);
    tcase_add_test(tcase, those_of_a_file_are_together_and_in_its_order);
    tcase_add_test(tcase, a_note_is_for_what_was_reported_last);
    tcase_add_test(tcase, of_many_warnings_20_are_shown_and_errors_beside_them);
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
