/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_config.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static char folder[] = "/tmp/capchan-test-XXXXXX";
static struct init_config *config;
static struct init_error error;

/* in() - a path in the test's folder, lent until the next call */
static const char *in(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

/* put() - make a file in the test's folder */
static void put(const char *name, mode_t mode)
{
    int fd = open(in(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
}

static void set_up(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(mkdir(in("one"), 0700), 0);
    ck_assert_int_eq(mkdir(in("two"), 0700), 0);
    config = NULL;
    error = (struct init_error){0};
}

static void tear_down(void)
{
    static const char *const made[] = {"one/A", "two/A",     "two/b.A",
                                       "one/B", "two/bin/A", "two/bin"};

    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        (void)remove(in(made[i]));
    }
    ck_assert_int_eq(rmdir(in("one")), 0);
    ck_assert_int_eq(rmdir(in("two")), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    config = init_config_free(config);
    init_error_deinit(&error);
}

/* find() - load a text and look for its executables in the folders one and two */
static int find(const char *text)
{
    char one[64];
    char two[64];
    const char *const dirs[] = {one, two};

    (void)snprintf(one, sizeof(one), "%s/one", folder);
    (void)snprintf(two, sizeof(two), "%s/two/", folder);
    ck_assert_int_eq(init_config_load_memory("init.yaml", text, strlen(text), &config, &error), 0);
    return init_config_find_executables(config, dirs, 2, &error);
}

/* refuse() - the executables of a text must be refused */
static void refuse(const char *text, const char *part, unsigned int line, unsigned int column)
{
    ck_assert_int_eq(find(text), INIT_E_INVALID);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
    ck_assert_uint_eq(error.position.line, line);
    ck_assert_uint_eq(error.position.column, column);
    ck_assert_ptr_nonnull(error.source_line);
}

START_TEST(the_class_names_the_executable)
{
    put("one/A", 0700);
    ck_assert_int_eq(find("entities: [{name: A, task: t}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("one/A"));
}
END_TEST

START_TEST(the_class_without_its_package_names_it_too)
{
    put("one/A", 0700);
    ck_assert_int_eq(find("entities: [{name: my.pkg.A}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("one/A"));
}
END_TEST

START_TEST(the_whole_class_goes_first)
{
    put("one/A", 0700);
    put("two/b.A", 0700);
    ck_assert_int_eq(find("entities: [{name: b.A}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("two/b.A"));
}
END_TEST

START_TEST(a_path_that_is_written_is_not_shortened)
{
    put("one/A", 0700);
    refuse("entities:\n  - name: b.A\n    path: c.A\n", "executable 'c.A' was not found", 3, 11);
}
END_TEST

START_TEST(both_names_are_said_if_neither_is_found)
{
    refuse("entities:\n  - name: b.A\n", "executable 'b.A' or 'A' was not found", 2, 11);
}
END_TEST

START_TEST(of_what_the_sdk_has_for_hardware_a_stand_in_is_proposed)
{
    refuse(
        "entities:\n  - name: kl.drivers.GPIO\n    path: gpio_hw\n",
        "; a host has no such hardware: leave the entity out, or name a stand-in with capchan run "
        "--replace CLASS=EXECUTABLE",
        3, 11);
}
END_TEST

START_TEST(the_first_folder_that_has_it_counts)
{
    put("one/A", 0700);
    put("two/A", 0700);
    ck_assert_int_eq(find("entities: [{name: A}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("one/A"));
}
END_TEST

START_TEST(what_cannot_be_started_is_passed_over)
{
    put("one/A", 0600);
    put("two/A", 0700);
    ck_assert_int_eq(find("entities: [{name: A}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("two/A"));
}
END_TEST

START_TEST(a_path_may_lead_into_a_folder)
{
    ck_assert_int_eq(mkdir(in("two/bin"), 0700), 0);
    put("two/bin/A", 0700);
    ck_assert_int_eq(find("entities: [{name: x, path: bin/A}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, in("two/bin/A"));
}
END_TEST

START_TEST(an_absolute_path_stays_as_it_is)
{
    ck_assert_int_eq(find("entities: [{name: A, path: /bin/sh}]"), 0);
    ck_assert_str_eq(config->entities[0].executable, "/bin/sh");
}
END_TEST

START_TEST(the_name_server_needs_none_unless_it_has_a_path)
{
    ck_assert_int_eq(find("entities: [{name: kl.core.NameServer, task: ns}]"), 0);
    ck_assert(config->entities[0].is_built_in);
    ck_assert_ptr_null(config->entities[0].executable);
    config = init_config_free(config);
    ck_assert_int_eq(find("entities: [{name: kl.core.NameServer, path: /bin/sh}]"), 0);
    ck_assert(!config->entities[0].is_built_in);
    ck_assert_str_eq(config->entities[0].executable, "/bin/sh");
}
END_TEST

START_TEST(looking_twice_is_harmless)
{
    put("one/A", 0700);
    ck_assert_int_eq(find("entities: [{name: A}]"), 0);
    const char *const dirs[] = {"/nowhere", in("one")};
    ck_assert_int_eq(init_config_find_executables(config, dirs, 2, &error), 0);
    ck_assert_str_eq(config->entities[0].executable, in("one/A"));
}
END_TEST

START_TEST(a_missing_executable_is_reported_at_its_name)
{
    char message[256];

    put("one/A", 0700);
    (void)snprintf(message, sizeof(message),
                   "executable 'Server' was not found in %s/one, %s/two/; "
                   "build it or pass --bin DIR",
                   folder, folder);
    refuse("entities:\n  - name: A\n  - name: Server\n", message, 3, 11);
}
END_TEST

START_TEST(a_missing_executable_is_reported_at_its_path)
{
    refuse("entities:\n  - name: A\n    path: B\n", "executable 'B' was not found", 3, 11);
}
END_TEST

START_TEST(a_missing_absolute_path_is_not_looked_for_elsewhere)
{
    refuse("entities:\n  - name: A\n    path: /nowhere/A\n",
           "executable '/nowhere/A' does not exist; build it", 3, 11);
}
END_TEST

START_TEST(a_folder_is_no_executable)
{
    ck_assert_int_eq(mkdir(in("one/A"), 0700), 0);
    refuse("entities:\n  - name: A\n", "/one/A' cannot be started: it is not a regular file", 2,
           11);
}
END_TEST

START_TEST(a_file_without_the_permission_is_no_executable)
{
    put("one/A", 0600);
    refuse("entities:\n  - name: A\n", "/one/A' cannot be started: it is not executable; see chmod",
           2, 11);
}
END_TEST

START_TEST(a_path_through_a_file_is_not_found)
{
    put("one/A", 0700);
    refuse("entities:\n  - name: A/B\n", "executable 'A/B' was not found", 2, 11);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_executable");
    TCase *tc = tcase_create("executables");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, of_what_the_sdk_has_for_hardware_a_stand_in_is_proposed);
    tcase_add_test(tc, the_class_names_the_executable);
    tcase_add_test(tc, the_class_without_its_package_names_it_too);
    tcase_add_test(tc, the_whole_class_goes_first);
    tcase_add_test(tc, a_path_that_is_written_is_not_shortened);
    tcase_add_test(tc, both_names_are_said_if_neither_is_found);
    tcase_add_test(tc, the_first_folder_that_has_it_counts);
    tcase_add_test(tc, what_cannot_be_started_is_passed_over);
    tcase_add_test(tc, a_path_may_lead_into_a_folder);
    tcase_add_test(tc, an_absolute_path_stays_as_it_is);
    tcase_add_test(tc, looking_twice_is_harmless);
    tcase_add_test(tc, the_name_server_needs_none_unless_it_has_a_path);
    tcase_add_test(tc, a_missing_executable_is_reported_at_its_name);
    tcase_add_test(tc, a_missing_executable_is_reported_at_its_path);
    tcase_add_test(tc, a_missing_absolute_path_is_not_looked_for_elsewhere);
    tcase_add_test(tc, a_folder_is_no_executable);
    tcase_add_test(tc, a_file_without_the_permission_is_no_executable);
    tcase_add_test(tc, a_path_through_a_file_is_not_found);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
