/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/calls/descendants.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define PROCESSES_MAX 4096

struct process {
    pid_t pid;
    pid_t parent;
    bool is_ours;
};

/* open_file() - one of a process's own in /proc */
static FILE *open_file(pid_t pid, const char *name)
{
    char path[64];

    (void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    return fopen(path, "re");
}

static pid_t parent_of(pid_t pid)
{
    FILE *file = open_file(pid, "stat");
    int parent = -1;

    if (file != NULL) {
        /* none of our programs has a parenthesis in its name */
        (void)!fscanf(file, "%*d (%*[^)]) %*c %d", &parent);
        (void)fclose(file);
    }
    return (pid_t)parent;
}

static size_t list_processes(struct process processes[PROCESSES_MAX])
{
    DIR *folder = opendir("/proc");
    size_t n = 0;

    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && n < PROCESSES_MAX) {
            processes[n++] = (struct process){.pid = pid, .parent = parent_of(pid)};
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return n;
}

/* adopt() - mark @parent and all that come from it */
static void adopt(struct process *processes, size_t n, pid_t parent)
{
    for (size_t i = 0; i < n; i++) {
        if (!processes[i].is_ours &&
            (processes[i].parent == parent || processes[i].pid == parent)) {
            processes[i].is_ours = true;
            adopt(processes, n, processes[i].pid);
        }
    }
}

static double pss_bytes(pid_t pid)
{
    char line[128];
    double kib = 0;
    FILE *file = open_file(pid, "smaps_rollup");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "Pss: %lf kB", &kib) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kib * 1024;
}

static double cpu_ns(pid_t pid)
{
    double ns = 0;
    FILE *file = open_file(pid, "schedstat");

    if (file != NULL) {
        (void)!fscanf(file, "%lf", &ns);
        (void)fclose(file);
    }
    return ns;
}

/* sum() - of what @of says about each */
static double sum(pid_t ancestor, double (*of)(pid_t pid))
{
    static struct process processes[PROCESSES_MAX];
    const size_t n = list_processes(processes);
    double total = 0;

    adopt(processes, n, ancestor);
    for (size_t i = 0; i < n; i++) {
        total += processes[i].is_ours ? of(processes[i].pid) : 0;
    }
    return total;
}

/* descendants_count_cpu() - CPU time only, which is quick */
void descendants_count_cpu(pid_t ancestor, struct descendants *ret_sum)
{
    ret_sum->cpu_ns = sum(ancestor, cpu_ns);
}

/* descendants_count() - of @ancestor, too */
void descendants_count(pid_t ancestor, struct descendants *ret_sum)
{
    ret_sum->bytes = sum(ancestor, pss_bytes);
    descendants_count_cpu(ancestor, ret_sum);
}
