/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `make install` installs is enough for programs outside the tree: examples/echo is copied to
 * a folder of its own, built there from the installed files alone, and run by the installed
 * capchan.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/folder.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define OUTPUT_MAX 65536

static char *scratch;

/* g++ takes a file that is called x.c for C++ */
static const struct {
    const char *compiler;
    const char *library;
} ways[] = {{"cc", "shared"}, {"cc", "static"}, {"g++", "shared"}, {"g++", "static"}};

/* What all commands start with. $scratch, $build, $compiler and $library are in the environment. */
static const char prologue[] =
    "set -eu; exec 2>&1\n"
    "root=$scratch/root prefix=$scratch/root/opt/capchan\n"
    "sanitize=${SANITIZE:+-fsanitize=$SANITIZE}\n"
    "export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root\n";

#define shell(commands) shell_run(prologue, "%s", commands)

static void install(void)
{
    scratch = folder_new();
    setenv("scratch", scratch, 1);
    setenv("build", build_folder(), 1);
    shell("MAKEFLAGS= make -s install BUILD=\"$build\" DESTDIR=\"$root\" PREFIX=/opt/capchan");
    shell("cp -R examples/echo \"$scratch\" && cd \"$scratch/echo\"\n"
          "mkdir generated programs\n"
          "\"$prefix/bin/idlc\" -I resources -o generated resources/echo/*.?dl");
}

static void uninstall(void)
{
    folder_free(scratch);
}

static void build_echo(void)
{
    shell("cd \"$scratch/echo\"\n"
          "for source in src/*.c generated/*/*.c; do\n"
          "    $compiler $sanitize -Wall -Werror -I generated $(pkg-config --cflags capchan) \\\n"
          "        -c \"$source\" -o \"${source%.c}.o\"\n"
          "done\n"
          "case $library in\n"
          "shared) libraries=$(pkg-config --libs capchan) ;;\n"
          "static) libraries=\"$prefix/lib/libcapchan.a -lprotobuf-c -pthread\" ;;\n"
          "esac\n"
          "for program in client server; do\n"
          "    $compiler $sanitize -o programs/$program src/$program.o generated/*/*.o $libraries\n"
          "done");
}

START_TEST(a_solution_outside_the_tree_builds_from_what_is_installed_and_runs)
{
    setenv("compiler", ways[_i].compiler, 1);
    setenv("library", ways[_i].library, 1);
    build_echo();

    const char *needed = shell("readelf -d \"$scratch/echo/programs/client\"");
    bool is_shared = strcmp(ways[_i].library, "shared") == 0;
    ck_assert_int_eq(strstr(needed, "[libcapchan.so.0]") != NULL, is_shared);

    const char *printed = shell("cd \"$scratch/echo\"\n"
                                "\"$prefix/bin/capchan\" check --bin programs init.yaml\n"
                                "\"$prefix/bin/capchan\" run --bin programs -e echo.Client "
                                "init.yaml");
    ck_assert_msg(strstr(printed, "echo.Client | FPing(500) = 500\n") != NULL, "%s", printed);
}
END_TEST

START_TEST(everything_is_installed_below_the_prefix_and_nothing_remembers_destdir)
{
    ck_assert_str_eq(shell("find \"$root\" ! -type d ! -path \"$prefix/*\""), "");
    ck_assert_str_eq(shell("grep -rl \"$scratch\" \"$root\" || true"), "");
    ck_assert_str_eq(shell("grep ^prefix= \"$prefix/lib/pkgconfig/capchan.pc\""),
                     "prefix=/opt/capchan\n");
}
END_TEST

START_TEST(nk_gen_c_and_the_declarations_that_come_with_idlc_are_installed)
{
    shell("mkdir -p \"$scratch/log/a\" && cd \"$scratch/log\"\n"
          "echo 'entity a.B components { log : kl.KlogStorage } '\\\n"
          "    'endpoints { names : capchan.NameServer }' > a/B.edl\n"
          "\"$prefix/bin/nk-gen-c\" -o out/a a/B.edl\n"
          "cmp out/kl/core/Types.idl.h \"$prefix/include/kl/core/Types.idl.h\"\n"
          "echo '#include <a/B.edl.h>' > b.c\n"
          "cc -Wall -Werror -I out $(pkg-config --cflags capchan) -c b.c -o /dev/null");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("install");
    TCase *cases = tcase_create("install");

    tcase_set_timeout(cases, 120);
    tcase_add_unchecked_fixture(cases, install, uninstall);
    tcase_add_test(cases, everything_is_installed_below_the_prefix_and_nothing_remembers_destdir);
    tcase_add_test(cases, nk_gen_c_and_the_declarations_that_come_with_idlc_are_installed);
    tcase_add_loop_test(cases, a_solution_outside_the_tree_builds_from_what_is_installed_and_runs,
                        0, sizeof(ways) / sizeof(ways[0]));
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
