/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entities are killed by the kernel when the broker dies, but not what they have forked. The
 * supervisor is the subreaper of all of them: whoever is orphaned becomes its child, and it kills
 * its children until none is left.
 */
#include "broker/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/output.h"
#include "core/fd.h"

#define STATUS_SIGNAL 128
#define LINGER_MS 100 /* between attempts to kill what is left */

/* @status: the broker's exit status once it has ended */
struct supervisor {
    pid_t broker;
    int signals;
    int status;
    bool ended;
    struct output *output;
};

static int block_signals(sigset_t *ret_before)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &set, ret_before) < 0) {
        return -errno;
    }
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

/* reap() - collect who has ended. Return: whether any child is left. */
static bool reap(struct supervisor *supervisor)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == supervisor->broker) {
            supervisor->ended = true;
            supervisor->status =
                WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
            if (WIFSIGNALED(status)) {
                (void)fprintf(stderr, "capchan: the broker (pid %d) was killed by signal %d (%s)\n",
                              (int)pid, WTERMSIG(status), strsignal(WTERMSIG(status)));
            }
        }
    }
    return pid == 0;
}

/* kill_children() - kill every process that became our child */
static void kill_children(void)
{
    char line[4096];
    FILE *file = fopen("/proc/thread-self/children", "re");

    if (file == NULL) {
        return;
    }
    while (fscanf(file, "%4095s", line) == 1) {
        (void)kill((pid_t)atoi(line), SIGKILL);
    }
    (void)fclose(file);
}

/* pass_signals() - tell the broker what we were told; SIGCHLD only wakes us */
static void pass_signals(const struct supervisor *supervisor)
{
    struct signalfd_siginfo info;

    while (read(supervisor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo != SIGCHLD && !supervisor->ended) {
            (void)kill(supervisor->broker, (int)info.ssi_signo);
        }
    }
}

/* supervisor_loop() - until the broker, its entities and what they left behind are gone, and their
 * output written */
static void supervisor_loop(struct supervisor *supervisor)
{
    bool children = true;
    bool output = true;

    while (children || output) {
        struct pollfd fds[2] = {
            {.fd = supervisor->signals, .events = POLLIN},
            {.fd = output ? output_fd(supervisor->output) : -1, .events = POLLIN}};
        int r = poll(fds, 2, supervisor->ended ? LINGER_MS : -1);
        if (r < 0 && errno != EINTR) {
            return;
        }
        pass_signals(supervisor);
        children = reap(supervisor);
        if (supervisor->ended && children) {
            kill_children();
        }
        output = output && output_pump(supervisor->output);
    }
}

/* run_broker() - in the child: become the broker; it must not outlive the supervisor unnoticed */
static _Noreturn void run_broker(supervised_fn *broker, void *data, int socket, pid_t supervisor,
                                 const sigset_t *signals)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    (void)sigprocmask(SIG_SETMASK, signals, NULL);
    exit(getppid() == supervisor ? broker(data, socket) : EXIT_FAILURE);
}

/*
 * supervise() - run the broker as a child and look after everything that it starts
 * @broker: what the child does; its result is its exit status, its argument a socket for
 * output_open()
 *
 * Return: the broker's exit status; EXIT_FAILURE if it could not be started.
 */
int supervise(supervised_fn *broker, void *data, const struct supervisor_options *options)
{
    struct supervisor supervisor = {.status = EXIT_FAILURE};
    pid_t self = getpid();
    sigset_t before;
    int ends[2];

    int r = fd_pair(ends);
    if (r == 0) {
        r = output_new(ends[0], options->prefix, options->colour, options->name_width,
                       &supervisor.output);
    }
    if (r == 0) {
        supervisor.signals = block_signals(&before);
        r = supervisor.signals < 0 ? supervisor.signals : 0;
    }
    if (r != 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) {
        (void)fprintf(stderr, "capchan: cannot supervise the broker: %s\n",
                      strerror(r != 0 ? -r : errno));
        return EXIT_FAILURE;
    }
    supervisor.broker = fork();
    if (supervisor.broker == 0) {
        run_broker(broker, data, ends[1], self, &before);
    }
    fd_close(ends[1]);
    if (supervisor.broker < 0) {
        (void)fprintf(stderr, "capchan: cannot start the broker: %s\n", strerror(errno));
        supervisor.ended = true;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    supervisor_loop(&supervisor);
    output_free(supervisor.output);
    fd_close(supervisor.signals);
    return supervisor.status;
}
