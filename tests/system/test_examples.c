/* SPDX-License-Identifier: Apache-2.0 */
/* Each example prints what its file `expected` says, entity by entity, line by line. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

static const struct {
    const char *name;
    const char *exit_with; /* NULL: ends when everything that is expected was seen */
} examples[] = {{"echo", "echo.Client"},
                {"echo2c", NULL},
                {"traffic-light", "ControlSystem"},
                {"dynamic", "dynamic.Client"},
                {"vault", "vault.Server"}};

START_TEST(an_example_prints_what_it_should)
{
    struct solution *solution = solution_new();
    char path[PATH_MAX];
    char line[512];
    size_t at = 0; /* where in the output this entity's last line was found */
    char entity[64] = "";

    snprintf(path, sizeof(path), "examples/%s/expected", examples[_i].name);
    FILE *expected = fopen(path, "re");
    ck_assert_ptr_nonnull(expected);
    solution_start_example(solution, examples[_i].name, examples[_i].exit_with);
    while (fgets(line, sizeof(line), expected) != NULL) {
        size_t name_length = strcspn(line, "|");
        if (strncmp(entity, line, name_length) != 0) {
            snprintf(entity, sizeof(entity), "%.*s", (int)name_length, line);
            at = 0;
        }
        solution_expect(solution, line);
        const char *found = strstr(solution->text + at, line);
        ck_assert_msg(found != NULL, "out of order: %s", line);
        at = (size_t)(found - solution->text);
    }
    fclose(expected);
    if (examples[_i].exit_with != NULL) {
        ck_assert_int_eq(solution_wait(solution), 0);
    }
    solution_free(solution);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("examples");
    TCase *cases = tcase_create("examples");

    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, an_example_prints_what_it_should, 0,
                        sizeof(examples) / sizeof(examples[0]));
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
