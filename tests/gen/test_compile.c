/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is generated from the golden cases, compiled together below one folder.
 */
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>

#include "gen/write_file.h"
#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/solution.h"

#define GOLDEN "tests/gen/golden"
#define STRICT " -Wall -Wextra -Wconversion -Wsign-conversion -Wpedantic -Werror "

static char *folder;

/* command() - run a shell command, which must succeed */
static void command(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void command(const char *format, ...)
{
    char text[4 * PATH_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ck_assert_msg(system(text) == 0, "%s", text);
}

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

static const char *const header_compilers[] = {
    "gcc -std=c11" STRICT "-x c",
    "clang -std=c11" STRICT "-Wno-pragma-once-outside-header -x c",
    "g++ -std=c++17" STRICT "-x c++",
    "clang++ -std=c++17" STRICT "-x c++",
    "g++ -std=c++20" STRICT "-x c++",
    "clang++ -std=c++20" STRICT "-x c++",
};

START_TEST(every_header_compiles_alone)
{
    compile_each(header_compilers[_i], ".idl.h", "/dev/null");
    compile_each(header_compilers[_i], ".cdl.h", "/dev/null");
    compile_each(header_compilers[_i], ".edl.h", "/dev/null");
}
END_TEST

static const char *const source_compilers[] = {"gcc -std=gnu11", "clang -std=gnu11"};

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

static const struct {
    const char *compiler;
    const char *ending;
} program_compilers[] = {
    {"gcc -std=gnu11", "c"},
    {"clang -std=gnu11", "c"},
    {"g++ -std=c++17", "cpp"},
    {"clang++ -std=c++20", "cpp"},
};

/* compile_program() - one of tests/gen/programs, in a language and with a compiler */
static void compile_program(const char *name, int compiler)
{
    command("%s" STRICT "-I %s -I %s/include -c tests/gen/programs/%s.%s -o /dev/null",
            program_compilers[compiler].compiler, folder, build_folder(), name,
            program_compilers[compiler].ending);
}

START_TEST(programs_may_use_headers_as_they_are_used)
{
    compile_program("usage", _i);
}
END_TEST

START_TEST(programs_may_leave_the_first_part_of_a_package_out)
{
    compile_program("unqualified", _i);
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
    tcase_add_loop_test(tcase, every_header_compiles_alone, 0,
                        (int)(sizeof(header_compilers) / sizeof(header_compilers[0])));
    tcase_add_loop_test(tcase, every_source_compiles, 0,
                        (int)(sizeof(source_compilers) / sizeof(source_compilers[0])));
    tcase_add_loop_test(tcase, programs_may_use_headers_as_they_are_used, 0, 4);
    tcase_add_loop_test(tcase, programs_may_leave_the_first_part_of_a_package_out, 0, 4);
    tcase_add_test(tcase, all_of_it_links_into_one_program_and_fits_protobuf);
    tcase_add_test(tcase, a_second_run_touches_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
