/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files in tests/idl/corpus: y_* must load, n_* must fail exactly where they say so.
 *
 * A line with the comment "// error: TEXT" must have an error whose message contains TEXT; where no
 * comment can stand on the line, "// error@LINE: TEXT" on any other line says the same. There must
 * be no other errors. Packages that these files import are below lib/; errors in them are announced
 * in them.
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

static struct dirent **files;
static int n_files;

/* load() - load corpus file @i into a new run; the result of idl_load() */
static int load(int i, struct idl_context **ret_context)
{
    char path[512];
    const struct idl_file *file;

    *ret_context = idl_context_new();
    ck_assert_ptr_nonnull(*ret_context);
    ck_assert_int_eq(idl_context_add_import_dir(*ret_context, CORPUS "/lib"), 0);
    snprintf(path, sizeof(path), CORPUS "/%s", files[i]->d_name);
    return idl_load(*ret_context, path, &file);
}

/* fail_with() - fail, showing @why and all diagnostics */
static void fail_with(const struct idl_context *context, int i, const char *why)
{
    fprintf(stderr, "%s: %s\n", files[i]->d_name, why);
    idl_print_diagnostics(context, stderr);
    ck_abort_msg("%s: %s", files[i]->d_name, why);
}

/* announced() - the TEXT and line of the announcement in [@line, @end), or NULL */
static const char *announced(const char *line, size_t size, uint32_t number, uint32_t *ret_line,
                             size_t *ret_size)
{
    const char *comment = memmem(line, size, "// error", strlen("// error"));
    const char *end = line + size;

    if (comment == NULL) {
        return NULL;
    }
    const char *text = comment + strlen("// error");
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
    const struct idl_source *source = diagnostic->position.source;
    uint32_t n_lines = count_lines(source);

    for (uint32_t number = 1; number <= n_lines; number++) {
        uint32_t at_line;
        size_t size;
        size_t text_size;
        const char *line = idl_source_line(source, number, &size);
        const char *text = announced(line, size, number, &at_line, &text_size);
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
        n_announcements += announced(line, size, number, &at_line, &text_size) != NULL ? 1 : 0;
    }
    return n_announcements;
}

START_TEST(a_good_file_loads_and_a_bad_one_fails_where_it_says)
{
    struct idl_context *context;
    int r = load(_i, &context);
    bool is_good = files[_i]->d_name[0] == 'y';
    const struct idl_source *source = NULL;
    size_t n_announcements = 0;

    if (is_good && (r != 0 || idl_n_diagnostics(context) != 0)) {
        fail_with(context, _i, "must load");
    }
    if (!is_good && r != IDL_E_INVALID) {
        fail_with(context, _i, "must be refused");
    }
    for (const struct idl_diagnostic *diagnostic = context->diagnostics.first; diagnostic != NULL;
         diagnostic = diagnostic->next) {
        if (!is_announced(diagnostic)) {
            fail_with(context, _i, "has an error that it does not announce");
        }
        if (diagnostic->position.source != source) {
            source = diagnostic->position.source;
            n_announcements += count_announcements(source);
        }
    }
    if (n_announcements != idl_n_diagnostics(context)) {
        fail_with(context, _i, "announces an error that it does not have");
    }
    idl_context_free(context);
}
END_TEST

START_TEST(the_corpus_is_there)
{
    int n_good = 0;

    for (int i = 0; i < n_files; i++) {
        n_good += files[i]->d_name[0] == 'y' ? 1 : 0;
    }
    ck_assert_int_ge(n_good, 40);
    ck_assert_int_ge(n_files - n_good, 50);
}
END_TEST

/* is_case() - scandir() filter: the files at the top of the corpus */
static int is_case(const struct dirent *entry)
{
    return strncmp(entry->d_name, "y_", 2) == 0 || strncmp(entry->d_name, "n_", 2) == 0;
}

static Suite *suite(void)
{
    Suite *suite = suite_create("idl corpus");
    TCase *tcase = tcase_create("corpus");

    n_files = scandir(CORPUS, &files, is_case, alphasort);
    tcase_add_test(tcase, the_corpus_is_there);
    tcase_add_loop_test(tcase, a_good_file_loads_and_a_bad_one_fails_where_it_says, 0,
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
