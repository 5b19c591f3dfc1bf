/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/checker.h"

#include <check.h>
#include <string.h>

#include "idl/limits.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* refuse() - an IDL text is refused with its first error here */
static void refuse(const char *text, uint32_t line, uint32_t column, const char *message)
{
    struct loaded loaded = load_text(IDL_FILE_IDL, text);

    expect_error(&loaded, line, column, message);
}

/* expect_note() - the first error has this note at this line */
static void expect_note(const struct loaded *loaded, uint32_t line, const char *note)
{
    const struct idl_diagnostic *first = first_error(loaded->context);

    ck_assert_ptr_nonnull(first->note);
    ck_assert_ptr_nonnull(strstr(first->note, note));
    ck_assert_uint_eq(first->note_position.line, line);
}

START_TEST(names_stand_for_declarations_before_them)
{
    struct loaded loaded = load_good(
        IDL_FILE_IDL, "package a.B typedef UInt8 T; typedef T U; interface { M(in U u); }");
    const struct idl_type *type = loaded.file->interface->methods->in->type;

    ck_assert_int_eq(type->kind, IDL_NAMED);
    ck_assert_str_eq(type->declaration->name, "U");
    ck_assert_int_eq(idl_type_resolve(type)->kind, IDL_UINT8);
    unload(&loaded);
}
END_TEST

START_TEST(a_struct_is_what_is_left_of_its_typedefs)
{
    struct loaded loaded = load_good(
        IDL_FILE_IDL, "package a.B struct S { UInt8 x; } typedef S T; interface { M(out T t); }");
    const struct idl_type *type = idl_type_resolve(loaded.file->interface->methods->out->type);

    ck_assert_int_eq(type->kind, IDL_NAMED);
    ck_assert_int_eq(type->declaration->kind, IDL_STRUCT);
    unload(&loaded);
}
END_TEST

START_TEST(names_of_imports_are_used_unqualified)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package a.Types const UInt8 N = 7; typedef bytes<N> Data;");

    load_more(&loaded, IDL_FILE_IDL,
              "package a.User import a.Types struct S { Data d; string<N + 1> s; }");
    ck_assert_int_eq(loaded.r, 0);
    const struct idl_field *field = loaded.file->declarations->fields;
    ck_assert_str_eq(field->type->declaration->file->prefix, "a_Types");
    ck_assert_uint_eq(field->next->type->bound, 8);
    ck_assert_str_eq(loaded.file->imports->file->name, "a.Types");
    unload(&loaded);
}
END_TEST

START_TEST(unknown_names_are_refused_where_they_stand)
{
    refuse("package echo.IPing\ninterface {\n    FPing(in UInt31 value);\n}", 3, 14,
           "unknown type 'UInt31'; did you mean 'UInt32'?");
    refuse("package a.B\ntypedef sequence<Foo, 3> T;", 2, 18, "unknown type 'Foo'");
    refuse("package a.B\ntypedef sequence<UInt8, 1 + Foo> T;", 2, 29, "unknown constant 'Foo'");
}
END_TEST

START_TEST(a_second_declaration_points_to_the_first)
{
    struct loaded loaded = load_text(IDL_FILE_IDL, "package a.B\nstruct X { UInt8 a; }\n"
                                                   "const UInt8 X = 1;");

    expect_note(&loaded, 2, "the earlier one is here");
    expect_error(&loaded, 3, 13, "'X' is declared twice in this file");
}
END_TEST

START_TEST(second_fields_parameters_and_methods_are_refused)
{
    refuse("package a.B struct S { UInt8 a; UInt8 b; UInt16 a; }", 1, 49, "another field 'a'");
    refuse("package a.B interface { M(in UInt8 a, out UInt8 b, error UInt8 a); }", 1, 64,
           "another parameter 'a'");
    refuse("package a.B interface { M(); N(); M(); }", 1, 35, "another method 'M'");
}
END_TEST

START_TEST(names_that_clash_in_c_are_refused)
{
    refuse("package a.B typedef UInt8 M; interface { M(); }", 1, 42, "another declaration of 'M'");
    refuse("package a.B interface { M(); M_req_handles(); }", 1, 30,
           "the generated code of method 'M' needs the name 'M_req_handles'");
    refuse("package a.B const UInt8 arena_size = 1; interface { }", 1, 25,
           "the generated code needs the name 'arena_size'");
    refuse("package a.B interface { M(out UInt8 res_); }", 1, 37, "needs the name 'res_'");

    struct loaded loaded = load_good(
        IDL_FILE_IDL, "package a.B typedef UInt8 N_req; interface { M(); M_request(); req_M(); }");
    unload(&loaded);
}
END_TEST

START_TEST(an_error_in_a_type_is_reported_once)
{
    struct loaded loaded =
        load_text(IDL_FILE_IDL, "package a.B typedef Foo T; struct S { T a; sequence<T, 3> b; } "
                                "const T C = 1; typedef bytes<C> D; interface { M(in S s); }");

    ck_assert_uint_eq(idl_n_errors(loaded.context), 1);
    expect_error(&loaded, 1, 21, "unknown type 'Foo'");
}
END_TEST

START_TEST(bounds_go_from_0_to_16_mib)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.B typedef string<16777216> S; "
                                                   "typedef bytes<0> B;");

    ck_assert_uint_eq(loaded.file->declarations->type->bound, 16777216);
    ck_assert_uint_eq(loaded.file->declarations->next->type->bound, 0);
    unload(&loaded);
    refuse("package a.B typedef string<16777217> S;", 1, 28, "16777217 is out of range");
    refuse("package a.B typedef bytes<3 - 4> S;", 1, 27, "-1 is out of range");
    refuse("package a.B typedef sequence<UInt8, 16777217> S;", 1, 37, "out of range");
    refuse("package a.B typedef array<UInt8, 0> S;", 1, 34, "an array has at least 1 element");
}
END_TEST

START_TEST(a_constant_keeps_its_bits)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package a.B const SInt8 A = -1; const UInt64 B = 1 << 63;");

    ck_assert_uint_eq(loaded.file->declarations->value, UINT64_MAX);
    ck_assert_uint_eq(loaded.file->declarations->next->value, (uint64_t)1 << 63);
    unload(&loaded);
}
END_TEST

START_TEST(a_measure_counts_depth_fields_and_bytes)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package a.B struct S { UInt16 a; string<7> b; bytes<7> c; } "
                                "typedef sequence<array<S, 2>, 3> T;");
    struct idl_measure measure = loaded.file->declarations->measure;

    ck_assert_uint_eq(measure.depth, 1);
    ck_assert_uint_eq(measure.n_values, 3);
    ck_assert_uint_eq(measure.bytes, 2 + (8 + 8) + (8 + 7));
    measure = loaded.file->declarations->next->measure;
    ck_assert_uint_eq(measure.depth, 4);
    ck_assert_uint_eq(measure.n_values, 3);
    ck_assert_uint_eq(measure.bytes, 8 + 3 * 2 * 33);
    unload(&loaded);
}
END_TEST

START_TEST(depth_counts_through_names)
{
    char text[4096] = "package a.B typedef UInt8 T1;";
    size_t size = strlen(text);

    for (unsigned i = 2; i <= IDL_TYPE_DEPTH_MAX; i++) {
        size += (size_t)sprintf(text + size, " typedef T%u T%u;", i - 1, i);
    }
    struct loaded loaded = load_good(IDL_FILE_IDL, text);
    unload(&loaded);
    sprintf(text + size, "\ntypedef T%u T;", IDL_TYPE_DEPTH_MAX);
    refuse(text, 2, 9, "types nest deeper than 32 levels");
}
END_TEST

START_TEST(structs_that_double_do_not_explode)
{
    char text[4096] = "package a.B struct S0 { UInt8 a; }";
    size_t size = strlen(text);

    for (unsigned i = 1; i <= 16; i++) {
        size += (size_t)sprintf(text + size, " struct S%u { S%u a; S%u b; }", i, i - 1, i - 1);
    }
    struct loaded loaded = load_good(IDL_FILE_IDL, text);
    unload(&loaded);
    sprintf(text + size, "\nstruct S17 { S16 a; S16 b; }");
    refuse(text, 2, 8, "this has 131072 fields");
}
END_TEST

START_TEST(a_value_and_a_message_have_a_largest_size)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package a.B typedef array<array<UInt8, 2147483>, 1000> T;");

    unload(&loaded);
    refuse("package a.B typedef array<array<UInt8, 2097152>, 1024> T;", 1, 21,
           "this can take 2147483648 bytes; at most 2147483647");
    refuse("package a.B typedef array<bytes<16777216>, 16777216> T;", 1, 21, "this can take");
    refuse("package a.B typedef array<UInt8, 16777216> T; typedef array<T, 100> U;\n"
           "interface { M(in U a, out U b, error U c); N(in U a, in U b); }",
           2, 44, "this can take 3355443200 bytes");
}
END_TEST

/* load_components() - a.I with an interface, a.CLeaf with the endpoint e */
static struct loaded load_components(void)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.I interface { }");

    load_more(&loaded, IDL_FILE_CDL, "component a.CLeaf endpoints { e : a.I }");
    ck_assert_int_eq(loaded.r, 0);
    return loaded;
}

START_TEST(endpoints_are_counted_with_those_of_instances)
{
    struct loaded loaded = load_components();

    ck_assert_uint_eq(loaded.file->component->n_endpoints, 1);
    ck_assert_uint_eq(loaded.file->component->depth, 1);
    load_more(&loaded, IDL_FILE_CDL, "component a.CTwo components { x : a.CLeaf y : a.CLeaf }");
    load_more(&loaded, IDL_FILE_EDL,
              "entity a.E components { p : a.CTwo q : a.CTwo } endpoints { own : a.I }");
    ck_assert_int_eq(loaded.r, 0);
    ck_assert_uint_eq(loaded.file->component->n_endpoints, 5);
    ck_assert_uint_eq(loaded.file->component->n_instances, 6);
    ck_assert_uint_eq(loaded.file->component->depth, 3);
    ck_assert_str_eq(loaded.file->component->components->file->name, "a.CTwo");
    ck_assert_str_eq(loaded.file->component->endpoints->file->name, "a.I");
    unload(&loaded);
}
END_TEST

START_TEST(members_of_a_component_have_names_of_their_own)
{
    struct loaded loaded = load_components();

    load_more(&loaded, IDL_FILE_CDL,
              "component a.C endpoints { x : a.I }\ncomponents { x : a.CLeaf }");
    expect_error(&loaded, 2, 14, "another 'x' in this file");
    loaded = load_components();
    load_more(&loaded, IDL_FILE_CDL,
              "component a.C components { x : a.CLeaf }\nendpoints { x_e : a.I }");
    expect_error(&loaded, 1, 28, "the endpoints 'x_e' and 'x.e' are both 'x_e' in C");
}
END_TEST

START_TEST(an_endpoint_needs_an_interface)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.Types typedef UInt8 T;");

    load_more(&loaded, IDL_FILE_CDL, "component a.C endpoints { x : a.Types }");
    expect_error(&loaded, 1, 31, "package 'a.Types' has no interface");
}
END_TEST

/* load_chain() - components a.C1 to a.C@n, each in the next */
static struct loaded load_chain(unsigned n)
{
    struct loaded loaded = load_good(IDL_FILE_CDL, "component a.C1");
    char text[100];

    for (unsigned i = 2; i <= n; i++) {
        snprintf(text, sizeof(text), "component a.C%u components { c : a.C%u }", i, i - 1);
        load_more(&loaded, IDL_FILE_CDL, text);
        ck_assert_int_eq(loaded.r, 0);
    }
    return loaded;
}

START_TEST(components_nest_16_levels_deep)
{
    struct loaded loaded = load_chain(IDL_COMPONENT_DEPTH_MAX);

    load_more(&loaded, IDL_FILE_EDL, "entity a.E components { c : a.C16 }");
    ck_assert_int_eq(loaded.r, 0);
    load_more(&loaded, IDL_FILE_CDL, "component a.C17 components { c : a.C16 }");
    expect_error(&loaded, 1, 30, "components nest deeper than 16 levels");
}
END_TEST

/* load_doubled() - a.C16 has 2^15 leaves: endpoints if @leaf has one */
static struct loaded load_doubled(const char *leaf)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.I interface { }");
    char text[100];

    load_more(&loaded, IDL_FILE_CDL, leaf);
    for (unsigned i = 2; i <= IDL_COMPONENT_DEPTH_MAX; i++) {
        snprintf(text, sizeof(text), "component a.C%u components { x : a.C%u y : a.C%u }", i, i - 1,
                 i - 1);
        load_more(&loaded, IDL_FILE_CDL, text);
        if (loaded.r != 0) {
            break;
        }
    }
    return loaded;
}

START_TEST(a_component_has_at_most_65534_endpoints)
{
    struct loaded loaded = load_doubled("component a.C1 endpoints { e : a.I f : a.I g : a.I }");

    expect_error(&loaded, 1, 11,
                 "98304 endpoints, those of nested components counted; at most 65534");
}
END_TEST

START_TEST(a_component_has_at_most_65534_instances)
{
    struct loaded loaded = load_doubled("component a.C1");

    ck_assert_int_eq(loaded.r, 0);
    load_more(&loaded, IDL_FILE_EDL, "entity a.E components { x : a.C16 y : a.C16 }");
    expect_error(&loaded, 1, 8, "131070 instances, nested ones counted; at most 65534");
}
END_TEST

START_TEST(a_path_of_instances_has_at_most_255_characters)
{
    char *text = repeated("component a.D components { ", "n", 254, " : a.CLeaf }");
    struct loaded loaded = load_components();

    load_more(&loaded, IDL_FILE_CDL, text);
    expect_error(&loaded, 1, 28, "the full name of an endpoint in here has more than 255");
    free(text);
    text = repeated("component a.D components { ", "n", 253, " : a.CLeaf }");
    loaded = load_components();
    load_more(&loaded, IDL_FILE_CDL, text);
    ck_assert_int_eq(loaded.r, 0);
    unload(&loaded);
    free(text);
}
END_TEST

static void add_idl_tests(TCase *tcase)
{
    tcase_add_test(tcase, names_stand_for_declarations_before_them);
    tcase_add_test(tcase, a_struct_is_what_is_left_of_its_typedefs);
    tcase_add_test(tcase, names_of_imports_are_used_unqualified);
    tcase_add_test(tcase, unknown_names_are_refused_where_they_stand);
    tcase_add_test(tcase, a_second_declaration_points_to_the_first);
    tcase_add_test(tcase, second_fields_parameters_and_methods_are_refused);
    tcase_add_test(tcase, names_that_clash_in_c_are_refused);
    tcase_add_test(tcase, an_error_in_a_type_is_reported_once);
    tcase_add_test(tcase, bounds_go_from_0_to_16_mib);
    tcase_add_test(tcase, a_constant_keeps_its_bits);
    tcase_add_test(tcase, a_measure_counts_depth_fields_and_bytes);
    tcase_add_test(tcase, depth_counts_through_names);
    tcase_add_test(tcase, structs_that_double_do_not_explode);
    tcase_add_test(tcase, a_value_and_a_message_have_a_largest_size);
}

static void add_component_tests(TCase *tcase)
{
    tcase_add_test(tcase, endpoints_are_counted_with_those_of_instances);
    tcase_add_test(tcase, members_of_a_component_have_names_of_their_own);
    tcase_add_test(tcase, an_endpoint_needs_an_interface);
    tcase_add_test(tcase, components_nest_16_levels_deep);
    tcase_add_test(tcase, a_component_has_at_most_65534_endpoints);
    tcase_add_test(tcase, a_component_has_at_most_65534_instances);
    tcase_add_test(tcase, a_path_of_instances_has_at_most_255_characters);
}

static Suite *suite(void)
{
    Suite *suite = suite_create("idl checker");
    TCase *idl = tcase_create("idl");
    TCase *components = tcase_create("components");

    add_idl_tests(idl);
    suite_add_tcase(suite, idl);
    add_component_tests(components);
    suite_add_tcase(suite, components);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
