/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc as its users see it: options, exit status, messages.
 */
#include <limits.h>
#include <sys/wait.h>

#include "gen/write_file.h"
#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/solution.h"

#define ECHO "tests/gen/golden/echo/in"
#define IMPORTS "tests/gen/golden/imports/in"

static char *folder;

static void setup(void)
{
    folder = folder_new();
    setenv("CAPCHAN_BUILD", build_folder(), 1);
}

static void teardown(void)
{
    folder_free(folder);
}

/*
 * run() - idlc in the folder OUT with these arguments
 * @environment: assignments before the command, or empty
 *
 * Return: its exit status; what it printed is in the file `log` of the folder.
 */
static int run(const char *environment, const char *arguments)
{
    char command[4 * PATH_MAX];

    snprintf(command, sizeof(command), "OUT=%s; %s %s/bin/idlc %s > %s/log 2>&1", folder,
             environment, build_folder(), arguments, folder);
    int status = system(command);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* expect_log() - idlc printed this, among other things */
static void expect_log(const char *text)
{
    char path[PATH_MAX];
    char *log;
    size_t size;

    snprintf(path, sizeof(path), "%s/log", folder);
    ck_assert_int_eq(read_file(path, &log, &size), 0);
    ck_assert_msg(strstr(log, text) != NULL, "\"%s\" is not in:\n%s", text, log);
    free(log);
}

/* expect_files() - there are so many files now, the log not counted */
static void expect_files(size_t n)
{
    struct files files;

    folder_list(folder, &files);
    ck_assert_uint_eq(files.n, n + 1);
    files_free(&files);
}

START_TEST(each_kind_of_file_gives_what_belongs_to_it)
{
    ck_assert_int_eq(run("", "-I " ECHO " -o $OUT " ECHO "/echo/IPing.idl"), 0);
    expect_files(5);
    ck_assert_int_eq(run("", "-I " ECHO " -o $OUT " ECHO "/echo/CPing.cdl"), 0);
    expect_files(7);
    ck_assert_int_eq(run("", "--include=" ECHO " --output=$OUT " ECHO "/echo/Server.edl " ECHO
                             "/echo/Client.edl"),
                     0);
    expect_files(11);
}
END_TEST

START_TEST(success_says_nothing)
{
    ck_assert_int_eq(run("", "-I " ECHO " -o $OUT " ECHO "/echo/IPing.idl"), 0);
    ck_assert_int_eq(run("test -s $OUT/log && exit 1; true;", "--help"), 0);
}
END_TEST

START_TEST(imports_need_not_be_generated_first)
{
    ck_assert_int_eq(run("", "-I " IMPORTS " -o $OUT " IMPORTS "/club/IClub.idl"), 0);
    expect_files(5 + 2);
}
END_TEST

START_TEST(a_wrong_command_line_is_status_2)
{
    ck_assert_int_eq(run("", ""), 2);
    expect_log("no file given");
    ck_assert_int_eq(run("", "--bogus"), 2);
    ck_assert_int_eq(run("", "-o"), 2);
    ck_assert_int_eq(run("", "-o '' " ECHO "/echo/IPing.idl"), 2);
    expect_log("the output directory has no name");
}
END_TEST

START_TEST(help_is_no_error)
{
    ck_assert_int_eq(run("", "--help"), 0);
    expect_log("--include=DIR");
    expect_log("--output=DIR");
}
END_TEST

START_TEST(a_wrong_file_is_status_1_and_nothing_is_written)
{
    ck_assert_int_eq(run("printf 'package a.B\\ninterface { M(in Foo x); }' > $OUT/B.idl;",
                         "-I " ECHO " -o $OUT " ECHO "/echo/IPing.idl $OUT/B.idl"),
                     1);
    expect_log("B.idl:2:18: error: unknown type 'Foo'");
    expect_files(1);
}
END_TEST

START_TEST(a_missing_file_is_status_1)
{
    ck_assert_int_eq(run("", "nowhere/IPing.idl"), 1);
    expect_log("nowhere/IPing.idl");
}
END_TEST

START_TEST(a_missing_protoc_c_is_named_with_its_package)
{
    ck_assert_int_eq(run("PATH=/nonexistent", "-I " ECHO " -o $OUT " ECHO "/echo/IPing.idl"), 1);
    expect_log("apt-get install protobuf-c-compiler");
}
END_TEST

START_TEST(an_output_that_cannot_be_written_is_status_1)
{
    ck_assert_int_eq(run("", "-I " ECHO " -o /dev/null " ECHO "/echo/IPing.idl"), 1);
    expect_log("cannot write '/dev/null/echo/IPing.proto': Not a directory");
}
END_TEST

START_TEST(the_output_folder_may_have_any_name)
{
    ck_assert_int_eq(run("", "-I " ECHO " -o \"$OUT/a:b =c\" " ECHO "/echo/IPing.idl"), 0);
    expect_files(5);
}
END_TEST

START_TEST(files_of_one_solution_may_be_generated_at_once)
{
    ck_assert_int_eq(run("for i in 1 2 3 4 5 6; do "
                         "\"$CAPCHAN_BUILD\"/bin/idlc -I " IMPORTS " -o $OUT " IMPORTS
                         "/club/IClub.idl & pids=\"$pids $!\"; done;"
                         "for pid in $pids; do wait $pid || exit 9; done;",
                         "-I " IMPORTS " -o $OUT " IMPORTS "/base/More.idl"),
                     0);
    expect_files(5 + 5 + 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("idlc");
    TCase *tcase = tcase_create("idlc");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, each_kind_of_file_gives_what_belongs_to_it);
    tcase_add_test(tcase, success_says_nothing);
    tcase_add_test(tcase, imports_need_not_be_generated_first);
    tcase_add_test(tcase, a_wrong_command_line_is_status_2);
    tcase_add_test(tcase, help_is_no_error);
    tcase_add_test(tcase, a_wrong_file_is_status_1_and_nothing_is_written);
    tcase_add_test(tcase, a_missing_file_is_status_1);
    tcase_add_test(tcase, a_missing_protoc_c_is_named_with_its_package);
    tcase_add_test(tcase, an_output_that_cannot_be_written_is_status_1);
    tcase_add_test(tcase, the_output_folder_may_have_any_name);
    tcase_add_test(tcase, files_of_one_solution_may_be_generated_at_once);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return check_main(suite());
}
