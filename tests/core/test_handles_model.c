/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever entities do with their handles, in whatever order, gives them what a simple model says
 * and nothing more. The model forgets nothing and looks at everything each time.
 *
 * A run that fails is made shorter, until every step that is left is needed for it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/handles.h"
#include "tests/support/check_main.h"
#include "tests/support/handles_model.h"
#include "tests/support/random_value.h"

#define N_RUNS 100       /* 10^5 steps in all ... */
#define N_RUNS_LONG 1000 /* ... or 10^6, with CAPCHAN_LONG */

/* run() - from nothing. Return: the step that went wrong; @n_steps if none did. */
static int run(const struct step *steps, int n_steps)
{
    int i = 0;

    handles_model_begin();
    while (i < n_steps && handles_model_take(&steps[i])) {
        i++;
    }
    if (i == n_steps && !handles_model_matches()) {
        i = n_steps - 1;
    }
    return handles_model_end() ? i : 0;
}

static void fill(struct random_source *source, struct step *steps)
{
    /* How often each, of 64: much is made and sent, some is taken back. */
    static const struct {
        enum action action;
        int times;
    } often[] = {{MAKE, 6},  {COPY, 10},   {GIVE, 8},   {MAKE_BADGE, 4},    {SEND, 12},
                 {TAKE, 8},  {CLOSE, 5},   {REVOKE, 1}, {REVOKE_TIED, 3},   {NOT_SEND, 2},
                 {GUESS, 2}, {ASK_SID, 1}, {SETTLE, 1}, {CHANGE_CHANNEL, 1}};
    enum action actions[64];
    size_t n = 0;

    for (size_t i = 0; i < sizeof(often) / sizeof(often[0]); i++) {
        for (int times = 0; times < often[i].times; times++) {
            actions[n++] = often[i].action;
        }
    }
    ck_assert_uint_eq(n, 64);
    for (int i = 0; i < HANDLES_MODEL_STEPS_MAX; i++) {
        uint64_t choice = random_next(source);
        steps[i] =
            (struct step){.action = actions[choice % 64],
                          .which = (uint32_t)(choice >> 32),
                          .badge = (uint32_t)random_next(source),
                          .rights = (uint32_t)random_next(source) | (uint32_t)random_next(source),
                          .to = (uint32_t)random_next(source)};
    }
}

/* shrink() - leave out what a failure does not need. Return: how many steps are left. */
static int shrink(struct step *steps, int n_steps)
{
    static struct step fewer[HANDLES_MODEL_STEPS_MAX];

    for (int without = n_steps - 1; without >= 0; without--) {
        int n = 0;
        for (int i = 0; i < n_steps; i++) {
            if (i != without) {
                fewer[n++] = steps[i];
            }
        }
        int failed = n > 0 ? run(fewer, n) : n;
        if (failed < n) {
            n_steps = failed + 1;
            for (int i = 0; i < n_steps; i++) {
                steps[i] = fewer[i];
            }
            without = without < n_steps ? without : n_steps;
        }
    }
    return n_steps;
}

static void print(const struct step *steps, int n_steps)
{
    static const char *const names[_N_ACTIONS] = {
        "make",    "make badge", "copy",  "give",   "send",        "take",    "not send",
        "channel", "settle",     "close", "revoke", "revoke tied", "ask sid", "guess"};

    for (int i = 0; i < n_steps; i++) {
        printf("  %s which=%u badge=%u rights=%#x to=%u\n", names[steps[i].action], steps[i].which,
               steps[i].badge, steps[i].rights, steps[i].to);
    }
}

START_TEST(no_sequence_of_operations_gives_more_than_the_model_says)
{
    static struct step steps[HANDLES_MODEL_STEPS_MAX];
    struct random_source source = {.state = random_seed()};
    const int n_runs = getenv("CAPCHAN_LONG") != NULL ? N_RUNS_LONG : N_RUNS;

    for (int i = 0; i < n_runs; i++) {
        fill(&source, steps);
        int failed = run(steps, HANDLES_MODEL_STEPS_MAX);
        if (failed < HANDLES_MODEL_STEPS_MAX) {
            int n_steps = shrink(steps, failed + 1);
            print(steps, n_steps);
            ck_abort_msg("run %d goes wrong with these %d steps", i, n_steps);
        }
    }
}
END_TEST

START_TEST(ten_million_guesses_hit_nothing)
{
    const struct handles_resource resource = {.listener = INVALID_HANDLE};
    struct random_source source = {.state = random_seed()};
    unsigned n_hits = 0;
    Handle real;

    struct holder *holders = holders_new(2);
    ck_assert_ptr_nonnull(holders);
    for (int i = 0; i < 1000; i++) { /* all stale but the last, and all of them the other's */
        ck_assert_int_eq(handles_make_resource(&holders[0], &resource, &real), 0);
        ck_assert_int_eq(i < 999 ? handle_give_back(&holders[0], real) : 0, 0);
    }
    for (int i = 0; i < 5000000; i++) {
        Handle handle = (Handle)random_next(&source);
        n_hits += handle != real && capability_space_find(&holders[0].space, handle) != NULL;
        n_hits += capability_space_find(&holders[1].space, handle) != NULL;
    }
    n_hits += capability_space_find(&holders[1].space, real) != NULL;
    ck_assert_uint_eq(n_hits, 0);
    handles_give_back(&holders[0]);
    holders_free(holders, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handles_model");
    TCase *cases = tcase_create("handles_model");

    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, no_sequence_of_operations_gives_more_than_the_model_says);
    tcase_add_test(cases, ten_million_guesses_hit_nothing);
    suite_add_tcase(suite, cases);
    return check_main(suite);
}
