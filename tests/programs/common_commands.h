/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that test entities of several kinds have: room for many channels, waiting for each
 * other, and ending. */
#pragma once

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* raise_descriptor_limit() - as far as that is allowed */
static inline void raise_descriptor_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* do_mark() - there is a file of that name from now on, for do_await() of another process */
static inline void do_mark(const char *file)
{
    FILE *stream = fopen(file, "we");

    if (stream != NULL) {
        fclose(stream);
    }
}

static inline void do_await(const char *file)
{
    while (access(file, F_OK) != 0) {
        (void)poll(NULL, 0, 5);
    }
}

static inline void do_pause(const char *milliseconds)
{
    (void)poll(NULL, 0, atoi(milliseconds));
}

/* do_sleep() - for ever */
static inline void do_sleep(const char *unused)
{
    (void)unused;
    for (;;) {
        pause();
    }
}

static inline void do_exit(const char *status)
{
    exit(atoi(status));
}

/* do_survive() - the end of the broker */
static inline void do_survive(const char *unused)
{
    (void)unused;
    (void)prctl(PR_SET_PDEATHSIG, 0);
}

/* do_be_killed() - at once, and without a chance to tidy up */
static inline void do_be_killed(const char *unused)
{
    (void)unused;
    (void)raise(SIGKILL);
}

/* Rows of a program's commands: those that nearly all of them have. */
#define COMMON_COMMANDS                                                                            \
    {"mark", true, do_mark}, {"await", true, do_await}, {"sleep", false, do_sleep},                \
    {                                                                                              \
        "exit", true, do_exit                                                                      \
    }
