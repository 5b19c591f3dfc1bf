/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/c_constant.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "tests/support/check_main.h"

/* Headers in which NAME is "value". */
static const char *const found[] = {
    "#define NAME \"value\"\n",
    "#define NAME \"value\"",
    "  #  define\tNAME\t\"value\"  \r\n",
    "#define NAME (\"value\")\n",
    "#define NAME ( \"value\" ) /* why */\n",
    "#define NAME \"val\" \"ue\"\n",
    "#define NAME \\\n    \"value\"\n",
    "#define NAME \\\r\n    \"value\"\r\n",
    "#define NAME u8\"value\"\n",
    "#define NAME \"value\" // comment\n",
    "#define NAME /* comment */ \"value\"\n",
    "#define NAMES \"no\"\n#define NAME \"value\"\n",
    "#define MY_NAME \"no\"\n#define NAME \"value\"\n",
    "// #define NAME \"no\"\n#define NAME \"value\"\n",
    "/* #define NAME \"no\" */\n#define NAME \"value\"\n",
    "const char *a = \"#define NAME \\\"no\\\"\";\n#define NAME \"value\"\n",
    "#undef NAME\n#define NAME \"value\"\n",
    "#ifdef NAME\n#endif\n#define NAME \"value\"\n",
    "#define NAME 5\n#define NAME \"value\"\n",
    "const char *NAME = \"value\";",
    "static const char *const NAME = \"value\";\n",
    "const char NAME[] = \"value\";\n",
    "const char NAME[6]=\"value\";\n",
    "const char NAME [ ] = { \"value\" };\n",
    "extern const char *NAME;\nconst char *NAME\n    =\n    \"val\"\n    \"ue\"\n    ;\n",
    "constexpr auto NAME = \"value\";\n",
    "inline constexpr std::string_view NAME{\"value\"};\n",
    "const char *OTHER = \"no\", *NAME = \"value\";\n",
    "const char *NAME = \"value\", *OTHER = \"no\";\n",
    "if (NAME == \"no\") {}\nconst char *NAME = \"value\";\n",
    "char quote = '\"'; const char *NAME = \"value\"; char other = '\"';\n",
    "char slash = '\\'', *NAME = \"value\";\n",
    "const char *url = \"http://x\"; const char *NAME = \"value\";\n",
};

START_TEST(a_string_constant_is_found)
{
    CLEANUP(free_p) char *value = NULL;

    ck_assert_msg(c_constant_find(found[_i], strlen(found[_i]), "NAME", &value) == 0, "%s",
                  found[_i]);
    ck_assert_msg(strcmp(value, "value") == 0, "%s: %s", found[_i], value);
}
END_TEST

/* Headers that do not define NAME. */
static const char *const not_found[] = {
    "",
    "\n",
    "#define NAMES \"value\"\n",
    "#define OTHER NAME \"value\"\n",
    "#define name \"value\"\n",
    "// #define NAME \"value\"\n",
    "// continued \\\n#define NAME \"value\"\n",
    "/* #define NAME \"value\"\n",
    "\"#define NAME\" \"value\"",
    "\"NAME = \\\"value\\\";\"",
    "f(NAME, \"value\");\n",
    "extern const char *NAME;\n",
    "extern const char NAME[];\n",
    "0xNAME = \"value\";\n",
    "NAME == \"value\";\n",
    "#",
    "#define",
    "NAME",
    "NAME[",
    "'NAME",
};

START_TEST(what_is_not_defined_is_not_found)
{
    char *value = NULL;
    int r = c_constant_find(not_found[_i], strlen(not_found[_i]), "NAME", &value);

    ck_assert_msg(r == C_CONSTANT_E_NOT_FOUND, "%s", not_found[_i]);
    ck_assert_ptr_null(value);
}
END_TEST

/* Headers that define NAME as something else. */
static const char *const not_string[] = {
    "#define NAME 5\n",
    "#define NAME\n",
    "#define NAME",
    "#define NAME OTHER\n#define OTHER \"value\"\n",
    "#define NAME(x) \"value\"\n",
    "#define NAME (\"value\"\n",
    "#define NAME \"value\" OTHER\n",
    "#define NAME \"value\n",
    "#define NAME \"value",
    "#define NAME \"value\\",
    "#define NAME \"a\\n\"\n",
    "#define NAME L\"value\"\n",
    "const char *NAME = OTHER;\n",
    "const char *NAME = NULL;\n",
    "const char *NAME = \"value\" OTHER;\n",
    "const char *NAME = \"value\"",
    "enum { A, NAME = 5 };\n",
    "const char *NAME[] = {\"value\", \"other\"",
    "NAME =",
    "NAME = {",
};

START_TEST(another_value_is_not_taken_for_a_string)
{
    char *value = NULL;
    int r = c_constant_find(not_string[_i], strlen(not_string[_i]), "NAME", &value);

    if (r == 0) {
        free(value);
    }
    ck_assert_msg(r == C_CONSTANT_E_NOT_STRING, "%d: %s", r, not_string[_i]);
}
END_TEST

START_TEST(escaped_quotes_and_backslashes_are_part_of_the_value)
{
    static const char text[] = "#define NAME \"a\\\"b\\\\c\\'d\\?\"\n";
    CLEANUP(free_p) char *value = NULL;

    ck_assert_int_eq(c_constant_find(text, strlen(text), "NAME", &value), 0);
    ck_assert_str_eq(value, "a\"b\\c'd?");
}
END_TEST

START_TEST(an_empty_string_is_a_string)
{
    static const char text[] = "#define NAME \"\"\n";
    CLEANUP(free_p) char *value = NULL;

    ck_assert_int_eq(c_constant_find(text, strlen(text), "NAME", &value), 0);
    ck_assert_str_eq(value, "");
}
END_TEST

START_TEST(of_several_definitions_the_first_counts)
{
    static const char text[] = "#if 0\n#define NAME \"one\"\n#else\n#define NAME \"two\"\n#endif\n";
    CLEANUP(free_p) char *value = NULL;

    ck_assert_int_eq(c_constant_find(text, strlen(text), "NAME", &value), 0);
    ck_assert_str_eq(value, "one");
}
END_TEST

START_TEST(a_nul_ends_the_text)
{
    static const char text[] = "int a;\0#define NAME \"value\"\n";
    char *value = NULL;

    ck_assert_int_eq(c_constant_find(text, sizeof(text), "NAME", &value), C_CONSTANT_E_NOT_FOUND);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static Suite *suite(void)
{
    Suite *s = suite_create("locator/c_constant");
    TCase *tc = tcase_create("constants");

    tcase_add_loop_test(tc, a_string_constant_is_found, 0, COUNT(found));
    tcase_add_loop_test(tc, what_is_not_defined_is_not_found, 0, COUNT(not_found));
    tcase_add_loop_test(tc, another_value_is_not_taken_for_a_string, 0, COUNT(not_string));
    tcase_add_test(tc, escaped_quotes_and_backslashes_are_part_of_the_value);
    tcase_add_test(tc, an_empty_string_is_a_string);
    tcase_add_test(tc, of_several_definitions_the_first_counts);
    tcase_add_test(tc, a_nul_ends_the_text);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
