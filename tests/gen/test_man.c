/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual pages tell the truth: their examples compile, their excerpts are what is generated,
 * their sessions print what they show, and nothing is left out.
 */
#include <inttypes.h>

#include "idl/builtin.h"
#include "idl/limits.h"
#include "idl/warnings.h"
#include "tests/gen/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/man.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

#define IDL_PAGE "idl/man/idl.5.scd"
#define IDLC_PAGE "gen/man/idlc.1.scd"
#define JSON_PAGE "gen/man/idlc-json.5.scd"

static char *folder;

static const char prologue[] = MAN_PROLOGUE("idl=$root/" IDL_PAGE " idlc=$root/" IDLC_PAGE "\n"
                                            "json=$root/" JSON_PAGE "\n");

static const char generate_all[] =
    "idlc -I interfaces -o generated $(find interfaces -name '*.?dl')\n";

#define shell(...) (void)shell_run(prologue, __VA_ARGS__)

static void extract(void)
{
    folder = folder_new();
    setenv("folder", folder, 1);
    setenv("build", build_folder(), 1);
    unsetenv("MAKEFLAGS");
    shell("man extract $idl .; man extract $idlc .");
}

static void remove_all(void)
{
    folder_free(folder);
}

START_TEST(the_pages_can_be_made)
{
    shell(MAN_CAN_BE_MADE("$idl $idlc $json"));
}
END_TEST

START_TEST(every_example_compiles)
{
    shell("%s"
          "for source in *.c $(find generated -name '*.c'); do\n"
          "    cc -std=gnu11 -Wall -Wextra -Werror -I generated -I \"$build/include\" \\\n"
          "        -c \"$source\" -o /dev/null\n"
          "done",
          generate_all);
}
END_TEST

START_TEST(every_excerpt_is_what_is_generated)
{
    shell("%s man excerpts $idl generated", generate_all);
}
END_TEST

START_TEST(sessions_print_what_they_show)
{
    shell("man session $idlc");
}
END_TEST

START_TEST(the_makefile_builds_programs_and_knows_what_they_depend_on)
{
    shell("sed -e \"s|@PREFIX@|$build|\" -e 's|@VERSION@|0|' \"$root/core/capchan.pc.in\" "
          "> capchan.pc\n"
          "export CFLAGS=\"$sanitize\"\n"
          "make\n"
          "test -x client\n"
          "test -x server\n"
          "make -q\n"
          "touch -d '+1 hour' interfaces/echo/IPing.idl\n"
          "make -n | grep -q 'interfaces/echo/CPing.cdl'\n"
          "make -n | grep -q 'interfaces/echo/Server.edl'");
}
END_TEST

START_TEST(every_built_in_type_has_an_example)
{
    for (size_t i = 0; idl_builtin_at(i) != NULL; i++) {
        shell("grep -rqw '%s' interfaces", idl_builtin_at(i)->name);
    }
}
END_TEST

/* What begins a declaration, a block, a file or a parameter. */
static const char *const constructs[] = {
    "^package",    "^import",    "^const",     "^typedef",    "^struct",     "^union",
    "^interface",  "^component", "^endpoints", "^interfaces", "^components", "^security",
    "^task class", "^entity",    "[(, ]in ",   "[(, ]out ",   "[(, ]error ", "handle<",
    "string<",     "bytes<",     "sequence<",  "array<",      "array<array", "sequence<string",
};

START_TEST(every_construct_has_an_example)
{
    for (size_t i = 0; i < sizeof(constructs) / sizeof(constructs[0]); i++) {
        shell("grep -rq -e '%s' interfaces", constructs[i]);
    }
    shell("man grammar $idl interfaces");
}
END_TEST

START_TEST(all_options_are_described_and_no_others)
{
    shell("man options $idlc idlc");
}
END_TEST

static const struct {
    const char *what;
    uint64_t limit;
} limits[] = {
    {"bytes of a file", IDL_FILE_BYTES_MAX},
    {"files in one run", IDL_FILES_MAX},
    {"imports of a file", IDL_IMPORTS_MAX},
    {"files that wait for one another", IDL_IMPORT_DEPTH_MAX},
    {"bytes of a name", IDL_NAME_BYTES_MAX},
    {"bytes of a name with dots", IDL_QUALIFIED_BYTES_MAX},
    {"bound of a type", IDL_BOUND_MAX},
    {"methods of an interface", IDL_METHODS_MAX},
    {"parameters of a method", IDL_PARAMETERS_MAX},
    {"endpoints of a class, those of its instances counted", IDL_ENDPOINTS_MAX},
    {"instances in a class, nested ones counted", IDL_INSTANCES_MAX},
    {"components in components", IDL_COMPONENT_DEPTH_MAX},
    {"types in types", IDL_TYPE_DEPTH_MAX},
    {"fields of a type, those of nested structs counted", IDL_TYPE_VALUES_MAX},
    {"fields of all structs and methods of a file, those of nested structs counted",
     IDL_FILE_VALUES_MAX},
    {"bytes of a value", IDL_TYPE_BYTES_MAX},
    {"parentheses and signs in one another", IDL_EXPRESSION_DEPTH_MAX},
    {"errors that are reported", IDL_DIAGNOSTICS_MAX},
};

START_TEST(the_limits_are_those_of_the_compiler)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        shell("grep -x -A 1 '|  %s' $idl | grep -qx ':  %" PRIu64 "'", limits[i].what,
              limits[i].limit);
    }
    shell("test $(sed -n '/^# LIMITS/,/^# GRAMMAR/p' $idl | grep -c '^|  ') = %zu",
          sizeof(limits) / sizeof(limits[0]));
}
END_TEST

START_TEST(all_warnings_are_described_and_no_others)
{
    size_t n = 0;

    for (; idl_warning_at(n) != NULL; n++) {
        shell("grep -qxF '*%s*' $idlc", idl_warning_at(n)->name);
    }
    shell("test $(sed -n '/^# WARNINGS/,/^# EXIT/p' $idlc | grep -c '^\\*[a-z-]*\\*$') = %zu", n);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("man");
    TCase *cases = tcase_create("man");

    tcase_set_timeout(cases, 300);
    tcase_add_checked_fixture(cases, extract, remove_all);
    tcase_add_test(cases, the_pages_can_be_made);
    tcase_add_test(cases, every_example_compiles);
    tcase_add_test(cases, every_excerpt_is_what_is_generated);
    tcase_add_test(cases, sessions_print_what_they_show);
    tcase_add_test(cases, the_makefile_builds_programs_and_knows_what_they_depend_on);
    tcase_add_test(cases, every_built_in_type_has_an_example);
    tcase_add_test(cases, every_construct_has_an_example);
    tcase_add_test(cases, all_options_are_described_and_no_others);
    tcase_add_test(cases, all_warnings_are_described_and_no_others);
    tcase_add_test(cases, the_limits_are_those_of_the_compiler);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
