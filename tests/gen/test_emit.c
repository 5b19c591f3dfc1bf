/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/emit.h"

#include "gen/scratch.h"
#include "tests/support/check_main.h"

static struct scratch scratch;
static struct emit emit;

static void setup(void)
{
    scratch_init(&scratch);
    ck_assert_int_eq(emit_init(&emit, &scratch), 0);
}

static void teardown(void)
{
    emit_deinit(&emit);
    scratch_deinit(&scratch);
}

static void expect(const char *text)
{
    ck_assert_int_eq(emit_finish(&emit), 0);
    ck_assert_str_eq(emit.text, text);
}

START_TEST(lines_end_with_a_line_feed)
{
    emit_text(&emit, "%s", "a");
    emit_line(&emit, "%d", 1);
    emit_blank(&emit);
    expect("a1\n\n");
}
END_TEST

START_TEST(a_short_list_stays_in_one_line)
{
    const char *const items[] = {"int a", "int b"};

    emit_list(&emit, "void f(", items, 2, ");");
    expect("void f(int a, int b);\n");
}
END_TEST

START_TEST(a_list_may_be_empty)
{
    emit_list(&emit, "void f(", NULL, 0, ");");
    expect("void f();\n");
}
END_TEST

START_TEST(a_long_list_goes_on_below_its_first_item)
{
    const char *const items[] = {
        "const struct some_long_name *one",
        "const struct some_long_name *two",
        "const struct some_long_name *three",
    };

    emit_list(&emit, "nk_err_t function(", items, 3, ");");
    expect("nk_err_t function(const struct some_long_name *one, const struct some_long_name *two,\n"
           "                  const struct some_long_name *three);\n");
}
END_TEST

START_TEST(behind_a_very_long_head_even_the_first_item_takes_a_new_line)
{
    const char *const items[] = {"const struct some_long_name *argument"};

    emit_list(&emit,
              "    return a_name_that_is_as_long_as_names_get_when_everybody_helps_to_make_it_so(",
              items, 1, ");");
    expect("    return a_name_that_is_as_long_as_names_get_when_everybody_helps_to_make_it_so(\n"
           "        const struct some_long_name *argument);\n");
}
END_TEST

START_TEST(no_line_is_longer_than_the_limit)
{
    const char *const items[] = {"aaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbb",
                                 "ccccccccccccccccccccccccc", "ddddddddddddddd"};
    size_t column = 0;

    emit_list(&emit, "f(", items, 4, ");");
    ck_assert_int_eq(emit_finish(&emit), 0);
    for (const char *c = emit.text; *c != '\0'; c++) {
        column = *c == '\n' ? 0 : column + 1;
        ck_assert_uint_le(column, EMIT_COLUMNS);
    }
}
END_TEST

START_TEST(a_name_can_be_claimed_once)
{
    struct idl_table names = {0};

    ck_assert(scratch_claim(&scratch, &names, "a"));
    ck_assert(scratch_claim(&scratch, &names, "b"));
    ck_assert(!scratch_claim(&scratch, &names, "a"));
}
END_TEST

START_TEST(missing_memory_is_reported_in_the_end)
{
    emit_line(&emit, "text");
    scratch.error = -12;
    ck_assert_int_eq(emit_finish(&emit), -12);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("emit");
    TCase *tcase = tcase_create("emit");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, lines_end_with_a_line_feed);
    tcase_add_test(tcase, a_short_list_stays_in_one_line);
    tcase_add_test(tcase, a_list_may_be_empty);
    tcase_add_test(tcase, a_long_list_goes_on_below_its_first_item);
    tcase_add_test(tcase, behind_a_very_long_head_even_the_first_item_takes_a_new_line);
    tcase_add_test(tcase, no_line_is_longer_than_the_limit);
    tcase_add_test(tcase, a_name_can_be_claimed_once);
    tcase_add_test(tcase, missing_memory_is_reported_in_the_end);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
