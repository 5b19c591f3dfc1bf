/* SPDX-License-Identifier: Apache-2.0 */
/* Each limit of init.yaml, reached and passed; and files made to use up time or memory. */
#include "locator/init_config.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/cleanup.h"
#include "core/limits.h"
#include "locator/init_yaml.h"
#include "tests/support/check_main.h"

#define REFUSAL_MS_MAX 200

#if defined(__has_feature)
#define IS_CLANG_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_CLANG_SANITIZED 0
#endif

/* A text that grows. */
struct text {
    char *bytes;
    size_t size;
    FILE *stream;
};

static struct init_config *config;
static struct init_error error;
static struct text text;

static void set_up(void)
{
    config = NULL;
    error = (struct init_error){0};
    text.stream = open_memstream(&text.bytes, &text.size);
    ck_assert_ptr_nonnull(text.stream);
}

static void tear_down(void)
{
    config = init_config_free(config);
    init_error_deinit(&error);
    (void)fclose(text.stream);
    free(text.bytes);
}

__attribute__((format(printf, 1, 2))) static void add(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    ck_assert_int_ge(vfprintf(text.stream, format, arguments), 0);
    va_end(arguments);
}

static void add_times(size_t n, const char *part)
{
    for (size_t i = 0; i < n; i++) {
        (void)fputs(part, text.stream);
    }
}

static int load(void)
{
    ck_assert_int_eq(fflush(text.stream), 0);
    return init_config_load_memory("init.yaml", text.bytes, text.size, &config, &error);
}

static void accept(void)
{
    int r = load();

    ck_assert_msg(r == 0, "%u:%u: %s", error.position.line, error.position.column, error.message);
}

static long cpu_ms(void)
{
    struct timespec now;

    ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* check_quick() - a refusal that began at @start_ms must not have cost more than promised */
static void check_quick(long start_ms)
{
#if defined(__SANITIZE_ADDRESS__) || IS_CLANG_SANITIZED
    (void)start_ms; /* the promise is that of an ordinary build */
#else
    if (getenv("LD_PRELOAD") == NULL) { /* valgrind sets it */
        ck_assert_int_le(cpu_ms() - start_ms, REFUSAL_MS_MAX);
    }
#endif
}

static void refuse(unsigned int line, const char *part)
{
    long start_ms = cpu_ms();
    int r = load();

    check_quick(start_ms);
    ck_assert_int_eq(r, INIT_E_INVALID);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
    ck_assert_uint_eq(error.position.line, line);
}

START_TEST(a_file_of_exactly_the_limit_loads)
{
    add("entities:\n  - name: A\n#");
    ck_assert_int_eq(fflush(text.stream), 0);
    add_times(INIT_FILE_BYTES_MAX - text.size, "x");
    accept();
}
END_TEST

START_TEST(a_file_one_byte_over_the_limit_is_refused)
{
    add("entities:\n  - name: A\n#");
    ck_assert_int_eq(fflush(text.stream), 0);
    add_times(INIT_FILE_BYTES_MAX + 1 - text.size, "x");
    refuse(1, "larger than 1048576 bytes");
}
END_TEST

START_TEST(a_file_of_100_megabytes_is_refused_unread)
{
    char path[] = "/tmp/capchan-test-XXXXXX";
    int fd = mkstemp(path);
    long start_ms = cpu_ms();

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, 100 << 20), 0);
    ck_assert_int_eq(close(fd), 0);
    int r = init_config_load(path, NULL, &config, &error);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(r, INIT_E_INVALID);
    check_quick(start_ms);
    ck_assert_str_eq(error.message, "the file is larger than 1048576 bytes, the most that is read");
    ck_assert_uint_eq(error.position.line, 1);
}
END_TEST

START_TEST(a_file_on_disk_may_reach_the_limit)
{
    char path[] = "/tmp/capchan-test-XXXXXX";
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    add("entities:\n  - name: A\n");
    ck_assert_int_eq(fflush(text.stream), 0);
    add_times(INIT_FILE_BYTES_MAX - text.size, "\n");
    ck_assert_int_eq(fflush(text.stream), 0);
    ck_assert_int_eq(write(fd, text.bytes, text.size), INIT_FILE_BYTES_MAX);
    ck_assert_int_eq(init_config_load(path, NULL, &config, &error), 0);
    ck_assert_int_eq(write(fd, "\n", 1), 1);
    ck_assert_int_eq(close(fd), 0);
    config = init_config_free(config);
    int r = init_config_load(path, NULL, &config, &error);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(r, INIT_E_INVALID);
}
END_TEST

START_TEST(ten_thousand_brackets_are_one_quick_error)
{
    add_times(10000, "[");
    refuse(1, "nested deeper than 16");
    ck_assert_uint_eq(error.position.column, INIT_YAML_DEPTH_MAX + 1);
}
END_TEST

START_TEST(ten_thousand_dashes_are_one_quick_error)
{
    add_times(10000, "- ");
    refuse(1, "nested deeper than 16");
}
END_TEST

START_TEST(deep_maps_in_blocks_are_refused)
{
    for (int depth = 0; depth < 200; depth++) {
        add("%*sa:\n", depth, "");
    }
    refuse(INIT_YAML_DEPTH_MAX + 1, "nested deeper than 16");
}
END_TEST

START_TEST(sixteen_levels_are_read)
{
    add("{a: ");
    add_times(INIT_YAML_DEPTH_MAX - 1, "[");
    add_times(INIT_YAML_DEPTH_MAX - 1, "]");
    add("}");
    refuse(1, "unknown key 'a'");
}
END_TEST

START_TEST(an_alias_bomb_is_refused_at_its_first_anchor)
{
    add("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (char level = 'b'; level < 'z'; level++) {
        add("%c: &%c [*%c, *%c, *%c, *%c]\n", level, level, level - 1, level - 1, level - 1,
            level - 1);
    }
    add("entities: *y\n");
    refuse(1, "anchors (&name) are not supported");
}
END_TEST

START_TEST(many_keys_are_told_apart_quickly)
{
    add("entities: [{name: A, env: {");
    for (int i = 0; i < 20000; i++) {
        add("%sV%d: 1", i > 0 ? ", " : "", i);
    }
    add(", V19999: 1}}]");
    refuse(1, "key 'V19999' is given twice");
}
END_TEST

START_TEST(a_long_line_is_shown_in_part)
{
    char *shown = NULL;
    size_t size;

    add("entities: [{name: A, args: [");
    add_times(50000, "xxxx, ");
    add("]}, {nam: B}, {args: [");
    add_times(50000, "yyyy, ");
    add("]}]");
    refuse(1, "unknown key 'nam'");
    FILE *out = open_memstream(&shown, &size);
    ck_assert_ptr_nonnull(out);
    init_error_print(&error, out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_uint_lt(size, 600);
    ck_assert_ptr_nonnull(strstr(shown, "{nam: B}"));
    free(shown);
}
END_TEST

static void add_entities(int n)
{
    add("entities:\n");
    for (int i = 0; i < n; i++) {
        add("  - name: E%d\n", i);
    }
}

START_TEST(as_many_entities_as_the_limit_load)
{
    add_entities(ENTITIES_MAX);
    accept();
    ck_assert_uint_eq(config->n_entities, ENTITIES_MAX);
}
END_TEST

START_TEST(one_entity_more_is_refused)
{
    add_entities(ENTITIES_MAX + 1);
    refuse(1, "1025 entities; the most is 1024");
}
END_TEST

static void add_connections(int n)
{
    add("entities:\n  - name: S\n  - name: C\n    connections:\n");
    for (int i = 0; i < n; i++) {
        add("      - {target: S, id: i%d}\n", i);
    }
}

START_TEST(as_many_connections_as_the_limit_load)
{
    add_connections(CHANNELS_PER_ENTITY_MAX);
    accept();
    ck_assert_uint_eq(config->entities[1].n_connections, CHANNELS_PER_ENTITY_MAX);
}
END_TEST

START_TEST(one_connection_more_is_refused)
{
    add_connections(CHANNELS_PER_ENTITY_MAX + 1);
    refuse(4, "4097 connections in one entity; the most is 4096");
}
END_TEST

/* add_rules() - about the last of as many entities as there may be */
static void add_rules(size_t n)
{
    add_entities(ENTITIES_MAX);
    add("capchan:\n  dynamic:\n");
    for (size_t i = 0; i < n; i++) {
        add("    - {client: E%d, server: E%d, service: s}\n", ENTITIES_MAX - 1, ENTITIES_MAX - 2);
    }
}

START_TEST(as_many_rules_as_the_limit_load)
{
    add_rules(DYNAMIC_RULES_MAX);
    accept();
    ck_assert_uint_eq(config->n_rules, DYNAMIC_RULES_MAX);
}
END_TEST

START_TEST(one_rule_more_is_refused)
{
    add_rules(DYNAMIC_RULES_MAX + 1);
    refuse(ENTITIES_MAX + 3, "4097 rules in 'dynamic'; the most is 4096");
}
END_TEST

START_TEST(names_may_be_as_long_as_the_limit)
{
    add("entities:\n  - name: ");
    add_times(NAME_BYTES_MAX, "n");
    add("\n    task: ");
    add_times(NAME_BYTES_MAX, "t");
    add("\n    connections:\n      - target: S\n        id: ");
    add_times(LOCATOR_NAME_BYTES_MAX, "i");
    add("\n  - name: S\n");
    accept();
    ck_assert_uint_eq(strlen(config->entities[0].class_name), NAME_BYTES_MAX);
    ck_assert_uint_eq(strlen(config->entities[0].task), NAME_BYTES_MAX);
    ck_assert_uint_eq(strlen(config->entities[0].connections[0].id), LOCATOR_NAME_BYTES_MAX);
}
END_TEST

/* refuse_long() - a value of @n letters after @before must be refused */
static void refuse_long(const char *before, size_t n, unsigned int line, const char *part)
{
    add("%s", before);
    add_times(n, "x");
    add("\n");
    refuse(line, part);
}

START_TEST(a_name_one_byte_longer_is_refused)
{
    refuse_long("entities:\n  - name: ", NAME_BYTES_MAX + 1, 2, "'name' is 256 bytes long");
}
END_TEST

START_TEST(a_task_one_byte_longer_is_refused)
{
    refuse_long("entities:\n  - name: A\n    task: ", NAME_BYTES_MAX + 1, 3,
                "'task' is 256 bytes long");
}
END_TEST

START_TEST(an_id_one_byte_longer_is_refused)
{
    refuse_long("entities:\n  - name: A\n    connections:\n      - target: A\n        id: ",
                LOCATOR_NAME_BYTES_MAX + 1, 5, "'id' is 1024 bytes long; the most is 1023");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("locator/init_limits");
    TCase *tc = tcase_create("size and shape");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_file_of_exactly_the_limit_loads);
    tcase_add_test(tc, a_file_one_byte_over_the_limit_is_refused);
    tcase_add_test(tc, a_file_of_100_megabytes_is_refused_unread);
    tcase_add_test(tc, a_file_on_disk_may_reach_the_limit);
    tcase_add_test(tc, ten_thousand_brackets_are_one_quick_error);
    tcase_add_test(tc, ten_thousand_dashes_are_one_quick_error);
    tcase_add_test(tc, deep_maps_in_blocks_are_refused);
    tcase_add_test(tc, sixteen_levels_are_read);
    tcase_add_test(tc, an_alias_bomb_is_refused_at_its_first_anchor);
    tcase_add_test(tc, many_keys_are_told_apart_quickly);
    tcase_add_test(tc, a_long_line_is_shown_in_part);
    suite_add_tcase(s, tc);

    tc = tcase_create("numbers and names");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, as_many_entities_as_the_limit_load);
    tcase_add_test(tc, one_entity_more_is_refused);
    tcase_add_test(tc, as_many_connections_as_the_limit_load);
    tcase_add_test(tc, one_connection_more_is_refused);
    tcase_add_test(tc, as_many_rules_as_the_limit_load);
    tcase_add_test(tc, one_rule_more_is_refused);
    tcase_add_test(tc, names_may_be_as_long_as_the_limit);
    tcase_add_test(tc, a_name_one_byte_longer_is_refused);
    tcase_add_test(tc, a_task_one_byte_longer_is_refused);
    tcase_add_test(tc, an_id_one_byte_longer_is_refused);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return check_main(suite());
}
