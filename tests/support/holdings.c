/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/holdings.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* holdings_of() - as they are now; nothing if there is no such process. Only compare what the same
 * process counted: a process has one descriptor more while it counts its own. */
struct holdings holdings_of(pid_t pid)
{
    struct holdings holdings = {0};
    char line[512];
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    while (folder != NULL && readdir(folder) != NULL) {
        holdings.n_descriptors++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        holdings.n_memories +=
            strstr(line, "capchan-channel") != NULL || strstr(line, "capchan-memory") != NULL;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return holdings;
}

bool holdings_are_same(struct holdings a, struct holdings b)
{
    return a.n_descriptors == b.n_descriptors && a.n_memories == b.n_memories;
}

/* holdings_settled() - what @pid holds, once that has not changed for a while: who was told of
 * something may be faster than those who have to tidy up after it */
struct holdings holdings_settled(pid_t pid)
{
    struct holdings holdings = holdings_of(pid);

    for (int same = 0; same < 10; same++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        struct holdings now = holdings_of(pid);
        same = holdings_are_same(now, holdings) ? same : 0;
        holdings = now;
    }
    return holdings;
}
