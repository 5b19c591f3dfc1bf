/* SPDX-License-Identifier: Apache-2.0 */
/* A client that sends malformed messages costs only itself its calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/solution.h"

/* What each message of tests/programs/hostile.c is answered: NK_ENOENT 2, NK_ENOMEM 4,
 * NK_EBADMSG 8. */
static const struct {
    const char *what;
    int status;
} answers[] = {
    {"short", 8},
    {"magic", 8},
    {"truncated", 8},
    {"surplus", 8},
    {"pointers", 8},
    {"handles", 8},
    {"reply", 8},
    {"riid", 2},
    {"mid", 2},
    {"stray descriptor", 8},
    {"no descriptor", 8},
    {"unsealed", 8},
    {"wrong size", 8},
    {"pipe", 8},
    {"eight descriptors", 8},
    {"long varint", 8},
    {"length 2^63", 8},
    {"no UTF-8", 8},
    {"too long", 8},
    {"groups", 8},
    {"unknown fields", 8},
    {"noise", 8},
    {"outside", 8},
    {"unterminated", 8},
    {"missing pointers", 8},
    {"proper", 0},
};

START_TEST(every_malformed_message_is_answered_and_nobody_else_notices)
{
    struct solution *solution = solution_new();
    char text[512];

    solution_entity(solution, "Server", "", "register", "link", "serve", NULL);
    solution_entity(solution, "Bystander", "Server:link", "connect", "link", "threads", "2",
                    "threads", "2", "threads", "2", NULL);
    snprintf(
        text, sizeof(text),
        "  - {name: actor.Client, task: Hostile, path: %s/tests/programs/hostile, args: [link],\n"
        "     connections: [{target: Server, id: link}]}\n",
        build_folder());
    solution_yaml(solution, text);
    solution_entity(solution, "Later", "Server:link", "connect", "link", "number", "1", "blob",
                    "100000", NULL);
    solution_start(solution, NULL);
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        snprintf(text, sizeof(text), "Hostile   | %s: status %d\n", answers[i].what,
                 answers[i].status);
        solution_expect(solution, text);
    }
    solution_expect(solution, "Bystander | threads 2: 0 failures\n");
    solution_expect(solution, "Later     | blob 100000: error 0, same\n");
    ck_assert_ptr_null(strstr(solution->text, "failures\nBystander | threads 2: 1"));
    ck_assert_ptr_null(strstr(solution->text, "Server (pid"));
    solution_free(solution);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hostile");
    TCase *cases = tcase_create("hostile");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, every_malformed_message_is_answered_and_nobody_else_notices);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
