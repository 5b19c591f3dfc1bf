/* SPDX-License-Identifier: Apache-2.0 */
#include "broker/orphans.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* orphans_adopt() - become the parent of whatever our descendants leave behind. Return: 0; negative
 * errno. */
int orphans_adopt(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

/*
 * orphans_reap() - collect adopted children that have ended
 * @is_ours: whether a child is waited for by somebody else, who will; then this stops
 */
void orphans_reap(bool (*is_ours)(void *data, pid_t pid), void *data)
{
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0 ||
            is_ours(data, info.si_pid)) {
            return;
        }
        (void)waitpid(info.si_pid, NULL, WNOHANG);
    }
}

/* orphans_kill() - kill every child of this process */
void orphans_kill(void)
{
    char pid[32];
    FILE *file = fopen("/proc/thread-self/children", "re");

    while (file != NULL && fscanf(file, "%31s", pid) == 1) {
        (void)kill((pid_t)strtol(pid, NULL, 10), SIGKILL);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* orphans_end() - kill children, and the children that they leave us, until there are none */
void orphans_end(void)
{
    do {
        orphans_kill();
    } while (waitpid(-1, NULL, 0) > 0);
}
