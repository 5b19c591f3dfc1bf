/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files in tests/idl/corpus that must be accepted, through idlc and the compilers: whatever the
 * languages have becomes C and C++ without a warning.
 */
#include <limits.h>

#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define CORPUS "tests/idl/corpus"
#define STRICT "-Wall -Wextra -Wconversion -Wsign-conversion -Wpedantic -Werror -fsyntax-only"

static char *folder;

#define command(...) (void)shell_run("", __VA_ARGS__)

/* generate_corpus() - all at once, and what it imports; then one file that includes every header,
 * and one that does so in the opposite order */
static void generate_corpus(void)
{
    folder = folder_new();
    command("%s/bin/idlc -I " CORPUS "/lib -o %s " CORPUS "/[yw]_* $(find " CORPUS
            "/lib/base " CORPUS "/lib/deep -type f ! -name C17.cdl)",
            build_folder(), folder);
    command(
        "cd %s && find . -name '*.?dl.h' | sort | sed 's|^./\\(.*\\)|#include <\\1>|' > all.h && "
        "tac all.h > reversed.h",
        folder);
}

static void remove_corpus(void)
{
    folder_free(folder);
}

static const char *const compilers[] = {
    "gcc -std=c11 -x c",         "clang -std=c11 -x c",   "g++ -std=c++17 -x c++",
    "clang++ -std=c++17 -x c++", "g++ -std=c++20 -x c++", "clang++ -std=c++20 -x c++",
};

START_TEST(every_accepted_file_gives_a_header_that_compiles_in_any_order)
{
    command("cd %s && echo '#include \"all.h\"' > all.c && echo '#include \"reversed.h\"' >> all.c",
            folder);
    command("%s " STRICT " -I %s -I %s/include %s/all.c", compilers[_i], folder, build_folder(),
            folder);
    command("cd %s && echo '#include \"reversed.h\"' > all.c", folder);
    command("%s " STRICT " -I %s -I %s/include %s/all.c", compilers[_i], folder, build_folder(),
            folder);
}
END_TEST

START_TEST(every_accepted_file_gives_c_that_compiles)
{
    command("find %s -name '*.?dl.c' | xargs gcc -std=c11 " STRICT " -I %s -I %s/include", folder,
            folder, build_folder());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("corpus compiles");
    TCase *cases = tcase_create("corpus compiles");

    tcase_add_unchecked_fixture(cases, generate_corpus, remove_corpus);
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, every_accepted_file_gives_a_header_that_compiles_in_any_order, 0,
                        (int)(sizeof(compilers) / sizeof(compilers[0])));
    tcase_add_test(cases, every_accepted_file_gives_c_that_compiles);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
