/* SPDX-License-Identifier: Apache-2.0 */
#include "idl/parser.h"

#include <check.h>
#include <string.h>

#include "idl/limits.h"
#include "idl/source.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* refuse() - the text is refused with its first error here */
static void refuse(enum idl_file_kind kind, const char *text, uint32_t line, uint32_t column,
                   const char *message)
{
    struct loaded loaded = load_text(kind, text);

    expect_error(&loaded, line, column, message);
}

/* refuse_n() - the text is refused with so many errors */
static void refuse_n(enum idl_file_kind kind, const char *text, size_t n_errors)
{
    struct loaded loaded = load_text(kind, text);

    if (idl_n_errors(loaded.context) != n_errors) {
        idl_print_diagnostics(loaded.context, stderr);
    }
    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    ck_assert_uint_eq(idl_n_errors(loaded.context), n_errors);
    unload(&loaded);
}

START_TEST(a_package_gives_its_name_and_its_prefix_in_c)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package errors_via_ipc.sub.IPing");

    ck_assert_str_eq(loaded.file->name, "errors_via_ipc.sub.IPing");
    ck_assert_str_eq(loaded.file->prefix, "errors_via_ipc_sub_IPing");
    ck_assert_int_eq(loaded.file->kind, IDL_FILE_IDL);
    ck_assert_ptr_null(loaded.file->interface);
    ck_assert_ptr_null(loaded.file->component);
    ck_assert_ptr_null(loaded.file->declarations);
    unload(&loaded);
}
END_TEST

START_TEST(declarations_keep_their_order)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.B const UInt8 C = 1; typedef UInt8 "
                                                   "T; struct S { T f; UInt8 g; }");
    const struct idl_declaration *first = loaded.file->declarations;

    ck_assert_int_eq(first->kind, IDL_CONST);
    ck_assert_str_eq(first->name, "C");
    ck_assert_ptr_eq(first->file, loaded.file);
    ck_assert_int_eq(first->next->kind, IDL_TYPEDEF);
    ck_assert_str_eq(first->next->name, "T");
    const struct idl_declaration *structure = first->next->next;
    ck_assert_int_eq(structure->kind, IDL_STRUCT);
    ck_assert_str_eq(structure->fields->name, "f");
    ck_assert_ptr_eq(structure->fields->type->declaration, first->next);
    ck_assert_str_eq(structure->fields->next->name, "g");
    ck_assert_ptr_null(structure->fields->next->next);
    ck_assert_ptr_null(structure->next);
    unload(&loaded);
}
END_TEST

START_TEST(parameters_are_kept_by_direction)
{
    struct loaded loaded = load_good(
        IDL_FILE_IDL, "package a.B interface { M(in UInt8 a, in UInt8 b, out UInt8 c, error UInt8 "
                      "d, error UInt8 e); N(); }");
    const struct idl_interface *interface = loaded.file->interface;
    const struct idl_method *method = interface->methods;

    ck_assert_uint_eq(interface->n_methods, 2);
    ck_assert_str_eq(method->name, "M");
    ck_assert_str_eq(method->in->name, "a");
    ck_assert_str_eq(method->in->next->name, "b");
    ck_assert_ptr_null(method->in->next->next);
    ck_assert_str_eq(method->out->name, "c");
    ck_assert_ptr_null(method->out->next);
    ck_assert_str_eq(method->error->name, "d");
    ck_assert_str_eq(method->error->next->name, "e");
    ck_assert_str_eq(method->next->name, "N");
    ck_assert_ptr_null(method->next->in);
    ck_assert_ptr_null(method->next->next);
    unload(&loaded);
}
END_TEST

START_TEST(types_nest_as_written)
{
    struct loaded loaded =
        load_good(IDL_FILE_IDL, "package a.B typedef sequence<array<string<3>, 2>, 1 + 3> T;");
    const struct idl_type *type = loaded.file->declarations->type;

    ck_assert_int_eq(type->kind, IDL_SEQUENCE);
    ck_assert_uint_eq(type->bound, 4);
    ck_assert_int_eq(type->element->kind, IDL_ARRAY);
    ck_assert_uint_eq(type->element->bound, 2);
    ck_assert_int_eq(type->element->element->kind, IDL_STRING);
    ck_assert_uint_eq(type->element->element->bound, 3);
    ck_assert_uint_eq(type->element->element->position.column, 36);
    unload(&loaded);
}
END_TEST

START_TEST(positions_are_those_of_the_names)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.B\nstruct  S {\n\tUInt8   field;\n}\n"
                                                   "interface {\n    Method(in  S  parameter);\n}");
    const struct idl_declaration *structure = loaded.file->declarations;
    const struct idl_method *method = loaded.file->interface->methods;

    ck_assert_uint_eq(loaded.file->position.column, 9);
    ck_assert_uint_eq(structure->position.line, 2);
    ck_assert_uint_eq(structure->position.column, 9);
    ck_assert_uint_eq(structure->fields->position.line, 3);
    ck_assert_uint_eq(structure->fields->position.column, 10);
    ck_assert_uint_eq(loaded.file->interface->position.line, 5);
    ck_assert_uint_eq(loaded.file->interface->position.column, 1);
    ck_assert_uint_eq(method->position.column, 5);
    ck_assert_uint_eq(method->in->type->position.column, 16);
    ck_assert_uint_eq(method->in->position.column, 19);
    unload(&loaded);
}
END_TEST

START_TEST(a_task_class_and_an_entity_are_the_same)
{
    struct loaded loaded = load_good(IDL_FILE_EDL, "task class a.Task");

    ck_assert_str_eq(loaded.file->name, "a.Task");
    ck_assert(loaded.file->component->is_entity);
    load_more(&loaded, IDL_FILE_EDL, "entity a.Entity");
    ck_assert_str_eq(loaded.file->name, "a.Entity");
    ck_assert(loaded.file->component->is_entity);
    load_more(&loaded, IDL_FILE_CDL, "component a.Component");
    ck_assert(!loaded.file->component->is_entity);
    unload(&loaded);
}
END_TEST

START_TEST(a_missing_mark_is_reported_at_the_end_of_its_line)
{
    refuse(IDL_FILE_IDL, "package a.B\nconst UInt8 X = 1\nconst UInt8 Y = 1;", 2, 18,
           "expected ';' after the constant");
    refuse(IDL_FILE_IDL, "package a.B\nstruct S\n  UInt8 a; }", 2, 9,
           "expected '{' after the struct's name");
    refuse(IDL_FILE_IDL, "package a.B interface { M() // remark\n\n }", 1, 28,
           "expected ';' after the method");
    refuse(IDL_FILE_CDL, "component a.B endpoints\n", 2, 1, "but the file ends here");
}
END_TEST

START_TEST(a_wrong_token_is_reported_where_it_stands)
{
    refuse(IDL_FILE_IDL, "package a.B\nconst UInt8 X = 1 2;", 2, 18,
           "expected ';' after the constant, found '2'");
    refuse(IDL_FILE_IDL, "package a.B\n  typedef UInt8 *;", 2, 17,
           "expected the new type's name, found '*'");
    refuse(IDL_FILE_IDL, "package a..B", 1, 11, "expected a name after '.', found '.'");
    refuse(IDL_FILE_IDL, "package 5", 1, 9, "expected the package's name, found '5'");
    refuse(IDL_FILE_CDL, "component a.B endpoints { a = b.C }", 1, 29,
           "expected ':' after the name, found '='");
}
END_TEST

START_TEST(long_words_are_not_quoted_whole)
{
    char *text = repeated("package a.B typedef UInt8 X ", "a", 200, ";");

    refuse(IDL_FILE_IDL, text, 1, 28, "found 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'");
    free(text);
}
END_TEST

START_TEST(after_an_error_the_next_declaration_is_parsed)
{
    refuse_n(IDL_FILE_IDL,
             "package a.B\n"
             "const UInt8 = 1;\n"
             "typedef UInt8;\n"
             "struct S { UInt8; UInt8 b; c; }\n"
             "blah blah { blah; } blah;\n"
             "interface { M(; N(in); O(); }\n"
             "const UInt8 X 1;\n",
             9);
}
END_TEST

START_TEST(one_mistake_gives_one_error)
{
    refuse_n(IDL_FILE_IDL, "package a.B;\nconst UInt8 X = 1;\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\nstruct S {\n  UInt8 a;\n\ninterface {\n  M();\n}\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\nstruct S {\n  UInt8 a;\n};\ninterface {\n  M();\n};\n", 2);
    refuse_n(IDL_FILE_IDL, "package a.B\nonion U {\n  UInt8 a;\n}\nconst UInt8 X = 1;\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\ninterface IName {\n  M();\n  N();\n}\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\nconst UInt8 X = 1\nconst UInt8 Y = 1;\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\nstruct S {\n", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\n/* no end", 1);
    refuse_n(IDL_FILE_IDL, "package a.B\nconst UInt8 X = $;\n", 1);
    refuse_n(IDL_FILE_CDL, "component a.B\nendpoints {\n  a b.C\n  c : d.E\n}\n", 1);
    refuse_n(IDL_FILE_CDL, "component a.B;\nendpoints {\n}\n", 1);
    refuse_n(IDL_FILE_EDL, "entity", 1);
}
END_TEST

START_TEST(an_interface_has_at_most_65535_methods)
{
    char *methods = malloc(IDL_METHODS_MAX * 8 + 1);
    char *text;
    size_t size = 0;

    for (unsigned i = 0; i < IDL_METHODS_MAX; i++) {
        size += (size_t)sprintf(methods + size, "m%04X();", i);
    }
    text = repeated("package a.B interface {", methods, 1, "}");
    struct loaded loaded = load_good(IDL_FILE_IDL, text);
    ck_assert_uint_eq(loaded.file->interface->n_methods, IDL_METHODS_MAX);
    unload(&loaded);
    free(text);
    text = repeated("package a.B interface {", methods, 1, "x();}");
    refuse(IDL_FILE_IDL, text, 1, 24 + IDL_METHODS_MAX * 8, "at most 65535 methods");
    free(text);
    free(methods);
}
END_TEST

START_TEST(a_method_has_at_most_1024_parameters)
{
    char parameters[IDL_PARAMETERS_MAX * 16];
    size_t size = 0;

    for (unsigned i = 0; i < IDL_PARAMETERS_MAX; i++) {
        size += (size_t)sprintf(parameters + size, "%sin UInt8 p%u", i == 0 ? "" : ",", i);
    }
    char *text = repeated("package a.B interface { M(", parameters, 1, "); }");
    struct loaded loaded = load_good(IDL_FILE_IDL, text);
    unload(&loaded);
    free(text);
    text = repeated("package a.B interface { M(", parameters, 1, ", out UInt8 x); }");
    refuse(IDL_FILE_IDL, text, 1, (uint32_t)(27 + size + 2), "at most 1024 parameters");
    free(text);
}
END_TEST

START_TEST(nesting_of_types_is_limited)
{
    char *text = repeated("package a.B typedef ", "array<", 100000, "");

    refuse(IDL_FILE_IDL, text, 1, 21 + 6 * IDL_TYPE_DEPTH_MAX, "types nest deeper than 32 levels");
    free(text);
}
END_TEST

START_TEST(a_qualified_name_has_at_most_255_characters)
{
    char *text = repeated("package a", ".b", (IDL_QUALIFIED_BYTES_MAX - 1) / 2, "");
    struct loaded loaded = load_good(IDL_FILE_IDL, text);

    ck_assert_uint_eq(strlen(loaded.file->name), IDL_QUALIFIED_BYTES_MAX);
    unload(&loaded);
    free(text);
    text = repeated("package a", ".b", IDL_QUALIFIED_BYTES_MAX / 2 + 1, "");
    refuse(IDL_FILE_IDL, text, 1, 9, "more than 255 characters");
    free(text);
}
END_TEST

START_TEST(only_20_errors_are_kept)
{
    char *text = repeated("package a.B\n", "typedef ;\n", 1000, "");
    struct loaded loaded = load_text(IDL_FILE_IDL, text);

    ck_assert_uint_eq(idl_n_errors(loaded.context), IDL_DIAGNOSTICS_MAX);
    unload(&loaded);
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl parser");
    TCase *tcase = tcase_create("parser");

    tcase_add_test(tcase, a_package_gives_its_name_and_its_prefix_in_c);
    tcase_add_test(tcase, declarations_keep_their_order);
    tcase_add_test(tcase, parameters_are_kept_by_direction);
    tcase_add_test(tcase, types_nest_as_written);
    tcase_add_test(tcase, positions_are_those_of_the_names);
    tcase_add_test(tcase, a_task_class_and_an_entity_are_the_same);
    tcase_add_test(tcase, a_missing_mark_is_reported_at_the_end_of_its_line);
    tcase_add_test(tcase, a_wrong_token_is_reported_where_it_stands);
    tcase_add_test(tcase, long_words_are_not_quoted_whole);
    tcase_add_test(tcase, after_an_error_the_next_declaration_is_parsed);
    tcase_add_test(tcase, one_mistake_gives_one_error);
    tcase_add_test(tcase, an_interface_has_at_most_65535_methods);
    tcase_add_test(tcase, a_method_has_at_most_1024_parameters);
    tcase_add_test(tcase, nesting_of_types_is_limited);
    tcase_add_test(tcase, a_qualified_name_has_at_most_255_characters);
    tcase_add_test(tcase, only_20_errors_are_kept);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
