/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is generated from the golden cases and from what tests/gen/programs need,
 * compiled together below one folder.
 */
#include <dirent.h>
#include <limits.h>

#include "gen/write_file.h"
#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define GOLDEN "tests/gen/golden"
#define RESOURCES "tests/gen/programs/resources"
#define STRICT " -Wall -Wextra -Wconversion -Wsign-conversion -Wpedantic -Werror "

static char *folder;

#define command(...) (void)shell_run("", __VA_ARGS__)

static void generate_all(void)
{
    char in[PATH_MAX];
    DIR *golden = opendir(GOLDEN);

    ck_assert_ptr_nonnull(golden);
    folder = folder_new();
    for (struct dirent *entry = readdir(golden); entry != NULL; entry = readdir(golden)) {
        if (entry->d_name[0] != '.') {
            snprintf(in, sizeof(in), GOLDEN "/%s/in", entry->d_name);
            folder_generate(in, folder);
        }
    }
    closedir(golden);
    folder_generate(RESOURCES, folder);
}

static void remove_all(void)
{
    folder_free(folder);
}

/* compile_each() - run a compiler over every generated file with this ending */
static void compile_each(const char *compiler, const char *ending, const char *output)
{
    struct files files;
    size_t n = 0;

    folder_list(folder, &files);
    for (size_t i = 0; i < files.n; i++) {
        const char *path = files.paths[i];
        size_t length = strlen(path);
        if (length > strlen(ending) && strcmp(path + length - strlen(ending), ending) == 0) {
            command("%s -I %s -I %s/include -c %s -o %s%s", compiler, folder, build_folder(), path,
                    *output == '\0' ? path : output, *output == '\0' ? ".o" : "");
            n++;
        }
    }
    files_free(&files);
    ck_assert_uint_gt(n, 0);
}

/* What programs are written in; the first of them have each compiler once. */
static const struct {
    const char *compiler;
    const char *suffix;
} languages[] = {
    {"gcc -std=c11", "c"},     {"clang++ -std=c++20", "cpp"}, {"clang -std=gnu11", "c"},
    {"g++ -std=c++17", "cpp"}, {"gcc -std=gnu11", "c"},       {"clang -std=c11", "c"},
    {"g++ -std=c++20", "cpp"}, {"clang++ -std=c++17", "cpp"},
};

#define N_COMPILERS 4
#define N_LANGUAGES ((int)(sizeof(languages) / sizeof(languages[0])))

/* n_first() - how many of @n compilers must do: sanitizers look at idlc, which then makes the same
 * headers, and two compilers are enough */
static int n_first(int n)
{
    return getenv("SANITIZE") != NULL && n > 2 ? 2 : n;
}

/* in_language() - run @script, which finds the headers below its folder, puts what includes them
 * into files $units/... with the ending $suffix, and checks those with $compile */
static void in_language(int language, const char *script)
{
    char *units = folder_new();

    setenv("units", units, 1);
    setenv("suffix", languages[language].suffix, 1);
    command("set -eu; compile='%s" STRICT "-fsyntax-only -I %s -I %s/include'\n"
            "cd %s; headers=$(find * -name '*.?dl.h' | LC_ALL=C sort)\n%s",
            languages[language].compiler, folder, build_folder(), folder, script);
    folder_free(units);
}

START_TEST(every_header_compiles_first_and_again)
{
    in_language(_i, "for header in $headers; do\n"
                    "    printf '#include <%s>\\n#include <%s>\\n' $header $header \\\n"
                    "        > $units/$(echo $header | tr / -).$suffix\n"
                    "done\n"
                    "$compile $units/*");
}
END_TEST

START_TEST(headers_compile_in_any_order)
{
    in_language(_i, "printf '#include <%s>\\n' $headers > $units/sorted\n"
                    "tac $units/sorted > $units/reversed\n"
                    "cp $units/sorted $units/sorted.$suffix\n"
                    "cat $units/reversed $units/sorted > $units/reversed.$suffix\n"
                    "$compile $units/*.$suffix\n"
                    "$compile -DNK_USE_UNQUALIFIED_NAMES $units/*.$suffix");
}
END_TEST

START_TEST(headers_are_found_without_the_folder_of_their_package)
{
    in_language(_i, "for place in $(dirname $headers | sort -u); do\n"
                    "    (cd $place; printf '#include <%s>\\n' *.?dl.h) > $units/short.$suffix\n"
                    "    $compile -I $place $units/short.$suffix\n"
                    "done");
}
END_TEST

static const char *const source_compilers[] = {"gcc -std=gnu11", "clang -std=gnu11",
                                               "gcc -std=gnu11 -DNK_USE_UNQUALIFIED_NAMES"};

START_TEST(every_source_compiles)
{
    char strict[256];

    snprintf(strict, sizeof(strict), "%s" STRICT, source_compilers[_i]);
    compile_each(strict, ".idl.c", "/dev/null");
    compile_each(strict, ".cdl.c", "/dev/null");
    compile_each(strict, ".edl.c", "/dev/null");
    compile_each(source_compilers[_i], ".pb-c.c", "/dev/null");
}
END_TEST

/* compile_program() - one of tests/gen/programs, in every language */
static void compile_program(const char *name)
{
    for (int i = 0; i < n_first(N_LANGUAGES); i++) {
        command("%s" STRICT "-I %s -I %s/include -c tests/gen/programs/%s.%s -o /dev/null",
                languages[i].compiler, folder, build_folder(), name, languages[i].suffix);
    }
}

START_TEST(programs_may_use_headers_as_they_are_used)
{
    compile_program("usage");
}
END_TEST

START_TEST(every_name_that_programs_use_is_there)
{
    compile_program("names");
}
END_TEST

START_TEST(programs_may_leave_the_first_part_of_a_package_out)
{
    compile_program("unqualified");
}
END_TEST

START_TEST(a_short_name_harms_nothing_that_is_called_like_it)
{
    compile_program("aliases");
}
END_TEST

START_TEST(all_of_it_links_into_one_program_and_fits_protobuf)
{
    compile_each("gcc -std=gnu11", ".c", "");
    command("gcc -std=gnu11 -Wall -I %s/include tests/gen/programs/tables.c "
            "$(find %s -name '*.o') -lprotobuf-c -o %s/program",
            build_folder(), folder, folder);
    command("%s/program", folder);
}
END_TEST

START_TEST(a_second_run_touches_nothing)
{
    struct files before;

    command("find %s -type f | xargs touch -d 2001-01-01", folder);
    folder_list(folder, &before);
    for (size_t i = 0; i < before.n; i++) {
        ck_assert_ptr_null(strstr(before.paths[i], ".tmp"));
    }
    files_free(&before);
    char *first = folder;
    folder_generate(GOLDEN "/imports/in", first);
    command("test -z \"$(find %s -type f -newermt 2001-01-02)\"", first);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("compile");
    TCase *tcase = tcase_create("compile");

    tcase_set_timeout(tcase, 300);
    tcase_add_unchecked_fixture(tcase, generate_all, remove_all);
    tcase_add_loop_test(tcase, every_header_compiles_first_and_again, 0, n_first(N_COMPILERS));
    tcase_add_loop_test(tcase, headers_compile_in_any_order, 0, n_first(N_LANGUAGES));
    tcase_add_loop_test(tcase, headers_are_found_without_the_folder_of_their_package, 0,
                        n_first(N_COMPILERS));
    tcase_add_loop_test(tcase, every_source_compiles, 0,
                        n_first((int)(sizeof(source_compilers) / sizeof(source_compilers[0]))));
    tcase_add_test(tcase, programs_may_use_headers_as_they_are_used);
    tcase_add_test(tcase, every_name_that_programs_use_is_there);
    tcase_add_test(tcase, programs_may_leave_the_first_part_of_a_package_out);
    tcase_add_test(tcase, a_short_name_harms_nothing_that_is_called_like_it);
    tcase_add_test(tcase, all_of_it_links_into_one_program_and_fits_protobuf);
    tcase_add_test(tcase, a_second_run_touches_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
