/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/pb_names.h"

#include "gen/scratch.h"
#include "tests/support/check_main.h"

static struct scratch scratch;
static struct pb_scope scope;

static void setup(void)
{
    scratch_init(&scratch);
    scope = (struct pb_scope){.keys = {0}};
}

static void teardown(void)
{
    ck_assert_int_eq(scratch.error, 0);
    scratch_deinit(&scratch);
}

/* What protoc-c 1.4.1 says. */
static const struct {
    const char *package;
    const char *message;
    const char *descriptor;
} descriptors[] = {
    {"echo.IPing", "FPing_req", "echo__iping__fping_req__descriptor"},
    {"echo.IPing", "fPing_req", "echo__iping__f_ping_req__descriptor"},
    {"echo.IPing", "HTTPGet_res", "echo__iping__httpget_res__descriptor"},
    {"traffic_light.IMode", "a_b", "traffic_light__imode__a_b__descriptor"},
    {"x", "x1Y", "x__x1_y__descriptor"},
    {"a.b.C", "aB9Cd_E", "a__b__c__a_b9_cd__e__descriptor"},
    {"Single", "_X", "single____x__descriptor"},
};

START_TEST(descriptors_are_called_as_protoc_c_calls_them)
{
    ck_assert_str_eq(pb_name_descriptor(&scratch, descriptors[_i].package, descriptors[_i].message),
                     descriptors[_i].descriptor);
}
END_TEST

START_TEST(rpcs_are_called_as_protoc_c_calls_them)
{
    ck_assert_str_eq(pb_name_symbol(&scratch, "echo.IPing", "IPing.FPing"),
                     "echo__iping__iping__fping");
    ck_assert_str_eq(pb_name_symbol(&scratch, "x", "Y.fPing_a"), "x__y__f_ping_a");
}
END_TEST

START_TEST(messages_that_differ_in_case_only_get_numbers)
{
    ck_assert_str_eq(pb_name_message(&scratch, &scope, "FPing_req"), "FPing_req");
    ck_assert_str_eq(pb_name_message(&scratch, &scope, "Fping_req"), "Fping_req_2");
    ck_assert_str_eq(pb_name_message(&scratch, &scope, "F_ping_req"), "F_ping_req_3");
    ck_assert_str_eq(pb_name_message(&scratch, &scope, "fping_req2"), "fping_req2_2");
}
END_TEST

START_TEST(fields_that_differ_in_case_only_get_numbers)
{
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "value", false), "value");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "Value", false), "Value_2");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "val_ue", false), "val_ue_3");
}
END_TEST

START_TEST(a_repeated_field_does_not_share_its_count_with_another)
{
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "n_list", false), "n_list");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "list", true), "list_2");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "items", true), "items");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "N_items", false), "N_items_2");
}
END_TEST

START_TEST(names_that_protoc_c_cannot_bear_are_not_fields)
{
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "base", false), "base_2");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "Linux", false), "Linux_2");
    ck_assert_str_eq(pb_name_field(&scratch, &scope, "int", false), "int");
}
END_TEST

START_TEST(names_that_protoc_c_cannot_bear_are_not_methods)
{
    ck_assert_str_eq(pb_name_rpc(&scratch, &scope, "FPing"), "FPing");
    ck_assert_str_eq(pb_name_rpc(&scratch, &scope, "Init"), "Init_rpc");
    ck_assert_str_eq(pb_name_rpc(&scratch, &scope, "Delete"), "Delete_rpc");
    ck_assert_str_eq(pb_name_rpc(&scratch, &scope, "delete"), "delete_rpc_2");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("pb_names");
    TCase *tcase = tcase_create("pb_names");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, descriptors_are_called_as_protoc_c_calls_them, 0,
                        (int)(sizeof(descriptors) / sizeof(descriptors[0])));
    tcase_add_test(tcase, rpcs_are_called_as_protoc_c_calls_them);
    tcase_add_test(tcase, messages_that_differ_in_case_only_get_numbers);
    tcase_add_test(tcase, fields_that_differ_in_case_only_get_numbers);
    tcase_add_test(tcase, a_repeated_field_does_not_share_its_count_with_another);
    tcase_add_test(tcase, names_that_protoc_c_cannot_bear_are_not_fields);
    tcase_add_test(tcase, names_that_protoc_c_cannot_bear_are_not_methods);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
