/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/step.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAMES_MAX 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int64_t step_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* list() - print a name, unless that was done often enough; with the lock held */
static void list(const char *name)
{
    static const char *names[NAMES_MAX];
    static unsigned counts[NAMES_MAX];
    size_t i = 0;

    while (i < NAMES_MAX - 1 && names[i] != NULL && strcmp(names[i], name) != 0) {
        i++;
    }
    names[i] = name;
    if (counts[i]++ < STEP_LISTED) {
        dprintf(STDOUT_FILENO, "step %s\n", name);
    }
}

/* leave_child() - somebody else has our descriptors, if that is wanted. Not by fork(), which takes
 * locks of the library first: whoever has them may be waiting for those that the step was reached
 * with. */
static void leave_child(void)
{
    if (getenv("CAPCHAN_FORK") != NULL && _Fork() == 0) {
        for (;;) {
            (void)pause();
        }
    }
}

/* die() - with all threads, unless the step is to be passed for now; with the lock held */
static void die(const char *name)
{
    static unsigned n_passed;
    const char *skip = getenv("CAPCHAN_SKIP");

    if (n_passed++ >= (skip != NULL ? strtoul(skip, NULL, 10) : 0)) {
        leave_child();
        dprintf(STDOUT_FILENO, "step %s at %" PRId64 "\n", name, step_now_ns());
        (void)raise(SIGKILL);
    }
}

/* step_reached() - what core/step.h calls */
void step_reached(const char *name)
{
    const char *wanted = getenv("CAPCHAN_STEP");

    if (wanted == NULL) {
        return;
    }
    pthread_mutex_lock(&lock);
    if (strcmp(wanted, "list") == 0) {
        list(name);
    } else if (strcmp(wanted, name) == 0) {
        die(name);
    }
    pthread_mutex_unlock(&lock);
}
