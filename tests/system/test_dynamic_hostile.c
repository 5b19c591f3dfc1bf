/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that want more than their share get what the limits say, and the others what is theirs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/limits.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/holdings.h"
#include "tests/support/processes.h"

/* server() - one that runs tests/programs/dynamic.c; rival() - one that runs rival.c */
#define server(task, ...)                                                                          \
    solution_program(solution, "actor.Server", "dynamic", task, "", __VA_ARGS__, NULL)
#define rival(task, ...)                                                                           \
    solution_program(solution, "actor.Server", "rival", task, "", __VA_ARGS__, NULL)

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* number_after() - the number that follows @text in the output, which must be there */
static long number_after(const char *text)
{
    const char *at = strstr(solution->text, text);

    ck_assert_msg(at != NULL, "no '%s' in:\n%s", text, solution->text);
    return atol(at + strlen(text));
}

START_TEST(ten_thousand_names_asked_of_a_server_that_never_listens_are_no_burden)
{
    server("Mute", "sleep");
    server("Server", "take", "-", "serve", "take-all", "join");
    rival("Greedy", "await", solution->marks[0], "ask-names", "Mute 10000 20", "sleep");
    server("Client", "ask", "Server echo -", "churn", "Server echo 10", "mark", solution->marks[0],
           "churn", "Server echo 500", "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "Client | churn 500: 0 failures\n");
    pid_t broker = process_child_of(solution->pid);
    ck_assert_int_le(holdings_of(broker).n_descriptors, 64);
    ck_assert_ptr_null(strstr(solution->text, "session closed"));
}
END_TEST

START_TEST(who_keeps_asking_for_what_it_does_not_get_has_to_wait)
{
    const int n = FAILURES_AT_ONCE_MAX + FAILURES_PER_SECOND_MAX;
    char text[64];

    server("Mute", "sleep");
    snprintf(text, sizeof(text), "Mute name %d", FAILURES_AT_ONCE_MAX);
    rival("Greedy", "await", solution->marks[0], "poll", text, "mark", solution->marks[1], "poll",
          text, "sleep");
    solution_start(solution, NULL);
    int64_t start_ms = now_ms();
    fclose(fopen(solution->marks[0], "we"));
    solution_expect(solution, "Greedy | polled 256 times: 256 without an answer\n");
    free(solution->text);
    solution->text = strdup("");
    solution->text_size = 0;
    solution_expect(solution, "Greedy | polled 256 times: 256 without an answer\n");
    ck_assert_int_ge(now_ms() - start_ms,
                     (n - FAILURES_AT_ONCE_MAX) * 1000 / FAILURES_PER_SECOND_MAX - 20);
}
END_TEST

START_TEST(an_entity_publishes_256_names_and_not_one_more_of_ten_thousand)
{
    rival("Greedy", "publish-names", "1000", "see-names", "257", "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "Greedy | published 1000 names: 256 are, 744 were too many\n");
    solution_expect(solution, "Greedy | saw 256 names\n");
}
END_TEST

START_TEST(who_connects_and_never_calls_has_4096_channels_and_the_others_theirs)
{
    server("Server", "descriptors", "take", "-", "serve", "take-all", "join");
    rival("Hoarder", "hoard", "Server echo 5000", "mark", solution->marks[0], "sleep");
    server("Client", "await", solution->marks[0], "ask", "Server echo -", "number", "7", "churn",
           "Server echo 200", "sleep");
    solution_start(solution, NULL);
    solution_expect(solution, "Hoarder | hoarded 4096 channels: rcQuotaExceeded (-27)\n");
    solution_expect(solution, "Client  | number 7: 7\n");
    solution_expect(solution, "Client  | churn 200: 0 failures\n");
    ck_assert_int_eq(number_after("Hoarder | hoarded "), CHANNELS_PER_ENTITY_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dynamic_hostile");
    TCase *cases = tcase_create("dynamic_hostile");

    tcase_add_checked_fixture(cases, solution_setup, solution_teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, ten_thousand_names_asked_of_a_server_that_never_listens_are_no_burden);
    tcase_add_test(cases, who_keeps_asking_for_what_it_does_not_get_has_to_wait);
    tcase_add_test(cases, an_entity_publishes_256_names_and_not_one_more_of_ten_thousand);
    tcase_add_test(cases, who_connects_and_never_calls_has_4096_channels_and_the_others_theirs);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
