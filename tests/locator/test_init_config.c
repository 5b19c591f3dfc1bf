/* SPDX-License-Identifier: Apache-2.0 */
#include "locator/init_config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "tests/support/check_main.h"

#define CORPUS "tests/locator/corpus"

static struct init_config *config;
static struct init_error error;

static void set_up(void)
{
    config = NULL;
    error = (struct init_error){0};
}

static void tear_down(void)
{
    config = init_config_free(config);
    init_error_deinit(&error);
}

/* load() - load a text, which must be accepted */
static void load(const char *text)
{
    int r = init_config_load_memory("init.yaml", text, strlen(text), &config, &error);

    ck_assert_msg(r == 0, "%u:%u: %s", error.position.line, error.position.column, error.message);
}

/* refuse() - load a text, which must be refused with a message that has @part in it */
static void refuse(const char *text, const char *part)
{
    ck_assert_int_eq(init_config_load_memory("init.yaml", text, strlen(text), &config, &error),
                     INIT_E_INVALID);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
}

START_TEST(everything_that_is_written_is_in_the_model)
{
    ck_assert_int_eq(init_config_load(CORPUS "/y_full.yaml", NULL, &config, &error), 0);
    ck_assert_str_eq(config->file, CORPUS "/y_full.yaml");
    ck_assert_str_eq(config->folder, CORPUS);
    ck_assert_uint_eq(config->n_entities, 2);

    const struct init_entity *client = &config->entities[0];
    ck_assert_str_eq(client->class_name, "net.Client");
    ck_assert_str_eq(client->task, "client_1");
    ck_assert_str_eq(client->path, "bin/client");
    ck_assert_ptr_null(client->executable);
    ck_assert_uint_eq(client->n_args, 3);
    ck_assert_str_eq(client->args[0], "--verbose");
    ck_assert_str_eq(client->args[1], "a b");
    ck_assert_str_eq(client->args[2], "");
    ck_assert_ptr_null(client->args[3]);
    ck_assert_uint_eq(client->n_env, 2);
    ck_assert_str_eq(client->env[0], "LANG=C");
    ck_assert_str_eq(client->env[1], "EMPTY=");
    ck_assert_ptr_null(client->env[2]);
    ck_assert_uint_eq(client->n_connections, 2);
    ck_assert_str_eq(client->connections[0].id, "first");
    ck_assert_ptr_eq(client->connections[0].target, &config->entities[1]);
    ck_assert_str_eq(client->connections[1].id, "second");
    ck_assert_ptr_eq(client->connections[1].target, &config->entities[1]);
    ck_assert_uint_eq(client->n_capabilities, 2);
    ck_assert_int_eq(client->capabilities[0], CAP_NET_BIND_SERVICE);
    ck_assert_int_eq(client->capabilities[1], CAP_CHOWN);
    ck_assert_str_eq(client->user, "nobody");
    ck_assert_str_eq(client->group, "65534");
}
END_TEST

START_TEST(what_is_not_written_has_defaults)
{
    load("entities:\n  - name: A\n");

    const struct init_entity *entity = &config->entities[0];
    ck_assert_str_eq(entity->task, "A");
    ck_assert_str_eq(entity->path, "A");
    ck_assert_uint_eq(entity->n_args, 0);
    ck_assert_ptr_null(entity->args[0]);
    ck_assert_uint_eq(entity->n_env, 0);
    ck_assert_ptr_null(entity->env[0]);
    ck_assert_uint_eq(entity->n_connections, 0);
    ck_assert_uint_eq(entity->n_capabilities, 0);
    ck_assert_ptr_null(entity->user);
    ck_assert_ptr_null(entity->group);
    ck_assert_str_eq(config->folder, ".");
}
END_TEST

START_TEST(positions_are_those_of_the_values)
{
    load("entities:\n  - task: a\n    name: A\n    path: x\n"
         "    connections: [{id: i, target: B}]\n  - name: B\n");

    const struct init_entity *a = &config->entities[0];
    const struct init_entity *b = &config->entities[1];
    ck_assert_uint_eq(a->position.line, 2);
    ck_assert_uint_eq(a->position.column, 5);
    ck_assert_uint_eq(a->task_position.line, 2);
    ck_assert_uint_eq(a->task_position.column, 11);
    ck_assert_uint_eq(a->path_position.line, 4);
    ck_assert_uint_eq(a->connections[0].id_position.column, 24);
    ck_assert_uint_eq(a->connections[0].target_position.column, 35);
    ck_assert_uint_eq(b->task_position.line, 6);
    ck_assert_uint_eq(b->path_position.line, 6);
    ck_assert_uint_eq(b->path_position.column, 11);
}
END_TEST

START_TEST(scalars_are_their_text)
{
    static const char *const args[] = {"1",    "0x10",       "1.5",  "true",      "~",
                                       "null", "2001-01-01", "it's", "tab\there", "no"};

    ck_assert_int_eq(init_config_load(CORPUS "/y_scalars_are_text.yaml", NULL, &config, &error), 0);
    const struct init_entity *entity = &config->entities[0];
    ck_assert_str_eq(entity->class_name, "yes");
    ck_assert_str_eq(entity->task, "1");
    ck_assert_uint_eq(entity->n_args, 10);
    for (size_t i = 0; i < 10; i++) {
        ck_assert_str_eq(entity->args[i], args[i]);
    }
    ck_assert_str_eq(entity->env[1], "YES=yes");
    ck_assert_str_eq(entity->env[3], "5=five");
}
END_TEST

START_TEST(an_id_can_be_a_constant_of_a_header)
{
    static const char *const dirs[] = {CORPUS "/include"};
    const struct init_options options = {.include_dirs = dirs, .n_include_dirs = 1};

    ck_assert_int_eq(init_config_load(CORPUS "/y_header_constants.yaml", &options, &config, &error),
                     0);
    const struct init_entity *client = &config->entities[0];
    ck_assert_str_eq(client->connections[0].id, "macro_channel");
    ck_assert_str_eq(client->connections[1].id, "pointer_channel");
    ck_assert_str_eq(client->connections[2].id, "array_channel");
    ck_assert_str_eq(client->connections[3].id, "more_channel");
}
END_TEST

START_TEST(a_header_outside_the_given_folders_is_not_found)
{
    ck_assert_int_eq(init_config_load(CORPUS "/y_header_constants.yaml", NULL, &config, &error),
                     INIT_E_INVALID);
    ck_assert_str_eq(error.message, "header 'more.h' was not found in " CORPUS);
}
END_TEST

START_TEST(a_text_in_memory_reads_no_headers)
{
    refuse("entities:\n  - name: A\n    connections:\n"
           "      - {target: B, id: {var: X, include: /etc/passwd}}\n  - name: B\n",
           "headers cannot be read here");
}
END_TEST

START_TEST(a_task_is_found_by_its_name)
{
    load("entities: [{name: A, task: a}, {name: A, task: b}]");
    ck_assert_ptr_eq(init_config_find_task(config, "a"), &config->entities[0]);
    ck_assert_ptr_eq(init_config_find_task(config, "b"), &config->entities[1]);
    ck_assert_ptr_null(init_config_find_task(config, "A"));
    ck_assert_ptr_null(init_config_find_task(config, ""));
}
END_TEST

START_TEST(long_lists_of_tasks_are_cut_short)
{
    refuse("entities:\n  - name: A\n    connections: [{target: nowhere, id: x}]\n"
           "  - name: B\n  - name: C\n  - name: D\n  - name: E\n  - name: F\n  - name: G\n"
           "  - name: H\n  - name: I\n  - name: J\n",
           "the tasks are 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H' and 2 more");
}
END_TEST

START_TEST(only_the_first_error_is_reported)
{
    refuse("entities:\n  - nam: A\n  - name: B\n    tsk: x\n  - name: B\n", "'nam'");
    ck_assert_uint_eq(error.position.line, 2);
    ck_assert_ptr_null(strchr(error.message, '\n'));
}
END_TEST

START_TEST(text_from_the_file_cannot_drive_the_terminal)
{
    refuse("entities:\n  - name: A\n    \"\\e[2J\": x\n", "unknown key '?[2J'");
    ck_assert_str_eq(error.source_line, "    \"\\e[2J\": x");
}
END_TEST

/* refuse_file() - a path that cannot be read as a whole must be refused as such */
static void refuse_file(const char *path, const char *part)
{
    ck_assert_int_eq(init_config_load(path, NULL, &config, &error), INIT_E_INVALID);
    ck_assert_uint_eq(error.position.line, 0);
    ck_assert_ptr_null(error.source_line);
    ck_assert_str_eq(error.file, path);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
}

START_TEST(what_is_no_regular_file_is_refused)
{
    char folder[] = "/tmp/capchan-test-XXXXXX";
    char fifo[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    refuse_file(fifo, "not a regular file");
    ck_assert_int_eq(unlink(fifo), 0);
    tear_down();
    refuse_file(folder, "not a regular file");
    ck_assert_int_eq(rmdir(folder), 0);
    tear_down();
    refuse_file("/dev/zero", "not a regular file");
    tear_down();
    refuse_file("/nowhere/init.yaml", "cannot be read: No such file or directory");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_config");
    TCase *tc = tcase_create("model");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, everything_that_is_written_is_in_the_model);
    tcase_add_test(tc, what_is_not_written_has_defaults);
    tcase_add_test(tc, positions_are_those_of_the_values);
    tcase_add_test(tc, scalars_are_their_text);
    tcase_add_test(tc, an_id_can_be_a_constant_of_a_header);
    tcase_add_test(tc, a_header_outside_the_given_folders_is_not_found);
    tcase_add_test(tc, a_text_in_memory_reads_no_headers);
    tcase_add_test(tc, a_task_is_found_by_its_name);
    suite_add_tcase(s, tc);

    tc = tcase_create("errors");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, long_lists_of_tasks_are_cut_short);
    tcase_add_test(tc, only_the_first_error_is_reported);
    tcase_add_test(tc, text_from_the_file_cannot_drive_the_terminal);
    tcase_add_test(tc, what_is_no_regular_file_is_refused);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
