/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/expression.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "idl/limits.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* constant() - load "const TYPE X = EXPRESSION;" */
static struct loaded constant(const char *type, const char *expression)
{
    char text[2048];

    snprintf(text, sizeof(text),
             "package a.B const UInt32 Two = 2; const SInt16 Low = -3;\n%s %s X = %s;", "const",
             type, expression);
    return load_text(IDL_FILE_IDL, text);
}

/* value_of() - the value of the constant X in a file that is accepted */
static uint64_t value_of(const char *type, const char *expression)
{
    struct loaded loaded = constant(type, expression);

    ck_assert_msg(loaded.r == 0, "%s is refused", expression);
    const struct idl_declaration *declaration = loaded.file->declarations;
    while (strcmp(declaration->name, "X") != 0) {
        declaration = declaration->next;
    }
    uint64_t value = declaration->value;
    unload(&loaded);
    return value;
}

static void expect_unsigned(const char *expression, uint64_t value)
{
    ck_assert_uint_eq(value_of("UInt64", expression), value);
}

static void expect_signed(const char *expression, int64_t value)
{
    ck_assert_int_eq((int64_t)value_of("SInt64", expression), value);
}

/* expect_refused() - the constant is an error at this column of its expression */
static void expect_refused(const char *type, const char *expression, size_t column,
                           const char *message)
{
    struct loaded loaded = constant(type, expression);

    expect_error(&loaded, 2, (uint32_t)(strlen("const ") + strlen(type) + strlen(" X = ") + column),
                 message);
}

START_TEST(products_bind_tighter_than_sums)
{
    expect_unsigned("1 + 2 * 3", 7);
    expect_unsigned("(1 + 2) * 3", 9);
    expect_unsigned("20 - 7 % 4 - 2", 15);
}
END_TEST

START_TEST(the_order_is_or_and_shift_sum_product)
{
    expect_unsigned("8 | 7 & 3", 11);
    expect_unsigned("7 & 1 << 1", 2);
    expect_unsigned("1 << 2 + 3", 32);
    expect_unsigned("1 << 2 << 3", 32);
    expect_unsigned("256 >> 2 >> 1", 32);
}
END_TEST

START_TEST(operators_of_one_rank_go_from_left_to_right)
{
    expect_unsigned("10 - 3 - 2", 5);
    expect_unsigned("100 / 10 / 5", 2);
    expect_unsigned("100 / 10 * 5", 50);
}
END_TEST

START_TEST(powers_go_from_right_to_left_and_before_signs)
{
    expect_unsigned("2 ** 3 ** 2", 512);
    expect_signed("-2 ** 2", -4);
    expect_signed("(-2) ** 3", -8);
    expect_unsigned("0 ** 0", 1);
    expect_unsigned("1 ** 18446744073709551615", 1);
    expect_signed("(-1) ** 9223372036854775807", -1);
    expect_unsigned("2 ** 63", (uint64_t)1 << 63);
    expect_signed("(-2) ** 63", INT64_MIN);
}
END_TEST

START_TEST(signs_may_be_repeated)
{
    expect_signed("- - 5", 5);
    expect_signed("-+-+5", 5);
    expect_signed("1 - -1", 2);
    expect_signed("~-1", 0);
}
END_TEST

START_TEST(division_rounds_towards_zero)
{
    expect_signed("-7 / 2", -3);
    expect_signed("-7 % 2", -1);
    expect_signed("7 / -2", -3);
    expect_signed("7 % -2", 1);
}
END_TEST

START_TEST(shifts_of_negative_values_keep_the_sign)
{
    expect_signed("-8 >> 1", -4);
    expect_signed("-1 >> 63", -1);
    expect_signed("-1 << 63", INT64_MIN);
}
END_TEST

START_TEST(a_complement_has_the_width_of_its_type)
{
    ck_assert_uint_eq(value_of("UInt8", "~0"), 0xFF);
    ck_assert_uint_eq(value_of("UInt16", "~0xFF"), 0xFF00);
    ck_assert_uint_eq(value_of("UInt64", "~0"), UINT64_MAX);
    ck_assert_uint_eq(value_of("UInt8", "~~5"), 5);
    ck_assert_int_eq((int64_t)value_of("SInt8", "~5"), -6);
}
END_TEST

START_TEST(constants_may_be_used_with_their_sign)
{
    expect_unsigned("Two ** 4", 16);
    expect_signed("Low * Two", -6);
}
END_TEST

START_TEST(each_type_takes_its_own_range_and_nothing_else)
{
    static const struct {
        const char *type;
        const char *min;
        const char *below;
        const char *max;
        const char *above;
    } types[] = {
        {"UInt8", "0", "-1", "255", "256"},
        {"UInt16", "0", "-1", "65535", "65536"},
        {"UInt32", "0", "-1", "4294967295", "4294967296"},
        {"UInt64", "0", "-1", "18446744073709551615", NULL},
        {"SInt8", "-128", "-129", "127", "128"},
        {"SInt16", "-32768", "-32769", "32767", "32768"},
        {"SInt32", "-2147483648", "-2147483649", "2147483647", "2147483648"},
        {"SInt64", "-9223372036854775808", NULL, "9223372036854775807", "9223372036854775808"},
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        value_of(types[i].type, types[i].min);
        value_of(types[i].type, types[i].max);
        if (types[i].below != NULL) {
            expect_refused(types[i].type, types[i].below, 1, "does not fit");
        }
        if (types[i].above != NULL) {
            expect_refused(types[i].type, types[i].above, 1, "does not fit");
        }
    }
}
END_TEST

START_TEST(results_over_64_bits_are_refused_at_the_operator)
{
    expect_refused("UInt64", "18446744073709551615 + 1", 22, "overflow");
    expect_refused("UInt64", "4294967296 * 4294967296", 12, "overflow");
    expect_refused("UInt64", "0xFFFFFFFFFFFFFFFF * 0xFFFFFFFFFFFFFFFF", 20, "overflow");
    expect_refused("SInt64", "-9223372036854775808 * 18446744073709551615", 22, "overflow");
    expect_refused("UInt64", "0 - 18446744073709551615", 3, "overflow");
    expect_refused("SInt64", "-9223372036854775809", 1, "overflow");
    expect_refused("UInt64", "2 ** 64", 3, "overflow");
    expect_refused("UInt64", "10 ** 18446744073709551615", 4, "overflow");
    expect_refused("UInt64", "18446744073709551615 << 63", 22, "overflow");
    expect_refused("SInt64", "-2 << 63", 4, "overflow");
}
END_TEST

START_TEST(operands_without_a_result_are_refused_at_the_operator)
{
    expect_refused("UInt8", "1 / 0", 3, "division by zero");
    expect_refused("UInt8", "1 % 0", 3, "division by zero");
    expect_refused("UInt8", "1 << 64", 3, "shift by 64 bits; 0 to 63 are possible");
    expect_refused("UInt8", "1 >> -1", 3, "shift by -1 bits");
    expect_refused("UInt8", "2 ** -1", 3, "negative exponent -1");
    expect_refused("UInt8", "~256", 1, "'~' of 256");
    expect_refused("UInt8", "~-1", 1, "'~' of -1");
}
END_TEST

START_TEST(nesting_is_limited)
{
    char *text = repeated("", "(", IDL_EXPRESSION_DEPTH_MAX - 1, "1");
    char *whole = repeated(text, ")", IDL_EXPRESSION_DEPTH_MAX - 1, "");

    expect_unsigned(whole, 1);
    free(whole);
    free(text);
    text = repeated("", "(", IDL_EXPRESSION_DEPTH_MAX, "1");
    expect_refused("UInt8", text, IDL_EXPRESSION_DEPTH_MAX + 1, "nests deeper than 32 levels");
    free(text);
    text = repeated("", "-", IDL_EXPRESSION_DEPTH_MAX, "1");
    expect_refused("SInt8", text, IDL_EXPRESSION_DEPTH_MAX + 1, "nests deeper than 32 levels");
    free(text);
    text = repeated("1", " ** 1", IDL_EXPRESSION_DEPTH_MAX, "");
    expect_refused("SInt8", text, 5 * IDL_EXPRESSION_DEPTH_MAX + 1, "nests deeper than 32 levels");
    free(text);
}
END_TEST

START_TEST(the_deepest_expression_fits_the_stack)
{
    char *text = repeated("", "1|1&1<<1+1*(", IDL_EXPRESSION_DEPTH_MAX - 1, "0");
    char *whole = repeated(text, ")", IDL_EXPRESSION_DEPTH_MAX - 1, "");

    ck_assert_uint_eq(value_of("UInt64", whole), 1);
    free(whole);
    free(text);
}
END_TEST

START_TEST(length_is_not_limited)
{
    char *text = repeated("package a.B const UInt32 X = 0", "+1", 300000, ";");
    struct loaded loaded = load_good(IDL_FILE_IDL, text);

    ck_assert_uint_eq(loaded.file->declarations->value, 300000);
    unload(&loaded);
    free(text);
}
END_TEST

START_TEST(values_are_written_in_decimal)
{
    char buffer[IDL_WIDE_TEXT_BYTES];

    ck_assert_str_eq(idl_wide_text(0, buffer), "0");
    ck_assert_str_eq(idl_wide_text(-1, buffer), "-1");
    ck_assert_str_eq(idl_wide_text(IDL_WIDE_MIN, buffer), "-9223372036854775808");
    ck_assert_str_eq(idl_wide_text(IDL_WIDE_MAX, buffer), "18446744073709551615");
    idl_wide smallest = (idl_wide)1 << 126;
    smallest = -smallest - smallest;
    ck_assert_str_eq(idl_wide_text(smallest, buffer), "-170141183460469231731687303715884105728");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl expression");
    TCase *tcase = tcase_create("expression");

    tcase_add_test(tcase, products_bind_tighter_than_sums);
    tcase_add_test(tcase, the_order_is_or_and_shift_sum_product);
    tcase_add_test(tcase, operators_of_one_rank_go_from_left_to_right);
    tcase_add_test(tcase, powers_go_from_right_to_left_and_before_signs);
    tcase_add_test(tcase, signs_may_be_repeated);
    tcase_add_test(tcase, division_rounds_towards_zero);
    tcase_add_test(tcase, shifts_of_negative_values_keep_the_sign);
    tcase_add_test(tcase, a_complement_has_the_width_of_its_type);
    tcase_add_test(tcase, constants_may_be_used_with_their_sign);
    tcase_add_test(tcase, each_type_takes_its_own_range_and_nothing_else);
    tcase_add_test(tcase, results_over_64_bits_are_refused_at_the_operator);
    tcase_add_test(tcase, operands_without_a_result_are_refused_at_the_operator);
    tcase_add_test(tcase, nesting_is_limited);
    tcase_add_test(tcase, the_deepest_expression_fits_the_stack);
    tcase_add_test(tcase, length_is_not_limited);
    tcase_add_test(tcase, values_are_written_in_decimal);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
