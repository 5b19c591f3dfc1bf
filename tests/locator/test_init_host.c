/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "locator/init_config.h"
#include "tests/gen/folder.h"
#include "tests/support/check_main.h"

static char *folder;
static struct init_host *host;
static struct init_config *config;
static struct init_error error;

/* write_file() - in the test's folder. Return: its path, lent until the next call. */
static const char *write_file(const char *name, const char *text)
{
    static char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static void set_up(void)
{
    folder = folder_new();
    error = (struct init_error){0};
    ck_assert_int_eq(init_host_load(write_file("table", "# kl.No  why\n\n"
                                                        "kl.Vfs*   files\n"
                                                        "kl.Ntpd\r\n"
                                                        "kl.Clock# no space\n"
                                                        "kl.Last"),
                                    &host),
                     0);
}

static void tear_down(void)
{
    config = init_config_free(config);
    host = init_host_free(host);
    init_error_deinit(&error);
    folder_free(folder);
}

START_TEST(the_first_word_of_a_line_is_a_class)
{
    ck_assert(init_host_does(host, "kl.VfsNet"));
    ck_assert(init_host_does(host, "kl.Vfs"));
    ck_assert(init_host_does(host, "kl.Ntpd"));
    ck_assert(init_host_does(host, "kl.Clock"));
    ck_assert(init_host_does(host, "kl.Last"));
    ck_assert(!init_host_does(host, "kl.No"));
    ck_assert(!init_host_does(host, "files"));
    ck_assert(!init_host_does(host, ""));
}
END_TEST

START_TEST(classes_are_compared_as_a_whole)
{
    ck_assert(!init_host_does(host, "my.kl.VfsNet"));
    ck_assert(!init_host_does(host, "kl.Ntpdx"));
    ck_assert(!init_host_does(host, "kl.Ntp"));
    ck_assert(!init_host_does(host, "klxVfsNet"));
    ck_assert(!init_host_does(NULL, "kl.VfsNet"));
}
END_TEST

START_TEST(a_table_that_is_not_there_is_an_error)
{
    struct init_host *none = NULL;

    ck_assert_int_eq(init_host_load("/not/there", &none), -ENOENT);
    ck_assert_int_eq(init_host_load("/", &none), -EIO);
    ck_assert_ptr_null(none);
}
END_TEST

/* load() - a text with the table, and look for its executables in the test's folder */
static int load(const char *text)
{
    const struct init_options options = {.host = host};
    const char *const dirs[] = {folder};
    int r = init_config_load(write_file("init.yaml", text), &options, &config, &error);

    return r != 0 ? r : init_config_find_executables(config, dirs, 1, &error);
}

START_TEST(what_the_host_does_needs_no_program)
{
    ck_assert_int_eq(load("entities: [{name: kl.VfsNet, task: files}, {name: a, path: /bin/sh}]"),
                     0);
    ck_assert(config->entities[0].is_built_in && config->entities[0].is_hosts);
    ck_assert_ptr_null(config->entities[0].executable);
    ck_assert(!config->entities[1].is_built_in && !config->entities[1].is_hosts);
}
END_TEST

START_TEST(a_program_that_is_there_is_started_all_the_same)
{
    ck_assert_int_eq(load("entities: [{name: kl.VfsNet, path: /bin/sh}]"), 0);
    ck_assert(!config->entities[0].is_built_in && !config->entities[0].is_hosts);
    ck_assert_str_eq(config->entities[0].executable, "/bin/sh");
}
END_TEST

START_TEST(a_program_that_cannot_be_executed_is_an_error_all_the_same)
{
    ck_assert_int_eq(load("entities: [{name: kl.VfsNet, path: init.yaml}]"), INIT_E_INVALID);
    ck_assert_ptr_nonnull(strstr(error.message, "not executable"));
}
END_TEST

START_TEST(connections_to_entities_of_the_host_that_are_not_there_are_left_out)
{
    ck_assert_int_eq(load("entities:\n"
                          "- name: a\n  path: /bin/sh\n  connections:\n"
                          "  - {target: kl.VfsNet, id: x}\n  - {target: b, id: y}\n"
                          "  - {target: kl.Ntpd, id: z}\n  - {target: kl.VfsNet, id: x}\n"
                          "- {name: b, path: /bin/sh}\n- {name: kl.Ntpd}\n"),
                     0);
    ck_assert_uint_eq(config->entities[0].n_connections, 2);
    ck_assert_str_eq(config->entities[0].connections[0].target_name, "b");
    ck_assert_ptr_eq(config->entities[0].connections[1].target, &config->entities[2]);
}
END_TEST

START_TEST(an_id_that_is_a_constant_of_the_sdk_is_not_needed_where_the_host_does_the_work)
{
    ck_assert_int_eq(load("entities:\n"
                          "- name: a\n  path: /bin/sh\n  connections:\n"
                          "  - {target: kl.VfsNet, id: {var: NET, include: vfs/defs.h}}\n"
                          "  - {id: {var: FILES, include: vfs/defs.h}, target: files}\n"
                          "  - {target: b, id: y}\n"
                          "- {name: b, path: /bin/sh}\n- {name: kl.VfsRamFs, task: files}\n"),
                     0);
    ck_assert_uint_eq(config->entities[0].n_connections, 1);
    ck_assert_str_eq(config->entities[0].connections[0].id, "y");
    ck_assert_ptr_null(error.message);
}
END_TEST

/* In the second one the project brings the program, in the third one the id would be used twice. */
static const struct {
    const char *target;
    const char *other_id;
    const char *also;
    const char *said;
} needed[] = {
    {"b", "OTHER", "{name: b, path: /bin/sh}", "header 'vfs/defs.h' was not found"},
    {"files", "OTHER", "{name: kl.VfsNet, task: files, path: /bin/sh}",
     "header 'vfs/defs.h' was not found"},
    {"kl.Ntpd", "ID", "{name: kl.Ntpd}", "two connections with id"},
};

START_TEST(an_id_that_is_a_constant_is_needed_where_there_is_a_program)
{
    char text[512];

    (void)snprintf(text, sizeof(text),
                   "entities:\n- name: a\n  path: /bin/sh\n  connections:\n"
                   "  - {target: %s, id: {var: ID, include: vfs/defs.h}}\n"
                   "  - {target: kl.Clock, id: {var: %s, include: vfs/defs.h}}\n"
                   "- %s\n- {name: kl.Clock}\n",
                   needed[_i].target, needed[_i].other_id, needed[_i].also);
    ck_assert_int_eq(load(text), INIT_E_INVALID);
    ck_assert_msg(strstr(error.message, needed[_i].said) != NULL, "%s", error.message);
}
END_TEST

START_TEST(connections_to_other_entities_that_are_not_there_are_errors)
{
    ck_assert_int_eq(load("entities:\n- name: a\n  connections: [{target: kl.Gpio, id: x}]\n"),
                     INIT_E_INVALID);
    ck_assert_ptr_nonnull(strstr(error.message, "'kl.Gpio' is not the task of any entity"));
}
END_TEST

START_TEST(what_is_shipped_has_what_projects_name)
{
    static const char *const classes[] = {
        "kl.VfsEntity",     "kl.VfsNet", "kl.VfsSdCardFs",    "kl.VfsRamFs",  "kl.rump.Dhcpcd",
        "kl.EntropyEntity", "kl.Ntpd",   "kl.CoverageMapper", "kl.core.Klog", "kl.KlogStorage"};

    init_host_free(host);
    ck_assert_int_eq(init_host_load("gen/share/host_entities", &host), 0);
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        ck_assert_msg(init_host_does(host, classes[i]), "%s", classes[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("init_host");
    TCase *cases = tcase_create("init_host");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, the_first_word_of_a_line_is_a_class);
    tcase_add_test(cases, classes_are_compared_as_a_whole);
    tcase_add_test(cases, a_table_that_is_not_there_is_an_error);
    tcase_add_test(cases, what_the_host_does_needs_no_program);
    tcase_add_test(cases, a_program_that_is_there_is_started_all_the_same);
    tcase_add_test(cases, a_program_that_cannot_be_executed_is_an_error_all_the_same);
    tcase_add_test(cases, connections_to_entities_of_the_host_that_are_not_there_are_left_out);
    tcase_add_test(cases,
                   an_id_that_is_a_constant_of_the_sdk_is_not_needed_where_the_host_does_the_work);
    tcase_add_loop_test(cases, an_id_that_is_a_constant_is_needed_where_there_is_a_program, 0,
                        sizeof(needed) / sizeof(needed[0]));
    tcase_add_test(cases, connections_to_other_entities_that_are_not_there_are_errors);
    tcase_add_test(cases, what_is_shipped_has_what_projects_name);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
