/* SPDX-License-Identifier: Apache-2.0 */
/* The manual pages of what runs solutions tell the truth. */
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/folder.h"
#include "tests/support/man.h"
#include "tests/support/shell.h"
#include "tests/support/solution.h"

static char *folder;

static const char prologue[] = MAN_PROLOGUE("capchan=$root/cli/man/capchan.1.scd\n"
                                            "init=$root/locator/man/capchan-init.yaml.5.scd\n");

#define shell(...) (void)shell_run(prologue, __VA_ARGS__)

static void extract(void)
{
    folder = folder_new();
    setenv("folder", folder, 1);
    setenv("build", build_folder(), 1);
    shell("man extract $init .; man extract $capchan .");
}

static void remove_all(void)
{
    folder_free(folder);
}

START_TEST(the_pages_can_be_made)
{
    shell(MAN_CAN_BE_MADE("$capchan $init"));
}
END_TEST

START_TEST(all_options_are_described_and_no_others)
{
    shell("man options $capchan capchan run");
}
END_TEST

START_TEST(all_commands_are_described_and_no_others)
{
    shell("capchan --help | sed -n 's/^  \\([a-z][a-z]*\\) .*/\\1/p' > help\n"
          "sed -n 's/^\\*capchan \\([a-z]*\\)\\*.*/\\1/p' $capchan | sort -u > page\n"
          "sort help | diff -u - page");
}
END_TEST

/* Its example has all keys that there are: a reader can do without any other list. */
START_TEST(all_keys_are_described_and_no_others)
{
    shell("cat $root/locator/init_*.c | grep -oE '^ *(\\{\"[a-z]+\", read_[a-z]+\\},? *)+' |\n"
          "    grep -oE '\"[a-z]+\"' | tr -d '\"' | sort -u > keys\n"
          "test $(wc -l < keys) -ge 18\n"
          "sed -n '/^# ENTITIES/,/^# LIMITS/p' $init > page\n"
          "for key in $(cat keys); do\n"
          "    grep -qE \"(\\\\*|[{ ])$key(\\\\*|:)\" page || { echo \"no word of '$key'\"; exit "
          "1; }\n"
          "done");
}
END_TEST

START_TEST(sessions_print_what_they_show)
{
    shell("man session $capchan");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("man");
    TCase *cases = tcase_create("man");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, extract, remove_all);
    tcase_add_test(cases, the_pages_can_be_made);
    tcase_add_test(cases, all_options_are_described_and_no_others);
    tcase_add_test(cases, all_commands_are_described_and_no_others);
    tcase_add_test(cases, all_keys_are_described_and_no_others);
    tcase_add_test(cases, sessions_print_what_they_show);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
