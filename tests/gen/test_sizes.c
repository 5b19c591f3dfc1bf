/* SPDX-License-Identifier: Apache-2.0 */
#include "gen/sizes.h"

#include "gen/scratch.h"

#include <stdio.h>
#include <string.h>

#include "idl/context.h"
#include "tests/support/check_main.h"

static struct idl_context *context;

static void setup(void)
{
    context = idl_context_new();
    ck_assert_ptr_nonnull(context);
}

static void teardown(void)
{
    idl_context_free(context);
}

/* load() - an IDL file with these declarations and methods */
static const struct idl_file *load(const char *body)
{
    const struct idl_file *file;
    char text[1024];

    snprintf(text, sizeof(text), "package test.ITest\n%s", body);
    int r = idl_load_memory(context, IDL_FILE_IDL, "test.ITest", text, strlen(text), &file);
    idl_print_diagnostics(context, stderr);
    ck_assert_int_eq(r, 0);
    return file;
}

/* type_of() - the type of the first parameter of the only method: load("interface { M(in T a); }")
 */
static const struct idl_type *type_of(const char *type)
{
    char body[512];

    snprintf(body, sizeof(body),
             "struct Price { UInt64 units; UInt8 cents; }\n"
             "struct Text { string<9> text; UInt8 length; }\n"
             "interface { Method(in %s a); }\n",
             type);
    return load(body)->interface->methods->in->type;
}

static const struct {
    const char *type;
    uint64_t size;
    uint64_t align;
    uint64_t arena;
} expectations[] = {
    {"UInt8", 1, 1, 0},
    {"SInt16", 2, 2, 0},
    {"UInt32", 4, 4, 0},
    {"SInt64", 8, 8, 0},
    {"string<16>", 8, 4, 17},
    {"string<0>", 8, 4, 1},
    {"bytes<16>", 8, 4, 16},
    {"array<UInt16, 3>", 6, 2, 0},
    {"array<array<UInt8, 3>, 5>", 15, 1, 0},
    {"array<string<3>, 5>", 40, 4, 20},
    {"sequence<UInt8, 64>", 8, 4, 64},
    {"sequence<UInt8, 0>", 8, 4, 0},
    {"sequence<UInt16, 4>", 8, 4, 8 + 1},
    {"sequence<UInt64, 4>", 8, 4, 32 + 7},
    {"sequence<array<UInt32, 2>, 3>", 8, 4, 24 + 3},
    {"sequence<string<15>, 4>", 8, 4, 4 * (8 + 16) + 3},
    {"sequence<sequence<UInt64, 2>, 3>", 8, 4, 3 * (8 + 16 + 7) + 3},
    {"Price", 16, 8, 0},
    {"sequence<Price, 10>", 8, 4, 160 + 7},
    {"Text", 12, 4, 10},
    {"sequence<Text, 2>", 8, 4, 2 * (12 + 10) + 3},
    {"array<Text, 2>", 24, 4, 20},
};

START_TEST(a_value_takes_as_much_room_as_its_type_says)
{
    const struct idl_type *type = type_of(expectations[_i].type);
    struct size_layout layout = size_layout(type);

    ck_assert_uint_eq(layout.size, expectations[_i].size);
    ck_assert_uint_eq(layout.align, expectations[_i].align);
    ck_assert_uint_eq(size_arena(type), expectations[_i].arena);
}
END_TEST

START_TEST(a_struct_is_padded_like_in_c)
{
    struct c {
        uint8_t a;
        uint64_t b;
        uint16_t c[3];
        uint32_t d;
        uint8_t e;
    };
    const struct idl_file *file =
        load("struct S { UInt8 a; UInt64 b; array<UInt16, 3> c; UInt32 d; UInt8 e; }\n"
             "interface { Method(in S s); }\n");
    struct size_layout layout = size_layout(file->interface->methods->in->type);

    ck_assert_uint_eq(layout.size, sizeof(struct c));
    ck_assert_uint_eq(layout.align, _Alignof(struct c));
}
END_TEST

START_TEST(a_typedef_takes_what_is_behind_it)
{
    const struct idl_file *file = load("typedef string<7> Name;\n"
                                       "typedef Name Alias;\n"
                                       "interface { Method(in Alias a); }\n");

    ck_assert_uint_eq(size_arena(file->interface->methods->in->type), 8);
}
END_TEST

START_TEST(a_method_adds_its_parameters_up)
{
    const struct idl_file *file =
        load("interface { Method(in string<9> a, in bytes<5> b, out bytes<7> c, out UInt64 d); }");
    struct size_limits limits = size_method_limits(file->interface->methods);

    ck_assert_uint_eq(limits.req_arena, 15);
    ck_assert_uint_eq(limits.res_arena, 7);
}
END_TEST

START_TEST(a_response_has_room_for_an_error_response)
{
    const struct idl_file *file =
        load("interface { Method(out bytes<7> a, error bytes<30> b, error bytes<3> c); }");

    ck_assert_uint_eq(size_method_limits(file->interface->methods).res_arena, 33);
}
END_TEST

START_TEST(an_interface_has_room_for_each_of_its_methods)
{
    const struct idl_file *file = load("interface { One(in bytes<7> a, out bytes<1> b);\n"
                                       "Two(in bytes<3> a, out bytes<9> b); }");
    struct size_limits limits = size_interface_limits(file->interface);

    ck_assert_uint_eq(limits.req_arena, 7);
    ck_assert_uint_eq(limits.res_arena, 9);
}
END_TEST

START_TEST(a_component_has_room_for_nested_ones)
{
    struct idl_interface small = {.methods = NULL};
    const struct idl_file *file = load("interface { Method(in bytes<7> a, out bytes<9> b); }");
    struct idl_file small_file = {.name = "a.Small", .interface = &small};
    struct idl_member inner = {.file = file};
    struct idl_member outer = {.file = &small_file};
    struct idl_component nested = {.endpoints = &inner};
    struct idl_file nested_file = {.name = "a.Nested", .component = &nested};
    struct idl_member instance = {.file = &nested_file};
    struct idl_component component = {.endpoints = &outer, .components = &instance};
    struct scratch scratch;

    scratch_init(&scratch);
    struct size_limits limits = size_component_limits(&scratch, &component);
    scratch_deinit(&scratch);

    ck_assert_uint_eq(limits.req_arena, 7);
    ck_assert_uint_eq(limits.res_arena, 9);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("sizes");
    TCase *tcase = tcase_create("sizes");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_value_takes_as_much_room_as_its_type_says, 0,
                        (int)(sizeof(expectations) / sizeof(expectations[0])));
    tcase_add_test(tcase, a_struct_is_padded_like_in_c);
    tcase_add_test(tcase, a_typedef_takes_what_is_behind_it);
    tcase_add_test(tcase, a_method_adds_its_parameters_up);
    tcase_add_test(tcase, a_response_has_room_for_an_error_response);
    tcase_add_test(tcase, an_interface_has_room_for_each_of_its_methods);
    tcase_add_test(tcase, a_component_has_room_for_nested_ones);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
