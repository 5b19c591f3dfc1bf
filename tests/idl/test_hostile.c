/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources that were written to hurt: each is accepted or has a clear error, and takes time and
 * memory in proportion to its size.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idl/limits.h"
#include "idl/table.h"
#include "tests/idl/growth.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

#define DEPTH 100000
#define MESSAGE_BYTES_MAX 1000

static char folder[] = "/tmp/idl-hostile-XXXXXX";

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("a", 0777), 0);
}

static void teardown(void)
{
    char command[100];

    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* check_errors() - every error is one short line */
static void check_errors(const struct idl_context *context)
{
    const struct idl_diagnostic *diagnostic = context->diagnostics.first;

    ck_assert_ptr_nonnull(diagnostic);
    ck_assert_uint_le(idl_n_errors(context), IDL_DIAGNOSTICS_MAX);
    for (; diagnostic != NULL; diagnostic = diagnostic->next) {
        ck_assert_uint_lt(strlen(diagnostic->message), MESSAGE_BYTES_MAX);
        ck_assert_ptr_null(strchr(diagnostic->message, '\n'));
        ck_assert_uint_gt(diagnostic->position.line, 0);
        ck_assert_uint_gt(diagnostic->position.column, 0);
    }
}

/* refuse() - a text is refused with short errors, and the first one contains @message */
static void refuse(enum idl_file_kind kind, char *text, const char *message)
{
    struct loaded loaded = load_text(kind, text);
    char *shown = printed(loaded.context);

    ck_assert_int_eq(loaded.r, IDL_E_INVALID);
    check_errors(loaded.context);
    ck_assert_msg(strstr(loaded.context->diagnostics.first->message, message) != NULL,
                  "\"%s\" is not in \"%s\"", message, loaded.context->diagnostics.first->message);
    ck_assert_uint_lt(strlen(shown), (size_t)2 * IDL_DIAGNOSTICS_MAX * MESSAGE_BYTES_MAX);
    free(shown);
    free(text);
    unload(&loaded);
}

/* Brackets and what else can be in itself, 100,000 levels deep. */
static const struct {
    enum idl_file_kind kind;
    const char *before;
    const char *unit;
    const char *message;
} nestings[] = {
    {IDL_FILE_IDL, "package a.B const UInt8 N = ", "(", "nests deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B const UInt8 N = ", "-", "nests deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B const UInt8 N = ", "~+", "nests deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B const UInt8 N = ", "2 ** ", "nests deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B const UInt8 N = ", "1+(", "nests deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B typedef ", "sequence<", "types nest deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B typedef ", "array<", "types nest deeper than 32 levels"},
    {IDL_FILE_IDL, "package a.B typedef ", "<", "expected a type"},
    {IDL_FILE_IDL, "package a.B struct S ", "{", "expected a type"},
    {IDL_FILE_IDL, "package a.B struct S {", "struct S {", "expected"},
    {IDL_FILE_IDL, "package a.B interface ", "{", "expected a method's name"},
    {IDL_FILE_IDL, "package a.B interface {", "M(", "a parameter begins with"},
    {IDL_FILE_IDL, "package a.B ", "[", "unexpected character '['"},
    {IDL_FILE_IDL, "package a.B ", "}", "expected"},
    {IDL_FILE_IDL, "package a.B ", " /*", "this comment has no end"},
    {IDL_FILE_CDL, "component a.B endpoints ", "{", "expected a name or '}'"},
    {IDL_FILE_CDL, "component a.B components {", "c:{", "expected a qualified name"},
    {IDL_FILE_EDL, "entity a.B components ", "{", "expected a name or '}'"},
};

START_TEST(what_nests_too_deeply_is_refused)
{
    refuse(nestings[_i].kind, repeated(nestings[_i].before, nestings[_i].unit, DEPTH, ""),
           nestings[_i].message);
}
END_TEST

/* What fills a file of the largest size, as one token or as many. */
static const struct {
    const char *before;
    const char *unit;
    const char *after;
    const char *message; /* of the error; NULL if there is none */
} fillings[] = {
    {"package a.B ", " ", "", NULL},
    {"package a.B ", "\n", "", NULL},
    {"package a.B /", "*", "/", NULL},
    {"package a.B //", "/", "", NULL},
    {"package ", "a", "", "this name has "},
    {"package a", ".a", "", "more than 255 characters"},
    {"package a.B const UInt8 ", "N", " = 1;", "this name has "},
    {"package a.B const ", "T", " N = 1;", "this name has "},
    {"package a.B const UInt8 N = ", "9", ";", "does not fit in 64 bits"},
    {"package a.B const UInt8 N = ", "0", ";", "starts with 0"},
    {"package a.B const UInt8 N = 0x", "0", ";", NULL},
    {"package a.B const UInt8 N = 0o", "7", ";", "does not fit in 64 bits"},
    {"package a.B const UInt8 N = 0", "+0", ";", NULL},
    {"package a.B const UInt8 N = 1", "*1", ";", NULL},
    {"package a.B const UInt8 N = 1", "<<0", ";", NULL},
    {"package a.B const UInt64 N = 1", "+1000000000000000", ";", "overflow"},
    {"package a.B const UInt64 N = 2", "*2", ";", "overflow"},
    {"package a.B const UInt8 N = M", "+M", ";", "unknown constant 'M'"},
    {"package a.B ", ";", "", "unexpected ';'"},
    {"package a.B ", "=", "", "expected 'const'"},
    {"package a.B ", "\"", "", "unexpected text in quotes"},
    {"package a.B ", "#", "", "unexpected character '#'"},
    {"package a.B ", "\x01", "", "unexpected control character 0x01"},
    {"package a.B ", "\xF0\x9F\x98\x80", "", "outside comments only ASCII is allowed"},
    {"package a.B ", "\xF0", "", "is not valid UTF-8"},
    {"package a.B struct S {", "UInt8 ", "}", "expected ';'"},
    {"package a.B interface {", "M();", "}", "at most 65535 methods"},
    {"package a.B ", "import a.C ", "", "a file has at most 256 imports"},
    {"package a.B ", "struct S {}", "", "declared twice"},
};

/* fill() - a text of IDL_FILE_BYTES_MAX bytes, or a little less */
static char *fill(int i)
{
    size_t room = IDL_FILE_BYTES_MAX - strlen(fillings[i].before) - strlen(fillings[i].after);

    return repeated(fillings[i].before, fillings[i].unit, room / strlen(fillings[i].unit),
                    fillings[i].after);
}

START_TEST(a_file_full_of_one_thing_is_accepted_or_refused_in_a_few_words)
{
    char *text = fill(_i);

    if (fillings[_i].message != NULL) {
        refuse(IDL_FILE_IDL, text, fillings[_i].message);
    } else {
        struct loaded loaded = load_good(IDL_FILE_IDL, text);
        unload(&loaded);
        free(text);
    }
}
END_TEST

START_TEST(a_file_one_byte_too_long_is_refused)
{
    refuse(IDL_FILE_IDL, repeated("", " ", IDL_FILE_BYTES_MAX + 1, ""), "the file is larger than");
}
END_TEST

/* Values that 64 bits cannot hold, on every way to them. */
static const struct {
    const char *expression;
    const char *message;
} values[] = {
    {"18446744073709551616", "does not fit in 64 bits"},
    {"0x10000000000000000", "does not fit in 64 bits"},
    {"0o2000000000000000000000", "does not fit in 64 bits"},
    {"18446744073709551615 + 1", "overflow"},
    {"18446744073709551615 * 18446744073709551615", "overflow"},
    {"-18446744073709551615", "overflow"},
    {"2 ** 64", "overflow"},
    {"2 ** 2 ** 2 ** 2 ** 2", "overflow"},
    {"(-2) ** 18446744073709551615", "overflow"},
    {"18446744073709551615 ** 18446744073709551615", "overflow"},
    {"1 << 64", "shift by 64 bits"},
    {"1 << 63 << 1", "overflow"},
    {"1 << 18446744073709551615", "shift by"},
    {"1 >> -1", "shift by -1 bits"},
    {"2 ** -1", "negative exponent"},
    {"1 % (1 - 1)", "division by zero"},
};

START_TEST(a_value_that_64_bits_cannot_hold_is_refused)
{
    refuse(IDL_FILE_IDL, repeated("package a.B const UInt64 N = ", values[_i].expression, 1, ";"),
           values[_i].message);
}
END_TEST

START_TEST(a_huge_power_of_one_takes_no_loop)
{
    struct loaded loaded = load_good(
        IDL_FILE_IDL, "package a.B const SInt8 N = (-1) ** 18446744073709551615 * 1 ** (2 ** 63);");

    ck_assert_int_eq((int64_t)loaded.file->declarations->value, -1);
    unload(&loaded);
}
END_TEST

/* put_cycle() - a/T0.cdl to the last of @n, each with the next one in it, and the first in the last
 */
static void put_cycle(unsigned n)
{
    char path[32];

    for (unsigned i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "a/T%u.cdl", i);
        FILE *out = fopen(path, "w");
        ck_assert_ptr_nonnull(out);
        fprintf(out, "component a.T%u components { t : a.T%u }", i, (i + 1) % n);
        fclose(out);
    }
}

START_TEST(a_cycle_of_files_is_refused_whatever_its_length)
{
    static const struct {
        unsigned n;
        const char *message;
    } cycles[] = {
        {1, "these files need one another: a.T0 -> a.T0"},
        {2, "these files need one another: a.T0 -> a.T1 -> a.T0"},
        {IDL_IMPORT_DEPTH_MAX, "-> a.T62 -> a.T63 -> a.T0"},
        {IDL_IMPORT_DEPTH_MAX + 1, "more than 64 files wait for one another"},
    };

    for (size_t i = 0; i < sizeof(cycles) / sizeof(cycles[0]); i++) {
        struct idl_context *context = idl_context_new();
        const struct idl_file *file;
        put_cycle(cycles[i].n);
        ck_assert_int_eq(idl_load(context, "a/T0.cdl", &file), IDL_E_INVALID);
        check_errors(context);
        ck_assert_uint_eq(idl_n_errors(context), 1);
        ck_assert_ptr_nonnull(strstr(context->diagnostics.first->message, cycles[i].message));
        idl_context_free(context);
    }
}
END_TEST

/* doubled() - 16 structs, each with two of the one before: 65,536 fields in 16 lines; then @n
 * methods with the last one as a parameter */
static char *doubled(const char *rest, unsigned n)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs("package a.B struct S0 { string<1> a; }", out);
    for (int i = 1; i <= 16; i++) {
        fprintf(out, "struct S%d { S%d a; S%d b; }", i, i - 1, i - 1);
    }
    fprintf(out, "%s interface {", rest);
    for (unsigned i = 0; i < n; i++) {
        fprintf(out, "M%u(in S16 x);", i);
    }
    fputs("}", out);
    fclose(out);
    return take_stream(text);
}

START_TEST(doubling_structs_end_at_the_limit_of_a_type)
{
    refuse(IDL_FILE_IDL, doubled("struct S17 { S16 a; S16 b; }", 0), "this has 131072 fields");
}
END_TEST

START_TEST(methods_with_huge_structs_end_at_the_limit_of_a_file)
{
    /* The structs have 131,071 fields, each method 65,536. */
    char *text = doubled("", 14);
    struct loaded loaded = load_good(IDL_FILE_IDL, text);

    unload(&loaded);
    free(text);
    refuse(IDL_FILE_IDL, doubled("", 15),
           "the structs and methods of the file have 1114111 fields");
    refuse(IDL_FILE_IDL, doubled("", 17),
           "the structs and methods of the file have 1114111 fields");
}
END_TEST

START_TEST(a_file_has_at_most_256_imports)
{
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.I");
    char *text = repeated("package a.B ", "import a.I ", IDL_IMPORTS_MAX, "");

    load_more(&loaded, IDL_FILE_IDL, text);
    ck_assert_int_eq(loaded.r, 0);
    unload(&loaded);
    free(text);
    refuse(IDL_FILE_IDL, repeated("package a.B ", "import a.I ", IDL_IMPORTS_MAX + 1, ""),
           "a file has at most 256 imports");
}
END_TEST

/* A text with a part that is there any number of times, each with a number of its own. */
struct pattern {
    enum idl_file_kind kind;
    const char *before;
    const char *unit; /* with at most two %u */
    const char *after;
    size_t n; /* how many to begin with; it becomes eight times as many */
    bool is_bad;
};

static const struct pattern patterns[] = {
    {IDL_FILE_IDL, "package a.B ", "const UInt8 A%u = 1;", "", 4096, false},
    {IDL_FILE_IDL, "package a.B const UInt8 N = 1;", "typedef array<UInt8, N> A%u;", "", 4096,
     false},
    {IDL_FILE_IDL, "package a.B ", "struct A%u{UInt8 a;}", "", 4096, false},
    {IDL_FILE_IDL, "package a.B struct S{UInt8 a;}", "struct A%u{S a;}", "", 4096, false},
    {IDL_FILE_IDL, "package a.B struct S{", "UInt16 a%u;", "}", 4096, false},
    {IDL_FILE_IDL, "package a.B interface{", "M%u(in UInt8 a);", "}", 4096, false},
    {IDL_FILE_IDL, "package a.B interface{", "req_req_req_req_%u();", "}", 4096, false},
    {IDL_FILE_IDL, "package a.B interface{M(in UInt8 a", ",in UInt8 a%u", ");}", 127, false},
    {IDL_FILE_IDL, "package a.B const UInt64 N = 0", "|%u", ";", 8192, false},
    {IDL_FILE_IDL, "package a.B ", "const UInt8 A%u = ;", "", 4096, true},
    {IDL_FILE_IDL, "package a.B ", "const UInt8 A = 1;\n", "", 4096, true},
    {IDL_FILE_IDL, "package a.B struct S {", "A%u a;", "}", 4096, true},
    {IDL_FILE_IDL, "package a.B ", "/* %u */", "", 8192, false},
    {IDL_FILE_CDL, "component a.B endpoints {", "e%u : a.I\n", "}", 4096, false},
    {IDL_FILE_CDL, "component a.B components {", "c%u : a.C\n", "}", 4096, false},
};

/* pattern_text() - a pattern with its unit @n times; release with free() */
static char *pattern_text(const struct pattern *pattern, size_t n)
{
    char *text = NULL;
    char unit[64];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(pattern->before, out);
    for (size_t i = 0; i < n; i++) {
        snprintf(unit, sizeof(unit), pattern->unit, (unsigned)i);
        fputs(unit, out);
    }
    fputs(pattern->after, out);
    fclose(out);
    return take_stream(text);
}

START_TEST(as_much_as_fits_into_a_file_is_accepted)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs("package a.B typedef UInt8 T;", out);
    for (unsigned i = 1; i < 65536; i++) {
        const char *digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        fprintf(out, "typedef T %c%c%c;", digits[i % 52], digits[i / 52 % 52], digits[i / 52 / 52]);
    }
    fclose(out);
    text = take_stream(text);
    struct loaded loaded = load_good(IDL_FILE_IDL, text);
    ck_assert_ptr_nonnull(idl_table_find(loaded.file->names, "baa"));
    unload(&loaded);
    free(text);
}
END_TEST

START_TEST(an_interface_of_20000_methods_is_accepted)
{
    const struct pattern methods = {
        IDL_FILE_IDL, "package a.B interface{", "M%u(in UInt8 a, out UInt8 b);", "}", 0, false};
    char *text = pattern_text(&methods, 20000);
    struct loaded loaded = load_good(IDL_FILE_IDL, text);

    ck_assert_uint_eq(loaded.file->interface->n_methods, 20000);
    unload(&loaded);
    free(text);
}
END_TEST

/* load_pattern() - what is measured: loading a text, and its errors if it has some */
static void load_pattern(const void *userdata, size_t n)
{
    const struct pattern *pattern = userdata;
    struct loaded loaded = load_good(IDL_FILE_IDL, "package a.I interface {}");
    char *text = pattern_text(pattern, n);

    load_more(&loaded, IDL_FILE_CDL, "component a.C endpoints { e : a.I }");
    load_more(&loaded, pattern->kind, text);
    ck_assert_int_eq(loaded.r, pattern->is_bad ? IDL_E_INVALID : 0);
    free(printed(loaded.context));
    free(text);
    unload(&loaded);
}

START_TEST(time_grows_no_faster_than_the_text)
{
    ck_assert_msg(growth_is_linear(load_pattern, &patterns[_i], patterns[_i].n), "\"%s\"",
                  patterns[_i].unit);
}
END_TEST

/* load_files() - what is measured: @n files, and as many uses of them */
static void load_files(const void *userdata, size_t n)
{
    struct loaded loaded = {.context = idl_context_new()};
    char text[128];

    (void)userdata;
    ck_assert_ptr_nonnull(loaded.context);
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "package a.T%zu interface {}", i);
        load_more(&loaded, IDL_FILE_IDL, text);
        snprintf(text, sizeof(text), "component a.T%zu endpoints { e : a.T%zu }", i, i / 2);
        load_more(&loaded, IDL_FILE_CDL, text);
        ck_assert_int_eq(loaded.r, 0);
    }
    unload(&loaded);
}

START_TEST(time_grows_no_faster_than_the_number_of_files)
{
    ck_assert(growth_is_linear(load_files, NULL, 250));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idl hostile sources");
    TCase *tcase = tcase_create("hostile");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, what_nests_too_deeply_is_refused, 0,
                        sizeof(nestings) / sizeof(nestings[0]));
    tcase_add_loop_test(tcase, a_file_full_of_one_thing_is_accepted_or_refused_in_a_few_words, 0,
                        sizeof(fillings) / sizeof(fillings[0]));
    tcase_add_test(tcase, a_file_one_byte_too_long_is_refused);
    tcase_add_loop_test(tcase, a_value_that_64_bits_cannot_hold_is_refused, 0,
                        sizeof(values) / sizeof(values[0]));
    tcase_add_test(tcase, a_huge_power_of_one_takes_no_loop);
    tcase_add_test(tcase, a_cycle_of_files_is_refused_whatever_its_length);
    tcase_add_test(tcase, doubling_structs_end_at_the_limit_of_a_type);
    tcase_add_test(tcase, methods_with_huge_structs_end_at_the_limit_of_a_file);
    tcase_add_test(tcase, a_file_has_at_most_256_imports);
    tcase_add_test(tcase, as_much_as_fits_into_a_file_is_accepted);
    tcase_add_test(tcase, an_interface_of_20000_methods_is_accepted);
    tcase_add_loop_test(tcase, time_grows_no_faster_than_the_text, 0,
                        sizeof(patterns) / sizeof(patterns[0]));
    tcase_add_test(tcase, time_grows_no_faster_than_the_number_of_files);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
