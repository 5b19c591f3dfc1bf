/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure COMMAND...: runs it on one core, without its standard output, and prints what it took:
 * wall and CPU time in seconds and the peak resident size in KiB, its own children included.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* seconds() - a clock that only goes on */
static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* run() - in the child: the command, on the core that we are on */
static int run(char *command[])
{
    cpu_set_t core;
    int cpu = sched_getcpu();

    CPU_ZERO(&core);
    CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &core);
    if (sched_setaffinity(0, sizeof(core), &core) != 0 ||
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0) {
        perror("measure");
        return 127;
    }
    execvp(command[0], command);
    perror(command[0]);
    return 127;
}

static double of_timeval(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char *argv[])
{
    struct rusage usage;
    double start = seconds();
    int status = 0;
    pid_t pid = argc < 2 ? -1 : fork();

    if (pid == 0) {
        _exit(run(argv + 1));
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || status != 0) {
        fprintf(stderr, "measure: it failed\n");
        return 1;
    }
    printf("%.3f %.3f %ld\n", seconds() - start,
           of_timeval(usage.ru_utime) + of_timeval(usage.ru_stime), usage.ru_maxrss);
    return 0;
}
