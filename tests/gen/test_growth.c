/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is generated takes time in proportion to the source, also when the source was written to
 * hurt.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen/c_header.h"
#include "gen/c_tables.h"
#include "gen/component.h"
#include "gen/emit.h"
#include "gen/proto.h"
#include "gen/proto_model.h"
#include "gen/scratch.h"
#include "tests/idl/growth.h"
#include "tests/idl/load.h"
#include "tests/support/check_main.h"

/* A source with @unit any number of times; its files are loaded one after the other. */
struct source {
    enum idl_file_kind kind;
    const char *before;
    void (*unit)(FILE *out, size_t i);
    const char *after;
    size_t n; /* how many to begin with; it becomes eight times as many */
};

/* put_variant() - aaaa, Aaaa, aAaa ...: one name to protobuf, which ignores case */
static void put_variant(FILE *out, size_t i)
{
    for (unsigned bit = 0; bit < 16; bit++) {
        fputc((i >> bit & 1) != 0 ? 'A' : 'a', out);
    }
}

static void put_variant_struct(FILE *out, size_t i)
{
    fputs("struct ", out);
    put_variant(out, i);
    fputs("{UInt8 a;}", out);
}

static void put_variant_field(FILE *out, size_t i)
{
    fputs("UInt8 ", out);
    put_variant(out, i);
    fputs(";", out);
}

static void put_variant_method(FILE *out, size_t i)
{
    put_variant(out, i);
    fputs("();", out);
}

static void put_use(FILE *out, size_t i)
{
    fprintf(out, "struct S%zu{S a;}", i);
}

static void put_field(FILE *out, size_t i)
{
    fprintf(out, "sequence<S, 4> a%zu;", i);
}

static void put_method(FILE *out, size_t i)
{
    fprintf(out, "M%zu(in S a, out sequence<string<4>, 2> b, error S c);", i);
}

static void put_endpoint(FILE *out, size_t i)
{
    fprintf(out, "e%zu : a.Many\n", i);
}

static void put_instance(FILE *out, size_t i)
{
    fprintf(out, "c%zu : a.C\n", i);
}

static const struct source sources[] = {
    {IDL_FILE_IDL, "package a.B ", put_variant_struct, "", 128},
    {IDL_FILE_IDL, "package a.B struct S{", put_variant_field, "}", 128},
    {IDL_FILE_IDL, "package a.B interface {", put_variant_method, "}", 128},
    {IDL_FILE_IDL, "package a.B struct S{UInt8 a;}", put_use, "", 256},
    {IDL_FILE_IDL, "package a.B struct S{UInt8 a;} struct R{", put_field, "}", 256},
    {IDL_FILE_IDL, "package a.B struct S{UInt8 a;} interface {", put_method, "}", 64},
    {IDL_FILE_CDL, "component a.B endpoints {", put_endpoint, "}", 128},
    {IDL_FILE_CDL, "component a.B components {", put_instance, "}", 128},
};

/* source_text() - a source with its unit @n times; release with free() */
static char *source_text(const struct source *source, size_t n)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(source->before, out);
    for (size_t i = 0; i < n; i++) {
        source->unit(out, i);
    }
    fputs(source->after, out);
    fclose(out);
    return take_stream(text);
}

/* emit_all() - everything that is generated from a file */
static void emit_all(struct emit *emit, const struct idl_file *file)
{
    struct proto_set set = {.scratch = emit->scratch};

    if (file->kind != IDL_FILE_IDL) {
        component_header_emit(emit, file, false);
        component_tables_emit(emit, file);
        return;
    }
    const struct proto_file *proto = proto_set_get(&set, file);
    ck_assert_ptr_nonnull(proto);
    proto_emit(emit, proto);
    c_header_emit(emit, file, NULL);
    c_tables_emit(emit, proto);
}

/* generate() - what is measured */
static void generate(const void *userdata, size_t n)
{
    struct loaded loaded = {.context = idl_context_new()};
    char *text = source_text(userdata, n);
    struct scratch scratch;
    struct emit emit;

    load_more(&loaded, IDL_FILE_IDL,
              "package a.Many interface { A(in string<4> a); B(in UInt8 b); C(); D(); }");
    load_more(&loaded, IDL_FILE_CDL, "component a.C endpoints { e : a.Many f : a.Many }");
    load_more(&loaded, ((const struct source *)userdata)->kind, text);
    ck_assert_int_eq(loaded.r, 0);
    scratch_init(&scratch);
    ck_assert_int_eq(emit_init(&emit, &scratch), 0);
    emit_all(&emit, loaded.file);
    ck_assert_int_eq(emit_finish(&emit), 0);
    emit_deinit(&emit);
    scratch_deinit(&scratch);
    free(text);
    unload(&loaded);
}

START_TEST(time_grows_no_faster_than_the_source)
{
    ck_assert(growth_is_linear(generate, &sources[_i], sources[_i].n));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("growth");
    TCase *tcase = tcase_create("growth");

    tcase_add_loop_test(tcase, time_grows_no_faster_than_the_source, 0,
                        sizeof(sources) / sizeof(sources[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
