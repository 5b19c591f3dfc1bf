/* SPDX-License-Identifier: Apache-2.0 */
/* What `capchan limits` lists. */
#include "broker/limits_list.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/shell.h"

#define SOURCE "core/limits.h"

static char *output;

static void setup(void)
{
    output = strdup(shell_run("", "%s/bin/capchan limits", getenv("CAPCHAN_BUILD")));
}

static void teardown(void)
{
    free(output);
}

/* lists() - a line with a limit and its value */
static bool lists(unsigned long value, const char *name)
{
    char line[128];

    snprintf(line, sizeof(line), "%10lu  %-31s ", value, name);
    return strstr(output, line) != NULL;
}

START_TEST(each_limit_is_listed_once)
{
    const char *names = shell_run("", "sed -n 's/^#define \\([A-Z_]*\\) .*/\\1/p' " SOURCE);
    char *copy = strdup(names);
    size_t n_names = 0;
    size_t n_lines = 0;

    for (char *name = strtok(copy, "\n"); name != NULL; name = strtok(NULL, "\n")) {
        char word[64];
        snprintf(word, sizeof(word), " %s ", name);
        ck_assert_msg(strstr(output, word) != NULL, "no %s", name);
        n_names++;
    }
    for (const char *at = output; (at = strchr(at, '\n')) != NULL; at++) {
        n_lines++;
    }
    ck_assert_uint_gt(n_names, 30);
    ck_assert_uint_eq(n_lines, n_names);
    free(copy);
}
END_TEST

START_TEST(a_limit_is_listed_with_its_value)
{
    ck_assert(lists(CHANNELS_PER_ENTITY_MAX, "CHANNELS_PER_ENTITY_MAX"));
    ck_assert(lists(MEMORY_BYTES_MAX, "MEMORY_BYTES_MAX"));
    ck_assert(lists(DECODED_FACTOR, "DECODED_FACTOR"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limits_list");
    TCase *cases = tcase_create("all");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, each_limit_is_listed_once);
    tcase_add_test(cases, a_limit_is_listed_with_its_value);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
