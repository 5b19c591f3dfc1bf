/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlc as its users see it: options, exit status, messages.
 */
#include <limits.h>
#include <sys/wait.h>

#include "gen/protoc.h"
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

/* exists() - whether this file of the folder is there */
static bool exists(const char *name)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, F_OK) == 0;
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

START_TEST(files_take_their_canonical_form)
{
    ck_assert_int_eq(run("cp tests/gen/format/messy.in.idl $OUT/a.idl; chmod 600 $OUT/a.idl;",
                         "--format $OUT/a.idl"),
                     0);
    expect_log("struct Point {\n    SInt32 x;\n");
    ck_assert_int_eq(run("", "--format --check $OUT/a.idl"), 1);
    expect_log("a.idl: not in its canonical form; idlc --format --in-place makes it so");
    ck_assert_int_eq(run("", "--format --in-place $OUT/a.idl"), 0);
    ck_assert_int_eq(run("", "--format --check $OUT/a.idl"), 0);
    ck_assert_int_eq(run("cmp $OUT/a.idl tests/gen/format/messy.out.idl && test $(stat -c %a "
                         "$OUT/a.idl) = 600 &&",
                         "--check --format $OUT/a.idl"),
                     0);
}
END_TEST

START_TEST(what_does_not_parse_is_not_formatted)
{
    ck_assert_int_eq(run("", "--format tests/idl/corpus/n_struct_unclosed.idl"), 1);
    expect_log("n_struct_unclosed.idl:");
    ck_assert_int_eq(run("", "--format --in-place --check tests/gen/format/messy.in.idl"), 2);
    ck_assert_int_eq(run("", "--in-place tests/gen/format/messy.in.idl"), 2);
    ck_assert_int_eq(run("", "--format --proto-only tests/gen/format/messy.in.idl"), 2);
    expect_log("--format and --proto-only exclude each other");
}
END_TEST

START_TEST(models_are_printed_and_nothing_is_written)
{
    ck_assert_int_eq(run("", "--json -I " ECHO " " ECHO "/echo/Server.edl " ECHO "/echo/IPing.idl"),
                     0);
    expect_log("[\n  {\n    \"format\": 1,\n    \"kind\": \"edl\"");
    expect_log("\"kind\": \"idl\"");
    expect_files(0);
}
END_TEST

START_TEST(a_wrong_file_prints_no_model_of_any_file)
{
    ck_assert_int_eq(run("", "--json " ECHO "/echo/IPing.idl tests/idl/corpus/n_const_self.idl"),
                     1);
    expect_log("n_const_self.idl:");
    ck_assert_int_eq(run("! grep -q format $OUT/log && ", "--help"), 0);
}
END_TEST

START_TEST(help_is_no_error)
{
    ck_assert_int_eq(run("", "--help"), 0);
    expect_log("--include=DIR");
    expect_log("--output=DIR");
    expect_log("share/capchan/idl");
}
END_TEST

START_TEST(it_says_its_version)
{
    ck_assert_int_eq(run("", "--version"), 0);
    expect_log("idlc ");
    ck_assert_int_eq(run("", "-V"), 0);
}
END_TEST

START_TEST(check_writes_nothing_and_needs_no_protoc_c)
{
    ck_assert_int_eq(
        run("PATH=/nonexistent", "--check -I " ECHO " -o $OUT " ECHO "/echo/IPing.idl"), 0);
    expect_files(0);
    ck_assert_int_eq(run("printf 'package a.B\\ninterface { M(in Foo x); }' > $OUT/B.idl;",
                         "--check $OUT/B.idl"),
                     1);
    expect_log("B.idl:2:18: error: unknown type 'Foo'");
}
END_TEST

START_TEST(proto_only_writes_what_protoc_needs)
{
    ck_assert_int_eq(run("PATH=/nonexistent", "--proto-only -I " IMPORTS " -o $OUT " IMPORTS
                                              "/club/IClub.idl " ECHO "/echo/Client.edl"),
                     0);
    expect_files(3);
    ck_assert(exists("club/IClub.proto") && exists("base/More.proto") &&
              exists("base/Types.proto"));
}
END_TEST

START_TEST(modes_exclude_each_other)
{
    ck_assert_int_eq(run("", "--check --proto-only " ECHO "/echo/IPing.idl"), 2);
    expect_log("--proto-only and --check exclude each other");
    ck_assert_int_eq(run("", "--deps --check " ECHO "/echo/IPing.idl"), 2);
    expect_log("--deps needs headers, and --check writes none");
}
END_TEST

START_TEST(warnings_do_not_fail_unless_they_are_to)
{
    const char *file = "tests/idl/corpus/w_zero-bound.idl";
    char arguments[256];

    snprintf(arguments, sizeof(arguments), "--check -Wno-package-path -Wno-file-name %s", file);
    ck_assert_int_eq(run("", arguments), 0);
    expect_log("[-Wzero-bound]");
    snprintf(arguments, sizeof(arguments), "--check -Werror %s", file);
    ck_assert_int_eq(run("", arguments), 1);
    expect_log("[-Werror=zero-bound]");
    snprintf(arguments, sizeof(arguments),
             "--check -Werror -Wno-zero-bound -Wno-package-path -Wno-file-name %s", file);
    ck_assert_int_eq(run("", arguments), 0);
}
END_TEST

START_TEST(an_unknown_warning_is_status_2)
{
    ck_assert_int_eq(run("", "-Wno-bogus --check " ECHO "/echo/IPing.idl"), 2);
    expect_log("there is no warning 'bogus'");
    ck_assert_int_eq(run("", "-Wshadwo --check " ECHO "/echo/IPing.idl"), 2);
    expect_log("did you mean 'shadow'?");
    ck_assert_int_eq(run("", "-Werror --check " ECHO "/echo/IPing.idl"), 0);
}
END_TEST

START_TEST(parts_that_nk_gen_c_was_asked_for_are_there_anyway)
{
    ck_assert_int_eq(run("", "--types --interface --endpoints --client --server --extended-errors "
                             "-I " ECHO " -o $OUT " ECHO "/echo/IPing.idl"),
                     0);
    expect_files(5);
}
END_TEST

START_TEST(make_reads_dependency_files_whatever_the_paths_are)
{
    static const char prepare[] =
        "cd $OUT; mkdir 'my $in#x'; cp -R \"$OLDPWD\"/" IMPORTS "/. 'my $in#x'; ";
    static const char make[] = "cd $OUT; ln -f 'a $b#c'/club/IClub.idl.nk.d rules;"
                               "printf 'all: a\\\\ $$b\\\\#c/club/IClub.idl.h\\n"
                               "%%.h:\\n\\t@echo made again\\ninclude rules\\n' > makefile;";
    char command[1024];

    ck_assert_int_eq(run(prepare, "--deps -o 'a $b#c' 'my $in#x/club/IClub.idl'"), 0);
    snprintf(command, sizeof(command), "%s make -q || exit 9;", make);
    ck_assert_int_eq(run(command, "--help"), 0);
    snprintf(command, sizeof(command),
             "%s touch -d 2100-01-01 'my $in#x/base/Types.idl'; make | grep -q 'made again' || "
             "exit 9;",
             make);
    ck_assert_int_eq(run(command, "--help"), 0);
    snprintf(command, sizeof(command), "%s rm -r 'my $in#x/base'; make || exit 9;", make);
    ck_assert_int_eq(run(command, "--help"), 0);
}
END_TEST

START_TEST(a_dependency_file_stands_beside_each_header)
{
    ck_assert_int_eq(run("", "--deps -I " ECHO " -o $OUT " ECHO "/echo/IPing.idl " ECHO
                             "/echo/CPing.cdl " ECHO "/echo/Server.edl"),
                     0);
    expect_files(5 + 2 + 2 + 3);
    ck_assert(exists("echo/IPing.idl.nk.d") && exists("echo/CPing.cdl.nk.d") &&
              exists("echo/Server.edl.nk.d"));
}
END_TEST

START_TEST(make_finds_what_did_not_change_up_to_date_all_the_same)
{
    static const char deps[] = "--deps -I " ECHO " -o $OUT " ECHO "/echo/IPing.idl";
    static const char old[] = "cd $OUT; find . -name 'IPing.*' | xargs touch -d 2001-01-01; cd - "
                              "> /dev/null;";
    static const char up_to_date[] = "for file in $OUT/echo/IPing.*; do case $file in *.d) ;; *)"
                                     "    test $file -nt $OUT/mark || exit 9 ;; esac; done;";

    ck_assert_int_eq(run("", deps), 0);
    ck_assert_int_eq(run(old, deps), 0);
    ck_assert_int_eq(run("touch -d 2001-01-02 $OUT/mark;", "--help"), 0);
    ck_assert_int_eq(run(up_to_date, "--help"), 0);
    ck_assert_int_eq(run("cp -p $OUT/echo/IPing.idl.h $OUT/mark;", deps), 0);
    ck_assert_int_eq(run("test $OUT/echo/IPing.idl.h -nt $OUT/mark && exit 9;", "--help"), 0);
}
END_TEST

START_TEST(what_comes_with_idlc_is_found_and_generated)
{
    ck_assert_int_eq(run("printf 'package a.B import kl.core.Types interface { M(in Char c); }'"
                         " > $OUT/B.idl;",
                         "-o $OUT $OUT/B.idl"),
                     0);
    expect_files(1 + 5 + 5);
    ck_assert(exists("kl/core/Types.idl.h"));
    ck_assert_int_eq(run("cmp $OUT/kl/core/Types.idl.h $CAPCHAN_BUILD/include/kl/core/Types.idl.h"
                         " || exit 9;",
                         "--help"),
                     0);
}
END_TEST

START_TEST(each_class_that_comes_with_idlc_is_an_interface_and_a_component)
{
    ck_assert_int_eq(run("printf 'entity a.B components { a : kl.Klog b : kl.KlogStorage c : kl.Vfs"
                         " d : kl.Env e : kl.CoverageMapper }' > $OUT/B.edl;"
                         "printf 'entity a.C endpoints { a : kl.Klog b : kl.KlogStorage c : kl.Vfs"
                         " d : kl.Env e : kl.CoverageMapper }' > $OUT/C.edl;",
                         "-o $OUT $OUT/B.edl $OUT/C.edl"),
                     0);
    ck_assert_int_eq(run("grep -q 'a_B_b_storage_iid = 1' $OUT/a/B.edl.h || exit 9;", "--help"), 0);
    ck_assert_int_eq(run("for file in $(find $OUT -name '*.c'); do cc -Wall -Werror -I $OUT "
                         "-I $CAPCHAN_BUILD/include -c $file -o /dev/null || exit 9; done;",
                         "--help"),
                     0);
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

START_TEST(more_files_than_one_run_of_protoc_c_takes_are_all_written)
{
    char path[PATH_MAX];
    char text[32];

    for (int i = 1; i <= PROTOC_FILES_MAX + 1; i++) {
        snprintf(path, sizeof(path), "%s/in/a/T%d.idl", folder, i);
        snprintf(text, sizeof(text), "package a.T%d", i);
        ck_assert_int_eq(write_file(path, text, strlen(text)), 0);
    }
    ck_assert_int_eq(run("", "-o $OUT/out $OUT/in/a/*.idl && "
                             "find $OUT/out -name '*.pb-c.c' | wc -l"),
                     0);
    expect_log("257\n");
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
    tcase_add_test(tcase, files_take_their_canonical_form);
    tcase_add_test(tcase, what_does_not_parse_is_not_formatted);
    tcase_add_test(tcase, models_are_printed_and_nothing_is_written);
    tcase_add_test(tcase, a_wrong_file_prints_no_model_of_any_file);
    tcase_add_test(tcase, help_is_no_error);
    tcase_add_test(tcase, it_says_its_version);
    tcase_add_test(tcase, check_writes_nothing_and_needs_no_protoc_c);
    tcase_add_test(tcase, proto_only_writes_what_protoc_needs);
    tcase_add_test(tcase, modes_exclude_each_other);
    tcase_add_test(tcase, warnings_do_not_fail_unless_they_are_to);
    tcase_add_test(tcase, an_unknown_warning_is_status_2);
    tcase_add_test(tcase, parts_that_nk_gen_c_was_asked_for_are_there_anyway);
    tcase_add_test(tcase, a_dependency_file_stands_beside_each_header);
    tcase_add_test(tcase, make_reads_dependency_files_whatever_the_paths_are);
    tcase_add_test(tcase, make_finds_what_did_not_change_up_to_date_all_the_same);
    tcase_add_test(tcase, what_comes_with_idlc_is_found_and_generated);
    tcase_add_test(tcase, each_class_that_comes_with_idlc_is_an_interface_and_a_component);
    tcase_add_test(tcase, a_wrong_file_is_status_1_and_nothing_is_written);
    tcase_add_test(tcase, a_missing_file_is_status_1);
    tcase_add_test(tcase, a_missing_protoc_c_is_named_with_its_package);
    tcase_add_test(tcase, more_files_than_one_run_of_protoc_c_takes_are_all_written);
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
