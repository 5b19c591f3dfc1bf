/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/processes.h"

#include <check.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * processes_find() - the processes that work in @folder; zombies do not count
 * @ret_pids: the first @pids_max of them
 *
 * Return: how many there are.
 */
int processes_find(const char *folder, pid_t *ret_pids, int pids_max)
{
    DIR *proc = opendir("/proc");
    int n = 0;

    ck_assert_ptr_nonnull(proc);
    for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
        char path[PATH_MAX];
        char cwd[PATH_MAX];
        snprintf(path, sizeof(path), "/proc/%s/cwd", entry->d_name);
        ssize_t length = atoi(entry->d_name) > 0 ? readlink(path, cwd, sizeof(cwd) - 1) : -1;
        cwd[length > 0 ? length : 0] = '\0';
        if (strcmp(cwd, folder) == 0) {
            if (n < pids_max) {
                ret_pids[n] = atoi(entry->d_name);
            }
            n++;
        }
    }
    closedir(proc);
    return n;
}

int processes_in(const char *folder)
{
    return processes_find(folder, NULL, 0);
}

/* processes_expect_none_in() - all must be gone within a second */
void processes_expect_none_in(const char *folder)
{
    for (int i = 0; i < 1000 && processes_in(folder) > 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    ck_assert_int_eq(processes_in(folder), 0);
}

/* processes_children_of() - the children of @parent in the order of their birth, @pids_max at most.
 * Return: how many there are in @ret_pids. */
int processes_children_of(pid_t parent, pid_t *ret_pids, int pids_max)
{
    char path[64];
    int n = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        while (n < pids_max && fscanf(file, "%d", &ret_pids[n]) == 1) {
            n++;
        }
        fclose(file);
    }
    return n;
}

/* process_child_of() - the first child of @parent; 0 if it has none */
pid_t process_child_of(pid_t parent)
{
    pid_t child = 0;

    (void)processes_children_of(parent, &child, 1);
    return child;
}
