/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/support/family.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* family_heed_signals() - those that ask us to end are for this process, which ends the others */
void family_heed_signals(void)
{
    const struct sigaction action = {.sa_handler = interrupt};

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
}

/* family_is_interrupted() - whether we were asked to end */
bool family_is_interrupted(void)
{
    return is_interrupted != 0;
}

/* child_reset_signals() - die of them, as usual */
static void child_reset_signals(void)
{
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
}

/* family_fork() - Return: as fork(). The child is killed when this process ends. */
pid_t family_fork(struct family *family)
{
    const pid_t parent = getpid();

    if (family->n_members == FAMILY_MAX || is_interrupted != 0) {
        errno = is_interrupted != 0 ? EINTR : EAGAIN;
        return -1;
    }
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        child_reset_signals();
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
    } else if (child > 0) {
        family->members[family->n_members++] = child;
    } else {
        perror("bench: fork");
    }
    return child;
}

/* family_end() - SIGTERM, which `capchan run` passes on; all are gone afterwards */
void family_end(struct family *family)
{
    for (size_t i = 0; i < family->n_members; i++) {
        (void)kill(family->members[i], SIGTERM);
    }
    while (family->n_members > 0) {
        pid_t pid = family->members[--family->n_members];
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
}
