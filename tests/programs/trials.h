/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that try things: they print what did not go as it should, and end with 1 then. */
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool failed;

static inline void expect_at(int line, const char *what, long is, long wanted)
{
    if (is != wanted) {
        printf("%d: %s is %ld, not %ld\n", line, what, is, wanted);
        failed = true;
    }
}

#define EXPECT(expression, wanted)                                                                 \
    expect_at(__LINE__, #expression, (long)(expression), (long)(wanted))

struct trial {
    const char *name;
    void (*function)(void);
};

/* try_one() - of @n_trials, what is called @name; NULL: nothing. Return: what the program ends
 * with. */
static inline int try_one(const struct trial *trials, size_t n_trials, const char *name)
{
    for (size_t i = 0; name != NULL && i < n_trials; i++) {
        if (strcmp(trials[i].name, name) == 0) {
            trials[i].function();
            return failed;
        }
    }
    printf("there is nothing of this name to try\n");
    return 1;
}

/* churn_when_told() - waits for a signal before and after, so that somebody can count what there is
 * (solution_expect_nothing_left()) */
static inline void churn_when_told(void (*churn)(int n_rounds), int n_rounds)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    EXPECT(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    churn(2);
    printf("warm\n");
    EXPECT(sigwait(&set, &number), 0);
    churn(n_rounds);
    printf("churned\n");
    EXPECT(sigwait(&set, &number), 0);
}
