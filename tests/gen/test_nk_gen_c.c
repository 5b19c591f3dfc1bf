/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds that were written for nk-gen-c: they call idlc by that name, and compile no generated
 * file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define OUTPUT_MAX 65536
#define STRICT "-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wpedantic -Werror"

static char *folder;

/* What all commands start with; $out and $build are in the environment. */
static const char prologue[] = "set -eu; exec 2>&1\n"
                               "echo=examples/echo/resources nk_gen_c=$build/bin/nk-gen-c\n"
                               "sanitize=${SANITIZE:+-fsanitize=$SANITIZE}\n"
                               "flags=\"-I $out -I $build/include $sanitize " STRICT "\"\n"
                               "libraries=\"-L $build/lib -lcapchan -lprotobuf-c\"\n";

#define shell(commands) shell_run(prologue, "%s", commands)

static void make_folder(void)
{
    folder = folder_new();
    setenv("out", folder, 1);
    setenv("build", build_folder(), 1);
}

static void remove_folder(void)
{
    folder_free(folder);
}

START_TEST(a_solution_needs_the_headers_only_and_copies_of_the_code_become_one)
{
    const char *printed =
        shell("for file in $echo/echo/*.?dl; do\n"
              "    \"$nk_gen_c\" -I $echo -o \"$out/echo\" --types --interface --endpoints \\\n"
              "        --client --server --extended-errors --trace-client-ipc headers \"$file\"\n"
              "done\n"
              "for program in client server; do\n"
              "    gcc -std=c11 $flags -c tests/gen/programs/inlined.c -o $out/second.o\n"
              "    g++ -std=c++17 $flags -c tests/gen/programs/inlined.cpp -o $out/third.o\n"
              "    gcc -std=gnu11 $flags examples/echo/src/$program.c $out/*.o $libraries \\\n"
              "        -o $out/$program\n"
              "done\n"
              "$build/bin/capchan run --bin $out -e echo.Client examples/echo/init.yaml");

    ck_assert_msg(strstr(printed, "echo.Client | FPing(500) = 500\n") != NULL, "%s", printed);
    ck_assert_msg(strstr(printed, "echo.Client | the copies are one\n") != NULL, "%s", printed);
    ck_assert_msg(strstr(printed, "echo.Server | the copies are one\n") != NULL, "%s", printed);
}
END_TEST

/* generate_all() - in a new folder: the headers of all golden cases, a source for each header, and
 * one that includes all */
static void generate_all(void)
{
    make_folder();
    shell("for in in tests/gen/golden/*/in tests/gen/programs/resources; do\n"
          "    for file in $(find $in -name '*.?dl'); do\n"
          "        \"$nk_gen_c\" -I $in -o $out/$(dirname ${file#$in/}) $file\n"
          "    done\n"
          "done\n"
          "cd $out; headers=$(find * -name '*.?dl.h'); mkdir one\n"
          "for suffix in c cpp; do\n"
          "    printf '#include <%s>\\n' $headers > all.$suffix\n"
          "    for header in $headers; do\n"
          "        echo \"#include <$header>\" > one/$(echo $header | tr / -).$suffix\n"
          "    done\n"
          "done");
}

static const struct {
    const char *compiler;
    const char *suffix;
} languages[] = {{"gcc -std=c11", "c"},
                 {"clang++ -std=c++17", "cpp"},
                 {"clang -std=gnu11", "c"},
                 {"g++ -std=c++17", "cpp"}};

static void use_language(int language)
{
    setenv("compiler", languages[language].compiler, 1);
    setenv("suffix", languages[language].suffix, 1);
}

START_TEST(every_header_is_enough_for_itself_and_warns_of_nothing)
{
    use_language(_i);
    shell("$compiler $flags -fsyntax-only $out/one/*.$suffix\n"
          "$compiler $flags -c $out/all.$suffix -o /dev/null");
}
END_TEST

START_TEST(programs_get_the_same_names)
{
    use_language(_i);
    shell("for program in usage names unqualified aliases; do\n"
          "    $compiler $flags -c tests/gen/programs/$program.$suffix -o /dev/null\n"
          "done");
}
END_TEST

START_TEST(every_table_fits_protobuf_in_c_and_cpp_together)
{
    shell("gcc -std=gnu11 $flags -c $out/all.c -o $out/all_c.o\n"
          "g++ -std=c++17 $flags -c $out/all.cpp -o $out/all_cpp.o\n"
          "gcc $sanitize -Wall -I $build/include tests/gen/programs/tables.c $out/*.o \\\n"
          "    -lprotobuf-c -o $out/program\n"
          "$out/program");
}
END_TEST

START_TEST(a_folder_that_is_not_that_of_the_package_gets_headers_that_lead_there)
{
    shell("for file in $echo/echo/*.?dl; do\n"
          "    (cd $out && $nk_gen_c -I $OLDPWD/$echo $OLDPWD/$file)\n"
          "done\n"
          "test -s $out/IPing.idl.nk.d && test ! -e $out/echo/IPing.idl.nk.d\n"
          "echo '#include <Server.edl.h>' > $out/x.c\n"
          "gcc -std=c11 $flags -c $out/x.c -o /dev/null");
}
END_TEST

START_TEST(it_writes_no_source_of_its_own)
{
    shell("\"$nk_gen_c\" -I $echo -o \"$out/echo\" $echo/echo/IPing.idl\n"
          "\"$nk_gen_c\" -I $echo -o \"$out/echo\" $echo/echo/Server.edl\n");
    ck_assert_str_eq(shell("cd $out; find * -name '*.c'"), "echo/IPing.pb-c.c\n");
    ck_assert_str_eq(shell("cd $out; find * -name '*.d' | sort"),
                     "echo/IPing.idl.nk.d\necho/Server.edl.nk.d\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("nk_gen_c");
    TCase *few = tcase_create("few");
    TCase *all = tcase_create("all");
    /* sanitizers look at idlc, which then makes the same headers: two compilers are enough */
    int n_languages = getenv("SANITIZE") != NULL ? 2 : sizeof(languages) / sizeof(languages[0]);

    tcase_set_timeout(few, 300);
    tcase_add_checked_fixture(few, make_folder, remove_folder);
    tcase_add_test(few, a_solution_needs_the_headers_only_and_copies_of_the_code_become_one);
    tcase_add_test(few, a_folder_that_is_not_that_of_the_package_gets_headers_that_lead_there);
    tcase_add_test(few, it_writes_no_source_of_its_own);
    suite_add_tcase(suite, few);
    tcase_set_timeout(all, 300);
    tcase_add_unchecked_fixture(all, generate_all, remove_folder);
    tcase_add_loop_test(all, every_header_is_enough_for_itself_and_warns_of_nothing, 0,
                        n_languages);
    tcase_add_loop_test(all, programs_get_the_same_names, 0, n_languages);
    tcase_add_test(all, every_table_fits_protobuf_in_c_and_cpp_together);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
