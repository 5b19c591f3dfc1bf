/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files in tests/idl/corpus: y_* must load in silence, n_* must fail exactly where they say so,
 * and w_NAME* must load with the warning NAME and no other, exactly where they say so.
 *
 * A line with the comment "// error: TEXT" must have an error whose message contains TEXT; where no
 * comment can stand on the line, "// error@LINE: TEXT" on any other line says the same, and so does
 * "// warning" for a warning. There must be nothing else. Packages that these files import are
 * below lib/; errors in them are announced in them.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/context.h"
#include "idl/diagnostics.h"
#include "idl/loader.h"
#include "idl/source.h"
#include "tests/support/check_main.h"

#define CORPUS "tests/idl/corpus"

/* How announcements begin. */
#define ERROR "// error"
#define WARNING "// warning"

static struct dirent **files;
static int n_files;

/* is_of_kind() - 'y', 'n' or 'w' */
static bool is_of_kind(int i, char kind)
{
    return files[i]->d_name[0] == kind;
}

/* warning_of() - the NAME in w_NAME.idl or w_NAME_more.idl */
static const char *warning_of(int i)
{
    static char name[64];
    const char *start = files[i]->d_name + strlen("w_");

    snprintf(name, sizeof(name), "%.*s", (int)strcspn(start, "_."), start);
    return name;
}

/* new_run() - a run for corpus file @i; no file here is called as what it declares */
static struct idl_context *new_run(int i)
{
    struct idl_context *context = idl_context_new();

    ck_assert_ptr_nonnull(context);
    ck_assert_int_eq(idl_context_add_import_dir(context, CORPUS "/lib"), 0);
    ck_assert_int_eq(idl_context_set_warning(context, "package-path", false), 0);
    ck_assert_int_eq(idl_context_set_warning(context, "file-name", false), 0);
    if (is_of_kind(i, 'w')) {
        ck_assert_int_eq(idl_context_set_warning(context, warning_of(i), true), 0);
    }
    return context;
}

/* load() - load corpus file @i; the result of idl_load() */
static int load(int i, struct idl_context *context)
{
    char path[512];
    const struct idl_file *file;

    snprintf(path, sizeof(path), CORPUS "/%s", files[i]->d_name);
    return idl_load(context, path, &file);
}

/* fail_with() - fail, showing @why and all diagnostics */
static void fail_with(const struct idl_context *context, int i, const char *why)
{
    fprintf(stderr, "%s: %s\n", files[i]->d_name, why);
    idl_print_diagnostics(context, stderr);
    ck_abort_msg("%s: %s", files[i]->d_name, why);
}

/* announced() - the TEXT and line of the announcement of a @kind in @line, or NULL */
static const char *announced(const char *line, size_t size, const char *kind, uint32_t number,
                             uint32_t *ret_line, size_t *ret_size)
{
    const char *comment = memmem(line, size, kind, strlen(kind));
    const char *end = line + size;

    if (comment == NULL) {
        return NULL;
    }
    const char *text = comment + strlen(kind);
    *ret_line = number;
    if (*text == '@') {
        char *rest;
        *ret_line = (uint32_t)strtoul(text + 1, &rest, 10);
        text = rest;
    }
    ck_assert_msg(text + 2 < end && text[0] == ':' && text[1] == ' ', "bad announcement: %.*s",
                  (int)size, line);
    *ret_size = (size_t)(end - text) - 2;
    return text + 2;
}

/* count_lines() - how many lines a source has */
static uint32_t count_lines(const struct idl_source *source)
{
    uint32_t n_lines = 1;

    for (size_t i = 0; i < source->size; i++) {
        n_lines += source->text[i] == '\n' ? 1 : 0;
    }
    return n_lines;
}

/* is_announced() - does the file of @diagnostic announce it? */
static bool is_announced(const struct idl_diagnostic *diagnostic)
{
    const char *kind = diagnostic->is_error ? ERROR : WARNING;
    const struct idl_source *source = diagnostic->position.source;
    uint32_t n_lines = count_lines(source);

    for (uint32_t number = 1; number <= n_lines; number++) {
        uint32_t at_line;
        size_t size;
        size_t text_size;
        const char *line = idl_source_line(source, number, &size);
        const char *text = announced(line, size, kind, number, &at_line, &text_size);
        if (text != NULL && at_line == diagnostic->position.line &&
            memmem(diagnostic->message, strlen(diagnostic->message), text, text_size) != NULL) {
            return true;
        }
    }
    return false;
}

/* count_announcements() - in @source */
static size_t count_announcements(const struct idl_source *source)
{
    uint32_t n_lines = count_lines(source);
    size_t n_announcements = 0;

    for (uint32_t number = 1; number <= n_lines; number++) {
        uint32_t at_line;
        size_t size;
        size_t text_size;
        const char *line = idl_source_line(source, number, &size);
        n_announcements += announced(line, size, ERROR, number, &at_line, &text_size) != NULL;
        n_announcements += announced(line, size, WARNING, number, &at_line, &text_size) != NULL;
    }
    return n_announcements;
}

/* expect_announced() - what is reported is what the files announce in which something is */
static void expect_announced(const struct idl_context *context, int i)
{
    const struct idl_source *source = NULL;
    size_t n_announcements = 0;

    for (const struct idl_diagnostic *diagnostic = context->diagnostics.first; diagnostic != NULL;
         diagnostic = diagnostic->next) {
        if (!is_announced(diagnostic)) {
            fail_with(context, i, "has an error or warning that it does not announce");
        }
        if (diagnostic->position.source != source) {
            source = diagnostic->position.source;
            n_announcements += count_announcements(source);
        }
    }
    if (n_announcements != idl_n_errors(context) + idl_n_warnings(context)) {
        fail_with(context, i, "announces an error or warning that it does not have");
    }
}

START_TEST(a_good_file_loads_and_a_bad_one_fails_where_it_says)
{
    struct idl_context *context = new_run(_i);
    int r = load(_i, context);

    if (is_of_kind(_i, 'n') ? r != IDL_E_INVALID : r != 0) {
        fail_with(context, _i, is_of_kind(_i, 'n') ? "must be refused" : "must load");
    }
    if (is_of_kind(_i, 'y') != (context->diagnostics.first == NULL)) {
        fail_with(context, _i, "must load in silence if, and only if, it is called y_");
    }
    expect_announced(context, _i);
    idl_context_free(context);
}
END_TEST

START_TEST(a_warning_has_its_name_and_is_silent_without_it)
{
    struct idl_context *context = is_of_kind(_i, 'w') ? new_run(_i) : NULL;
    const struct idl_diagnostic *diagnostic;

    if (context == NULL) {
        return;
    }
    ck_assert_int_eq(load(_i, context), 0);
    ck_assert_uint_gt(idl_n_warnings(context), 0);
    for (diagnostic = context->diagnostics.first; diagnostic != NULL;
         diagnostic = diagnostic->next) {
        ck_assert_str_eq(diagnostic->warning, warning_of(_i));
    }
    idl_context_free(context);
    context = new_run(_i);
    ck_assert_int_eq(idl_context_set_warning(context, warning_of(_i), false), 0);
    ck_assert_int_eq(load(_i, context), 0);
    ck_assert_ptr_null(context->diagnostics.first);
    idl_context_free(context);
}
END_TEST

START_TEST(every_warning_has_a_file)
{
    for (size_t i = 0; idl_warning_at(i) != NULL; i++) {
        int n = 0;
        for (int k = 0; k < n_files; k++) {
            n += is_of_kind(k, 'w') && strcmp(warning_of(k), idl_warning_at(i)->name) == 0;
        }
        ck_assert_msg(n > 0, "no w_%s*", idl_warning_at(i)->name);
    }
}
END_TEST

START_TEST(the_corpus_is_there)
{
    int n_good = 0;
    int n_bad = 0;

    for (int i = 0; i < n_files; i++) {
        n_good += is_of_kind(i, 'y') ? 1 : 0;
        n_bad += is_of_kind(i, 'n') ? 1 : 0;
    }
    ck_assert_int_ge(n_good, 150);
    ck_assert_int_ge(n_bad, 120);
}
END_TEST

/* is_case() - scandir() filter: the files at the top of the corpus */
static int is_case(const struct dirent *entry)
{
    return strchr("ynw", entry->d_name[0]) != NULL && entry->d_name[1] == '_';
}

static Suite *suite(void)
{
    Suite *suite = suite_create("idl corpus");
    TCase *tcase = tcase_create("corpus");

    n_files = scandir(CORPUS, &files, is_case, alphasort);
    tcase_add_test(tcase, the_corpus_is_there);
    tcase_add_loop_test(tcase, a_good_file_loads_and_a_bad_one_fails_where_it_says, 0,
                        n_files > 0 ? n_files : 0);
    tcase_add_test(tcase, every_warning_has_a_file);
    tcase_add_loop_test(tcase, a_warning_has_its_name_and_is_silent_without_it, 0,
                        n_files > 0 ? n_files : 0);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    int status = check_main(suite());

    for (int i = 0; i < n_files; i++) {
        free(files[i]);
    }
    free(files);
    return status;
}
