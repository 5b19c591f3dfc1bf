/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/names.h"

#include "gen/scratch.h"
#include "tests/support/check_main.h"

static struct scratch scratch;

static void setup(void)
{
    scratch_init(&scratch);
}

static void teardown(void)
{
    ck_assert_int_eq(scratch.error, 0);
    scratch_deinit(&scratch);
}

START_TEST(folders_are_the_parts_of_the_name)
{
    const struct idl_file idl = {.kind = IDL_FILE_IDL, .name = "a.b_c.IPing"};
    const struct idl_file edl = {.kind = IDL_FILE_EDL, .name = "Single"};

    ck_assert_str_eq(name_path(&scratch, &idl, ".pb-c.h"), "a/b_c/IPing.pb-c.h");
    ck_assert_str_eq(name_source(&scratch, &idl), "a/b_c/IPing.idl");
    ck_assert_str_eq(name_source(&scratch, &edl), "Single.edl");
}
END_TEST

START_TEST(keywords_of_c_and_cpp_are_known)
{
    ck_assert(name_is_keyword("alignas"));
    ck_assert(name_is_keyword("class"));
    ck_assert(name_is_keyword("linux"));
    ck_assert(name_is_keyword("xor_eq"));
    ck_assert(!name_is_keyword("Class"));
    ck_assert(!name_is_keyword("interface"));
    ck_assert(!name_is_keyword("result"));
}
END_TEST

START_TEST(only_keywords_are_renamed)
{
    ck_assert_str_eq(name_member(&scratch, "value"), "value");
    ck_assert_str_eq(name_member(&scratch, "delete"), "delete_");
}
END_TEST

START_TEST(a_renamed_field_does_not_take_the_name_of_another)
{
    struct idl_field second = {.name = "class_"};
    struct idl_field first = {.name = "class", .next = &second};

    ck_assert_str_eq(name_field(&scratch, &first, &first), "class__");
    ck_assert_str_eq(name_field(&scratch, &first, &second), "class_");
}
END_TEST

START_TEST(scalars_have_nk_types)
{
    const struct idl_type type = {.kind = IDL_SINT16};

    ck_assert_str_eq(name_declaration(&scratch, &type, "value"), "nk_sint16_t value");
    ck_assert_str_eq(name_declaration(&scratch, &type, ""), "nk_sint16_t");
}
END_TEST

START_TEST(what_lies_in_the_arena_is_a_pointer)
{
    struct idl_type element = {.kind = IDL_UINT32};
    const struct idl_type types[] = {
        {.kind = IDL_STRING, .bound = 4},
        {.kind = IDL_BYTES, .bound = 4},
        {.kind = IDL_SEQUENCE, .bound = 4, .element = &element},
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        ck_assert_str_eq(name_declaration(&scratch, &types[i], "x"), "nk_ptr_t x");
    }
}
END_TEST

START_TEST(the_outer_array_is_the_first_dimension)
{
    struct idl_type byte = {.kind = IDL_UINT8};
    struct idl_type inner = {.kind = IDL_ARRAY, .bound = 3, .element = &byte};
    const struct idl_type outer = {.kind = IDL_ARRAY, .bound = 2, .element = &inner};

    ck_assert_str_eq(name_declaration(&scratch, &outer, "x"), "nk_uint8_t x[2][3]");
    ck_assert_str_eq(name_declaration(&scratch, &outer, ""), "nk_uint8_t[2][3]");
}
END_TEST

START_TEST(a_named_type_has_the_prefix_of_its_own_file)
{
    const struct idl_file file = {.prefix = "base_Types"};
    const struct idl_declaration structure = {.kind = IDL_STRUCT, .file = &file, .name = "Point"};
    const struct idl_declaration definition = {.kind = IDL_TYPEDEF, .file = &file, .name = "Id"};
    const struct idl_type point = {.kind = IDL_NAMED, .declaration = &structure};
    const struct idl_type id = {.kind = IDL_NAMED, .declaration = &definition};

    ck_assert_str_eq(name_declaration(&scratch, &point, "p"), "struct base_Types_Point p");
    ck_assert_str_eq(name_declaration(&scratch, &id, "i"), "base_Types_Id i");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, folders_are_the_parts_of_the_name);
    tcase_add_test(tcase, keywords_of_c_and_cpp_are_known);
    tcase_add_test(tcase, only_keywords_are_renamed);
    tcase_add_test(tcase, a_renamed_field_does_not_take_the_name_of_another);
    tcase_add_test(tcase, scalars_have_nk_types);
    tcase_add_test(tcase, what_lies_in_the_arena_is_a_pointer);
    tcase_add_test(tcase, the_outer_array_is_the_first_dimension);
    tcase_add_test(tcase, a_named_type_has_the_prefix_of_its_own_file);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
