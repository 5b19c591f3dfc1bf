/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/excerpt.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "idl/source.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* excerpt() - what is shown of a text of one line, for a column; release with free() */
static char *excerpt(const char *line, uint32_t column)
{
    struct idl_source source = {.path = "test.idl", .text = line, .size = strlen(line)};
    struct idl_position position = {.source = &source, .line = 1, .column = column};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    idl_excerpt_print(position, out);
    fclose(out);
    return take_stream(text);
}

/* expect() - the excerpt is exactly this */
static void expect(const char *line, uint32_t column, const char *expected)
{
    char *text = excerpt(line, column);

    ck_assert_str_eq(text, expected);
    free(text);
}

/* expect_harmless() - a text is printed so */
static void expect_harmless(const char *text, const char *expected)
{
    char *printed_text = NULL;
    size_t size;
    FILE *out = open_memstream(&printed_text, &size);

    ck_assert_ptr_nonnull(out);
    idl_print_harmless(text, out);
    fclose(out);
    printed_text = take_stream(printed_text);
    ck_assert_str_eq(printed_text, expected);
    free(printed_text);
}

START_TEST(the_whole_token_is_underlined)
{
    expect("typedef Foo_1 T;", 9, "typedef Foo_1 T;\n        ^~~~~\n");
    expect("const UInt8 X = 0x1F;", 17, "const UInt8 X = 0x1F;\n                ^~~~\n");
    expect("import base.Types", 8, "import base.Types\n       ^~~~~~~~~~\n");
    expect("1 << 2", 3, "1 << 2\n  ^~\n");
    expect("1 >> 2", 3, "1 >> 2\n  ^~\n");
    expect("2**2", 2, "2**2\n ^~\n");
    expect("/* no end", 1, "/* no end\n^~\n");
}
END_TEST

START_TEST(a_mark_a_dot_at_the_end_and_nothing_are_one_column)
{
    expect("a = b", 3, "a = b\n  ^\n");
    expect("a. b", 1, "a. b\n^\n");
    expect("a..b", 1, "a..b\n^\n");
    expect(".a", 1, ".a\n^\n");
    expect("a b", 2, "a b\n ^\n");
    expect("ab", 3, "ab\n  ^\n");
    expect("ab", 99, "ab\n  ^\n");
}
END_TEST

START_TEST(an_empty_line_is_not_shown)
{
    expect("", 1, "");
    expect("\nabc", 1, "");
}
END_TEST

START_TEST(tabs_and_cyrillic_keep_the_caret_in_its_place)
{
    expect("\ttypedef\t/* \xD0\xB6\xD0\xB6 */ Foo T;\r\n", 21,
           "\ttypedef\t/* \xD0\xB6\xD0\xB6 */ Foo T;\n"
           "\t       \t         ^~~\n");
}
END_TEST

START_TEST(wide_and_combining_characters_do_too)
{
    /* U+6CE8, U+1F4AC: two columns each; U+0301: none */
    expect("/* \xE6\xB3\xA8\xF0\x9F\x92\xAC */ Foo", 15,
           "/* \xE6\xB3\xA8\xF0\x9F\x92\xAC */ Foo\n"
           "           ^~~\n");
    expect("/* e\xCC\x81 */ Foo", 11,
           "/* e\xCC\x81 */ Foo\n"
           "        ^~~\n");
}
END_TEST

START_TEST(what_commands_the_terminal_does_not_reach_it)
{
    expect("/* \x1B[31m \xC2\x9B \x7F */ Foo", 18,
           "/* ?[31m ? ? */ Foo\n"
           "                ^~~\n");
    /* U+202E: what follows would be shown from right to left */
    expect("/* \xE2\x80\xAE */ Foo", 11,
           "/* ? */ Foo\n"
           "        ^~~\n");
    expect("\xD0 Foo", 3, "? Foo\n  ^~~\n");
}
END_TEST

START_TEST(nor_does_it_in_a_path_or_message)
{
    expect_harmless("a\x1B]0;b\x07\n\xC2\x85\xE2\x81\xA6\xFF", "a?]0;b?????");
    expect_harmless("\xD0\xB6\t\xE6\xB3\xA8 'x'", "\xD0\xB6\t\xE6\xB3\xA8 'x'");
}
END_TEST

START_TEST(of_a_long_line_a_part_is_shown)
{
    char *text = repeated("0", "+1", 300, "+Foo+1+1");
    char *whole = repeated(text, "+1", 300, ";");
    char *output = excerpt(whole, 603);
    char *caret = strchr(output, '\n') + 1;

    ck_assert_uint_eq((size_t)(caret - output) - 1, 160);
    ck_assert_uint_eq(strspn(caret, " "), 80);
    ck_assert_int_eq(strncmp(output + 80, "Foo", 3), 0);
    ck_assert_str_eq(caret + 80, "^~~\n");
    free(output);
    free(whole);
    free(text);
}
END_TEST

START_TEST(a_long_token_is_underlined_as_far_as_it_is_shown)
{
    char *text = repeated("", "a", 200, "");
    char *line = repeated("", "a", 160, "\n^");
    char *expected = repeated(line, "~", 159, "\n");

    expect(text, 1, expected);
    free(expected);
    free(line);
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl excerpt");
    TCase *tcase = tcase_create("excerpt");

    tcase_add_test(tcase, the_whole_token_is_underlined);
    tcase_add_test(tcase, a_mark_a_dot_at_the_end_and_nothing_are_one_column);
    tcase_add_test(tcase, an_empty_line_is_not_shown);
    tcase_add_test(tcase, tabs_and_cyrillic_keep_the_caret_in_its_place);
    tcase_add_test(tcase, wide_and_combining_characters_do_too);
    tcase_add_test(tcase, what_commands_the_terminal_does_not_reach_it);
    tcase_add_test(tcase, nor_does_it_in_a_path_or_message);
    tcase_add_test(tcase, of_a_long_line_a_part_is_shown);
    tcase_add_test(tcase, a_long_token_is_underlined_as_far_as_it_is_shown);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
