/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/lexer.h"

#include <check.h>
#include <string.h>

#include "idl/arena.h"
#include "idl/diagnostics.h"
#include "idl/limits.h"
#include "idl/source.h"
#include "tests/support/check_main.h"

static struct idl_arena arena;
static struct idl_diagnostics diagnostics;
static struct idl_lexer lexer;

static void setup(void)
{
    arena = IDL_ARENA_NULL;
    idl_diagnostics_init(&diagnostics, &arena);
}

static void teardown(void)
{
    idl_arena_deinit(&arena);
}

/* start() - lex @text from its beginning */
static void start(const char *text)
{
    struct idl_source *source;

    ck_assert_int_eq(
        idl_source_from_memory(&arena, &diagnostics, "test", text, strlen(text), &source), 0);
    idl_lexer_init(&lexer, source, &diagnostics);
}

/* next() - the next token */
static struct idl_token next(void)
{
    struct idl_token token;

    ck_assert_int_eq(idl_lexer_next(&lexer, &token), 0);
    return token;
}

/* expect() - the next token has this kind, text and place */
static void expect(int kind, const char *text, uint32_t line, uint32_t column)
{
    struct idl_token token = next();

    ck_assert_int_eq(token.kind, kind);
    ck_assert_uint_eq(token.size, strlen(text));
    ck_assert_int_eq(memcmp(token.text, text, token.size), 0);
    ck_assert_uint_eq(token.position.line, line);
    ck_assert_uint_eq(token.position.column, column);
}

/* expect_number() - a text that is one number of this value */
static void expect_number(const char *text, uint64_t value)
{
    start(text);
    struct idl_token token = next();
    ck_assert_int_eq(token.kind, IDL_TOKEN_NUMBER);
    ck_assert_uint_eq(token.value, value);
    ck_assert_int_eq(next().kind, IDL_TOKEN_END);
}

/* expect_broken() - a text whose first token is refused with this message */
static void expect_broken(const char *text, const char *message)
{
    start(text);
    ck_assert_int_eq(next().kind, IDL_TOKEN_BROKEN);
    ck_assert_ptr_nonnull(diagnostics.latest);
    ck_assert_msg(strstr(diagnostics.latest->message, message) != NULL, "\"%s\"",
                  diagnostics.latest->message);
}

START_TEST(names_keywords_and_marks_have_their_places)
{
    start("interface {\n  FPing(in _x1);\n}");
    expect(IDL_TOKEN_NAME, "interface", 1, 1);
    expect('{', "{", 1, 11);
    expect(IDL_TOKEN_NAME, "FPing", 2, 3);
    expect('(', "(", 2, 8);
    expect(IDL_TOKEN_NAME, "in", 2, 9);
    expect(IDL_TOKEN_NAME, "_x1", 2, 12);
    expect(')', ")", 2, 15);
    expect(';', ";", 2, 16);
    expect('}', "}", 3, 1);
    expect(IDL_TOKEN_END, "", 3, 2);
}
END_TEST

START_TEST(double_marks_win_over_single_ones)
{
    start("<<>>** * * < <>");
    expect(IDL_TOKEN_SHIFT_LEFT, "<<", 1, 1);
    expect(IDL_TOKEN_SHIFT_RIGHT, ">>", 1, 3);
    expect(IDL_TOKEN_POWER, "**", 1, 5);
    expect('*', "*", 1, 8);
    expect('*', "*", 1, 10);
    expect('<', "<", 1, 12);
    expect('<', "<", 1, 14);
    expect('>', ">", 1, 15);
}
END_TEST

START_TEST(every_mark_is_a_token_of_its_own)
{
    start("{}()<>,;:.=+-*/%&|~");
    for (const char *mark = "{}()<>,;:.=+-*/%&|~"; *mark != '\0'; mark++) {
        ck_assert_int_eq(next().kind, *mark);
    }
    ck_assert_int_eq(next().kind, IDL_TOKEN_END);
}
END_TEST

START_TEST(the_end_comes_again_and_again)
{
    start("");
    expect(IDL_TOKEN_END, "", 1, 1);
    expect(IDL_TOKEN_END, "", 1, 1);
}
END_TEST

START_TEST(comments_are_blanks)
{
    start("a // b */ c\n/* d\n // */e/**/f // \xD0\xB6");
    expect(IDL_TOKEN_NAME, "a", 1, 1);
    expect(IDL_TOKEN_NAME, "e", 3, 7);
    expect(IDL_TOKEN_NAME, "f", 3, 12);
    expect(IDL_TOKEN_END, "", 3, 19);
}
END_TEST

START_TEST(a_slash_alone_is_a_division)
{
    start("a / b /");
    expect(IDL_TOKEN_NAME, "a", 1, 1);
    expect('/', "/", 1, 3);
    expect(IDL_TOKEN_NAME, "b", 1, 5);
    expect('/', "/", 1, 7);
}
END_TEST

START_TEST(a_comment_without_an_end_is_refused_where_it_begins)
{
    start("a\n /* b\n\n *");
    expect(IDL_TOKEN_NAME, "a", 1, 1);
    ck_assert_int_eq(next().kind, IDL_TOKEN_BROKEN);
    ck_assert_int_eq(next().kind, IDL_TOKEN_END);
    ck_assert_uint_eq(diagnostics.n_errors, 1);
    ck_assert_uint_eq(diagnostics.latest->position.line, 2);
    ck_assert_uint_eq(diagnostics.latest->position.column, 2);
}
END_TEST

START_TEST(line_ends_may_be_crlf)
{
    start("a\r\nb\r\n");
    expect(IDL_TOKEN_NAME, "a", 1, 1);
    expect(IDL_TOKEN_NAME, "b", 2, 1);
    expect(IDL_TOKEN_END, "", 3, 1);
}
END_TEST

START_TEST(a_byte_order_mark_is_not_counted)
{
    start("\xEF\xBB\xBFpackage");
    expect(IDL_TOKEN_NAME, "package", 1, 1);
}
END_TEST

START_TEST(the_first_token_of_a_line_is_known)
{
    start("a b\n/* c */ d e");
    ck_assert(next().is_first_on_line);
    ck_assert(!next().is_first_on_line);
    ck_assert(next().is_first_on_line);
    ck_assert(!next().is_first_on_line);
}
END_TEST

START_TEST(numbers_are_decimal_hexadecimal_or_octal)
{
    expect_number("0", 0);
    expect_number("1234567890", 1234567890);
    expect_number("0x1f", 0x1F);
    expect_number("0XABCDEF", 0xABCDEF);
    expect_number("0o17", 15);
    expect_number("0O0", 0);
    expect_number("18446744073709551615", UINT64_MAX);
    expect_number("0xFFFFFFFFFFFFFFFF", UINT64_MAX);
    expect_number("0o1777777777777777777777", UINT64_MAX);
    ck_assert_uint_eq(diagnostics.n_errors, 0);
}
END_TEST

START_TEST(numbers_over_64_bits_are_refused)
{
    expect_broken("18446744073709551616", "does not fit in 64 bits");
    expect_broken("0x10000000000000000", "does not fit in 64 bits");
    expect_broken("0o2000000000000000000000", "does not fit in 64 bits");
}
END_TEST

START_TEST(what_only_begins_like_a_number_is_refused)
{
    expect_broken("0x", "'0x' has no digits");
    expect_broken("0o", "'0o' has no digits");
    expect_broken("1_000", "'1_000' is not a number");
    expect_broken("10u", "'10u' is not a number");
    expect_broken("0b1", "'0b1' is not a number");
    expect_broken("0o8", "'0o8' is not a number");
    expect_broken("0xG", "'0xG' is not a number");
    expect_broken("007", "'007' starts with 0");
    expect_broken("00", "'00' starts with 0");
    expect_broken("99999999999999999999999999999999999999999999999", "9'... does not fit");
}
END_TEST

START_TEST(a_name_has_at_most_255_characters)
{
    char name[IDL_NAME_BYTES_MAX + 2];

    memset(name, 'a', sizeof(name));
    name[IDL_NAME_BYTES_MAX] = '\0';
    start(name);
    expect(IDL_TOKEN_NAME, name, 1, 1);
    name[IDL_NAME_BYTES_MAX] = 'a';
    name[IDL_NAME_BYTES_MAX + 1] = '\0';
    expect_broken(name, "this name has 256 characters; at most 255 are allowed");
}
END_TEST

START_TEST(characters_that_do_not_belong_are_one_error_per_run)
{
    expect_broken("@@@@ a", "unexpected character '@'");
    expect(IDL_TOKEN_NAME, "a", 1, 6);
    expect_broken("\xD0\xB6\xD0\xB6;", "unexpected character '\xD0\xB6'");
    expect(';', ";", 1, 5);
    expect_broken("\x1B[", "unexpected control character 0x1B");
    expect_broken("\"a b\" c", "unexpected text in quotes");
    expect(IDL_TOKEN_NAME, "c", 1, 7);
    expect_broken("\"a b\nc", "unexpected text in quotes");
    ck_assert_uint_eq(diagnostics.n_errors, 5);
}
END_TEST

START_TEST(a_word_is_compared_as_a_whole)
{
    start("in inn i 1");
    struct idl_token token = next();
    ck_assert(idl_token_is_word(&token, "in"));
    ck_assert(!idl_token_is_word(&token, "inn"));
    ck_assert(!idl_token_is_word(&token, "i"));
    token = next();
    ck_assert(!idl_token_is_word(&token, "in"));
    next();
    token = next();
    ck_assert(!idl_token_is_word(&token, "1"));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl lexer");
    TCase *tcase = tcase_create("lexer");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, names_keywords_and_marks_have_their_places);
    tcase_add_test(tcase, double_marks_win_over_single_ones);
    tcase_add_test(tcase, every_mark_is_a_token_of_its_own);
    tcase_add_test(tcase, the_end_comes_again_and_again);
    tcase_add_test(tcase, comments_are_blanks);
    tcase_add_test(tcase, a_slash_alone_is_a_division);
    tcase_add_test(tcase, a_comment_without_an_end_is_refused_where_it_begins);
    tcase_add_test(tcase, line_ends_may_be_crlf);
    tcase_add_test(tcase, a_byte_order_mark_is_not_counted);
    tcase_add_test(tcase, the_first_token_of_a_line_is_known);
    tcase_add_test(tcase, numbers_are_decimal_hexadecimal_or_octal);
    tcase_add_test(tcase, numbers_over_64_bits_are_refused);
    tcase_add_test(tcase, what_only_begins_like_a_number_is_refused);
    tcase_add_test(tcase, a_name_has_at_most_255_characters);
    tcase_add_test(tcase, characters_that_do_not_belong_are_one_error_per_run);
    tcase_add_test(tcase, a_word_is_compared_as_a_whole);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
