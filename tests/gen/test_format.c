/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical form of interface files: what it looks like (NAME.in.* and NAME.out.* in
 * tests/gen/format), and what it leaves alone, over every accepted file of the corpus.
 */
#include "gen/format.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/emit.h"
#include "gen/format_pieces.h"
#include "gen/scratch.h"
#include "gen/write_file.h"
#include "idl/arena.h"
#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/source.h"
#include "tests/idl/growth.h"
#include "tests/support/check_main.h"

#define PAIRS "tests/gen/format"
#define CORPUS "tests/idl/corpus"

static struct scratch scratch;
static struct idl_diagnostics diagnostics;

static void setup(void)
{
    scratch_init(&scratch);
    idl_diagnostics_init(&diagnostics, &scratch.arena);
}

static void teardown(void)
{
    scratch_deinit(&scratch);
}

static const struct idl_source *source_of(const char *text, size_t size)
{
    struct idl_source *source;

    ck_assert_int_eq(
        idl_source_from_memory(&scratch.arena, &diagnostics, "text", text, size, &source), 0);
    return source;
}

static const struct idl_source *read_source(const char *path)
{
    char *text;
    size_t size;

    ck_assert_int_eq(read_file(path, &text, &size), 0);
    const struct idl_source *source = source_of(text, size);
    free(text);
    return source;
}

/* format() - the canonical form of @source */
static const struct idl_source *format(const struct idl_source *source)
{
    struct emit emit;

    ck_assert_int_eq(emit_init(&emit, &scratch), 0);
    ck_assert_int_eq(format_emit(&emit, source), 0);
    ck_assert_int_eq(emit_finish(&emit), 0);
    const struct idl_source *formatted = source_of(emit.text, emit.size);
    emit_deinit(&emit);
    return formatted;
}

/* is_wanted() - whether a name begins with @part, or contains it if that begins with a dot */
static bool is_wanted(const char *name, const char *part)
{
    return part[0] == '.' ? strstr(name, part) != NULL : strncmp(name, part, strlen(part)) == 0;
}

/* path_at() - the file at @i of a folder, among those with such names */
static const char *path_at(const char *folder, const char *part, int i)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    const char *path = NULL;

    for (int k = 0; k < n; k++) {
        if (is_wanted(entries[k]->d_name, part) && i-- == 0) {
            path = scratch_format(&scratch, "%s/%s", folder, entries[k]->d_name);
        }
        free(entries[k]);
    }
    free(entries);
    return path;
}

/* count_files() - how many there are */
static int count_files(const char *folder, const char *part)
{
    int n = 0;

    setup();
    while (path_at(folder, part, n) != NULL) {
        n++;
    }
    teardown();
    return n;
}

START_TEST(a_file_takes_its_canonical_form)
{
    char out[256];
    const char *in = path_at(PAIRS, ".in.", _i);

    snprintf(out, sizeof(out), "%.*s.out.%s", (int)(strstr(in, ".in.") - in), in,
             strstr(in, ".in.") + strlen(".in."));
    ck_assert_str_eq(format(read_source(in))->text, read_source(out)->text);
}
END_TEST

START_TEST(an_expected_form_is_canonical_itself)
{
    const struct idl_source *out = read_source(path_at(PAIRS, ".out.", _i));

    ck_assert_str_eq(format(out)->text, out->text);
}
END_TEST

START_TEST(what_has_its_canonical_form_keeps_it)
{
    const struct idl_source *once = format(read_source(path_at(CORPUS, "y_", _i)));

    ck_assert_str_eq(format(once)->text, once->text);
}
END_TEST

/* same_piece() - whether nothing but blanks differs; the lines of a comment may lose those at their
 * ends */
static bool same_piece(const struct format_piece *a, const struct format_piece *b)
{
    size_t i = 0;
    size_t k = 0;

    while (i < a->size || k < b->size) {
        if (i < a->size && strchr(" \t\r\n", a->text[i]) != NULL) {
            i++;
        } else if (k < b->size && strchr(" \t\r\n", b->text[k]) != NULL) {
            k++;
        } else if (i == a->size || k == b->size || a->text[i++] != b->text[k++]) {
            return false;
        }
    }
    return a->kind == b->kind;
}

START_TEST(no_token_and_no_comment_is_lost_added_or_moved)
{
    const struct idl_source *source = read_source(path_at(CORPUS, "y_", _i));
    struct format_pieces before;
    struct format_pieces after;

    ck_assert_int_eq(format_take_apart(&scratch, source, &before), 0);
    ck_assert_int_eq(format_take_apart(&scratch, format(source), &after), 0);
    ck_assert_uint_eq(after.n_pieces, before.n_pieces);
    for (size_t i = 0; i < before.n_pieces; i++) {
        ck_assert(same_piece(&before.pieces[i], &after.pieces[i]));
    }
}
END_TEST

/* What grows: @unit @n times, between two texts. */
static const struct growing {
    const char *before;
    const char *unit;
    const char *after;
    size_t n;
} growing[] = {
    {"", "//\n", "package a.B", 8000},
    {"", "/**/", "package a.B", 8000},
    {"", "/*\n*/\n", "package a.B", 4000},
    {"package a.B const UInt8 A = 0", "+1/**/\n", ";", 2000},
    {"package a.B interface { M(", "/**/", "); }", 8000},
    {"package a.B interface { M(", "in UInt8 a, //\n", "in UInt8 a); }", 1000},
    {"package a.B interface { M(", "in UInt8 a /*\n*/, /**/ /**/", "in UInt8 a); }", 1000},
    {"package a.B interface {", "/**/ M(in UInt8 a) /**/; /*\n*/", "}", 1000},
};

/* format_repeated() - format @n times the unit */
static void format_repeated(const void *userdata, size_t n)
{
    const struct growing *text = userdata;
    size_t unit_size = strlen(text->unit);
    size_t capacity = strlen(text->before) + unit_size * n + strlen(text->after) + 1;
    char *whole = malloc(capacity);

    ck_assert_ptr_nonnull(whole);
    char *end = stpcpy(whole, text->before);
    for (size_t i = 0; i < n; i++) {
        end = stpcpy(end, text->unit);
    }
    end = stpcpy(end, text->after);
    format(source_of(whole, (size_t)(end - whole)));
    free(whole);
    scratch_deinit(&scratch);
    setup();
}

START_TEST(time_grows_no_faster_than_the_text)
{
    ck_assert(growth_is_linear(format_repeated, &growing[_i], growing[_i].n));
}
END_TEST

START_TEST(a_file_without_anything_stays_empty)
{
    ck_assert_str_eq(format(source_of("", 0))->text, "");
    ck_assert_str_eq(format(source_of("\n\n", 2))->text, "");
}
END_TEST

START_TEST(only_what_parses_is_formatted_and_imports_need_not_be_there)
{
    struct idl_context *context = idl_context_new();
    const struct idl_source *source;

    ck_assert_int_eq(idl_parse_only(context, CORPUS "/n_struct_unclosed.idl", &source),
                     IDL_E_INVALID);
    ck_assert_int_eq(idl_parse_only(context, CORPUS "/n_import_missing.idl", &source), 0);
    ck_assert_int_eq(idl_parse_only(context, CORPUS "/none.idl", &source), -ENOENT);
    idl_context_free(context);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("format");
    TCase *cases = tcase_create("format");
    int n_corpus = count_files(CORPUS, "y_");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, a_file_takes_its_canonical_form, 0, count_files(PAIRS, ".in."));
    tcase_add_loop_test(cases, an_expected_form_is_canonical_itself, 0,
                        count_files(PAIRS, ".out."));
    tcase_add_loop_test(cases, what_has_its_canonical_form_keeps_it, 0, n_corpus);
    tcase_add_loop_test(cases, no_token_and_no_comment_is_lost_added_or_moved, 0, n_corpus);
    tcase_add_loop_test(cases, time_grows_no_faster_than_the_text, 0,
                        sizeof(growing) / sizeof(growing[0]));
    tcase_add_test(cases, a_file_without_anything_stays_empty);
    tcase_add_test(cases, only_what_parses_is_formatted_and_imports_need_not_be_there);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
